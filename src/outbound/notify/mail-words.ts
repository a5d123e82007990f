import { LRUCache } from 'lru-cache'
import { markdownIn } from '../../lib/markdown.ts'
import { type Dialect, inDialect, units } from './dialect.ts'

/** What a program for mail shows of Markdown, with every style beside its tag: most drop what stands in the head. */
export function mailHtml(body: string, dir: 'ltr' | 'rtl'): string {
  return remembered(`html ${dir} ${body}`, () => htmlOf(body, dir))
}

function htmlOf(body: string, dir: 'ltr' | 'rtl'): string {
  const side = dir === 'rtl' ? 'right' : 'left'
  // What comes out of Markdown has `<` only where a tag begins.
  const html = markdownIn(body, dir).replaceAll(/<([a-z]+\d?)\b/g, (tag, name: string) => {
    const style = styles[name]?.replaceAll('{side}', side)
    return style === undefined ? tag : `${tag} style="${style}"`
  })
  return html.replaceAll(/(<pre [^>]*><code) style="[^"]*"/g, '$1 style="font:inherit"')
}

const code =
  'font-family:ui-monospace,Menlo,Consolas,monospace;font-size:14px;background-color:#f0eee8;border-radius:4px'

const styles: Readonly<Record<string, string>> = {
  p: 'margin:0 0 12px',
  ul: 'margin:0 0 12px;padding:0;padding-{side}:22px',
  ol: 'margin:0 0 12px;padding:0;padding-{side}:22px',
  li: 'margin:0 0 4px',
  a: 'color:#23407a',
  blockquote: 'margin:0 0 12px;padding:0;padding-{side}:14px;border-{side}:2px solid #e2dfd7;color:#5d6169',
  code: `${code};padding:1px 4px`,
  pre: `${code};margin:0 0 12px;padding:10px 12px;white-space:pre-wrap;text-align:left`,
  h3: 'margin:18px 0 6px;font-size:17px;line-height:1.4',
  h4: 'margin:16px 0 6px;font-size:16px;line-height:1.4',
  h5: 'margin:16px 0 6px;font-size:16px;line-height:1.4',
  h6: 'margin:16px 0 6px;font-size:16px;line-height:1.4',
  table: 'border-collapse:collapse;margin:0 0 12px',
  th: 'padding:4px 8px;border:1px solid #e2dfd7',
  td: 'padding:4px 8px;border:1px solid #e2dfd7',
  hr: 'border:0;border-top:1px solid #e2dfd7;margin:16px 0',
}

/** As one reads it, with the addresses of its links. */
export function mailText(body: string, dir: 'ltr' | 'rtl'): string {
  return remembered(`text ${dir} ${body}`, () => inDialect(asText, body, units(Infinity), dir))
}

const asText: Dialect = {
  escape: (text) => text,
  marks: { bold: ['', ''], italic: ['', ''], strike: ['~', '~'], code: ['', ''] },
  link: (label, href) => (label === href ? href : `${label} (${href})`),
  codeBlock: (text) => text,
  heading: (text) => text,
  bullet: '- ',
  quote: '> ',
  newline: '\n',
}

/** One word goes to thousands. */
function remembered(key: string, make: () => string): string {
  const known = laidOut.get(key)
  if (known !== undefined) return known
  const made = make()
  laidOut.set(key, made)
  return made
}

const laidOut = new LRUCache<string, string>({ max: 100 })
