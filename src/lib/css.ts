import { type ChildNode, CssSyntaxError, type Root, parse } from 'postcss'
import type { SafeHtml } from './markdown.ts'

/** A style sheet in fewer bytes: without comments, and without white space that says nothing. Throws where it is no CSS. */
export function minified(css: string): string {
  const root = parse(css)
  root.walkComments((comment) => void comment.remove())
  root.walk(tighten)
  root.raws = { after: '' }
  return root.toString()
}

/** The element that holds a style sheet in a page: its text ends where the element does, and not before. */
export function styleElement(css: string): SafeHtml {
  if (css.includes('</')) throw new Error('A style sheet may not end its own element.')
  return `<style>${css}</style>` as SafeHtml
}

/** What is wrong with somebody's style sheet for a page that loads nothing; null: nothing is. */
export function cssFault(css: string): string | null {
  // In a page, a style sheet ends where its element does.
  if (css.includes('</') || css.includes('<!')) return 'must not hold “</” or “<!”'
  try {
    return loadingFault(parse(css))
  } catch (error) {
    if (!(error instanceof CssSyntaxError)) throw error
    return `is no style sheet: line ${error.line ?? 1}, ${error.reason.toLowerCase()}`
  }
}

const forbidden = /^(?:import|charset|namespace|font-face)$/i

function loadingFault(root: Root): string | null {
  const faults: string[] = []
  root.walk((node) => {
    if (node.type === 'atrule' && forbidden.test(node.name)) {
      faults.push(`must not hold @${node.name.toLowerCase()}: the page loads nothing`)
    }
    const text = node.type === 'decl' ? node.value : node.type === 'atrule' ? node.params : ''
    // An address can be hidden behind escapes, `\75rl(…)`: no value that people write needs both.
    if (text.includes('\\') && text.includes('(')) faults.push('must not hold an escape in a value with brackets')
    for (const [, address = ''] of text.matchAll(/(?:url|src|image|image-set)\(\s*["']?([^"')]*)/gi)) {
      if (!/^(?:data:image\/|#|$)/i.test(address)) faults.push(`must not load “${address}”: the page loads nothing`)
    }
  })
  return faults[0] ?? null
}

function tighten(node: ChildNode): void {
  switch (node.type) {
    case 'rule':
      node.raws = { before: '', between: '', after: '', semicolon: false }
      node.selector = outsideStrings(node.selector, (text) =>
        text.replaceAll(/\s+/g, ' ').replaceAll(/ ?([,>]) ?/g, '$1'),
      )
      break
    case 'atrule':
      node.raws = { before: '', afterName: node.params === '' ? '' : ' ', between: '', after: '', semicolon: false }
      node.params = outsideStrings(node.params, (text) => text.replaceAll(/\s+/g, ' ').replaceAll(/ ?([,:]) ?/g, '$1'))
      break
    case 'decl':
      node.raws = { before: '', between: ':', ...(node.important ? { important: '!important' } : {}) }
      // An empty custom property is a space.
      node.value = outsideStrings(node.value.trim() || ' ', (text) =>
        text
          .replaceAll(/\s+/g, ' ')
          .replaceAll(/, /g, ',')
          .replaceAll(/\( | (?=\))/g, (bracket) => bracket.trim())
          .replaceAll(/(?<![\w.#-])0(?=\.\d)/g, ''),
      )
      break
    case 'comment':
      break
  }
}

function outsideStrings(text: string, work: (text: string) => string): string {
  return text.replaceAll(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|[^"']+/g, (found, quoted) =>
    quoted ? found : work(found),
  )
}
