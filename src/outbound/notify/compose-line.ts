import { LRUCache } from 'lru-cache'
import { plainText } from '../../lib/markdown.ts'
import { isMixed, isolated } from '../../lib/script.ts'

/** What somebody wrote as one line of ours: no line ends, and nothing that turns what stands around it. */
export function line(text: string): string {
  return text
    .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}

/** Where it would be longer than anybody reads: its beginning. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text
  const begin = [...graphemes.segment(text.slice(0, most))].slice(0, -1).map(({ segment }) => segment)
  return `${begin.join('').trimEnd()}…`
}

/** The beginning of a text without its marks, for lists of mails; thousands of letters begin with the same. */
export function glance(markdown: string): string {
  const known = glances.get(markdown)
  if (known !== undefined) return known
  const text = clipped(plainText(markdown), 140)
  glances.set(markdown, text)
  return text
}

const glances = new LRUCache<string, string>({ max: 100 })

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Pieces of one line that do not move each other where directions meet. */
export function beside(...pieces: readonly string[]): string {
  const some = pieces.filter((piece) => piece !== '')
  return (isMixed(some.join('')) ? some.map(isolated) : some).join(' · ')
}

/** A text that means nothing to Markdown. */
export function literally(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`)
}

export function quoted(markdown: string): string {
  return markdown
    .split(/\r\n|[\r\n]/)
    .map((row) => `> ${row}`)
    .join('\n')
}
