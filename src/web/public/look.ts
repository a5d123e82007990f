import { accentInTheDark } from '../../domain/site/accent.ts'
import type { Look } from '../../domain/site/site.ts'
import { type InlineStyle, inlineStyle, ownStyle } from '../shared/inline-style.ts'

/** The style sheets of every page of a site, ours before its own. */
export function stylesOf(look: Look): readonly InlineStyle[] {
  const theirs = cssOf(look)
  return theirs === '' ? [ownStyle()] : [ownStyle(), inlined(theirs)]
}

function cssOf({ accent, accentDark, css }: Look): string {
  const colours =
    accent === null ? '' : `:root{--accent:light-dark(${accent},${accentDark ?? accentInTheDark(accent)})}`
  return colours + (css ?? '')
}

let last: { readonly css: string; readonly style: InlineStyle } | null = null

/** There is one site, so the last one is the one. */
function inlined(css: string): InlineStyle {
  if (last?.css !== css) last = { css, style: inlineStyle('site', css) }
  return last.style
}
