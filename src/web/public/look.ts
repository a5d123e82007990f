import { accentInTheDark } from '../../domain/site/accent.ts'
import type { Look } from '../../domain/site/site.ts'
import { type InlineStyle, inlineStyle, ownStyles } from '../shared/inline-style.ts'

/** The style sheets of a page, ours before the site's own; those of all pages are what its policy allows. */
export function stylesOf(look: Look, page: 'front' | 'all'): readonly InlineStyle[] {
  const { front, beyond } = ownStyles()
  const theirs = cssOf(look)
  return [front, ...(page === 'front' ? [] : [beyond]), ...(theirs === '' ? [] : [inlined(theirs)])]
}

function cssOf({ accent, accentDark, css }: Look): string {
  const colours =
    accent === null ? '' : `:root{--accent:light-dark(${accent},${accentDark ?? accentInTheDark(accent)})}`
  return colours + (css ?? '')
}

let last: { readonly css: string; readonly style: InlineStyle } | null = null

/** There is one site, so the last one is the one. */
function inlined(css: string): InlineStyle {
  if (last?.css !== css) last = { css, style: inlineStyle(`@layer site{${css}}`) }
  return last.style
}
