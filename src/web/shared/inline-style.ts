import { createHash } from 'node:crypto'
import { minified, styleElement } from '../../lib/css.ts'
import type { SafeHtml } from '../../lib/markdown.ts'
import { ownSheets } from './own-sheets.ts'

/** A style sheet that stands in the page itself, so that the page is drawn as soon as it is there. */
export interface InlineStyle {
  /** The whole element. */
  readonly html: SafeHtml
  /** Its name in the page's policy: `'sha256-…'`. */
  readonly source: string
}

let own: { readonly front: InlineStyle; readonly beyond: InlineStyle } | null = null

/** Ours, for each page and for those beyond the front page. A site's own styles come in a layer after them. */
export function ownStyles(): NonNullable<typeof own> {
  if (own) return own
  const { front, beyond } = ownSheets()
  own = { front: inlined(front), beyond: inlined(beyond) }
  return own
}

export function inlineStyle(css: string): InlineStyle {
  return inlined(minified(css))
}

function inlined(css: string): InlineStyle {
  return { html: styleElement(css), source: `'sha256-${createHash('sha256').update(css).digest('base64')}'` }
}
