import { diffChars } from 'diff'

/** The one of these words that was most likely meant; null where none is within so many letters added and taken away. */
export function nearest(word: string, words: readonly string[], within: number): string | null {
  const [best] = words
    .map((each) => ({ each, letters: lettersBetween(word, each) }))
    .toSorted((a, b) => a.letters - b.letters)
  return best && best.letters <= within ? best.each : null
}

function lettersBetween(a: string, b: string): number {
  return diffChars(a, b)
    .filter(({ added, removed }) => added || removed)
    .reduce((sum, { count }) => sum + count, 0)
}
