import { contrast, layered, nearest, parseColour } from '../../lib/colours.ts'

export type Scheme = 'light' | 'dark'

/** What the accent stands on, and how strongly it tints what a promise is written on: as in `views/assets/public/`. */
export const grounds: Readonly<Record<Scheme, readonly string[]>> = {
  light: ['#fbfaf7', '#ffffff'],
  dark: ['#14161a', '#1b1e24'],
}
export const tint = 0.09
/** WCAG 2.2, 1.4.3: of text. */
const enough = 4.5

/** Whether a colour can be read wherever the page writes with it. */
export function isReadable(colour: string, scheme: Scheme): boolean {
  return lowest(colour, scheme) >= enough
}

/** What is wrong with an accent, as the end of a sentence, with the nearest that can be read; null: nothing is. */
export function accentFault(text: string, scheme: Scheme): string | null {
  const colour = parseColour(text)
  if (!colour) return 'must be a colour such as #23407a'
  if (isReadable(colour, scheme)) return null
  const instead = nearest(colour, (candidate) => isReadable(candidate, scheme))
  // Rounded down: 4.46 is not “4.5 where 4.5 is needed”.
  const found = (Math.floor(lowest(colour, scheme) * 10) / 10).toFixed(1)
  return `must be read on the ${scheme} page: its contrast is ${found} to 1 and has to be ${enough} to 1. The nearest colour that passes is ${instead}`
}

/** The same hue for the dark page. */
export function accentInTheDark(colour: string): string {
  return nearest(colour, (candidate) => isReadable(candidate, 'dark')) ?? colour
}

function lowest(colour: string, scheme: Scheme): number {
  const behind = grounds[scheme].flatMap((ground) => [ground, layered(colour, ground, tint)])
  return Math.min(...behind.map((ground) => contrast(colour, ground)))
}
