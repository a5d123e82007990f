import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { minified } from '../../lib/css.ts'

/** A style sheet that stands in the page itself, so that the page is drawn as soon as it is there. */
export interface InlineStyle {
  readonly css: string
  /** Its name in the page's policy: `'sha256-…'`. */
  readonly source: string
}

const folder = new URL('../../../views/assets/public/', import.meta.url)
let own: InlineStyle | null = null

/** The sheets of `views/assets/public/`, in the order of their names, in a layer that a site's own styles come after. */
export function ownStyle(): InlineStyle {
  const sheets = () => readdirSync(folder).filter((name) => name.endsWith('.css'))
  const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
  return (own ??= inlineStyle('page', sheets().toSorted().map(read).join('')))
}

export function inlineStyle(layer: 'page' | 'site', css: string): InlineStyle {
  const layered = minified(`@layer ${layer}{${css}}`)
  return { css: layered, source: `'sha256-${createHash('sha256').update(layered).digest('base64')}'` }
}
