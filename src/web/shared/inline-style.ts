import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { minified, styleElement } from '../../lib/css.ts'
import type { SafeHtml } from '../../lib/markdown.ts'

/** A style sheet that stands in the page itself, so that the page is drawn as soon as it is there. */
export interface InlineStyle {
  /** The whole element. */
  readonly html: SafeHtml
  /** Its name in the page's policy: `'sha256-…'`. */
  readonly source: string
}

const folder = new URL('../../../views/assets/public/', import.meta.url)

/** What the front page does without, because it is read most, and on the worst days. */
const beyondFront: readonly string[] = [
  'charts.css',
  'corrections.css',
  'developers.css',
  'instances.css',
  'ledger.css',
  'pages.css',
  'record.css',
  'reviews.css',
  'subscribe.css',
]

let own: { readonly front: InlineStyle; readonly beyond: InlineStyle } | null = null

/**
 * The sheets of `views/assets/public/`, in the order of their names. What changes with the way of reading comes in a
 * layer after them, and a site's own styles after that.
 */
export function ownStyles(): { readonly front: InlineStyle; readonly beyond: InlineStyle } {
  if (own) return own
  const sheets = readdirSync(folder).filter((name) => name.endsWith('.css'))
  const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
  const joined = (names: readonly string[]): string => names.toSorted().map(read).join('')
  const shared = sheets.filter((name) => !beyondFront.includes(name) && name !== 'ways.css')
  own = {
    front: inlineStyle(`@layer page{${joined(shared)}}@layer ways{${read('ways.css')}}`),
    beyond: inlineStyle(`@layer page{${joined(beyondFront)}}`),
  }
  return own
}

export function inlineStyle(css: string): InlineStyle {
  const small = minified(css)
  return {
    html: styleElement(small),
    source: `'sha256-${createHash('sha256').update(small).digest('base64')}'`,
  }
}
