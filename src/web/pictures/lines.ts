import { fitted, textWidth } from '../shared/text-width.ts'

/** A text in lines that fit. */
export interface Lines {
  readonly size: number
  readonly lines: readonly string[]
}

/**
 * The largest of these sizes at which the text fits into so many pixels, broken where its language breaks lines. With the
 * smallest it may lose its end. `stretch`: how much wider it really is than estimated.
 */
export function inLines(
  text: string,
  locale: string,
  { sizes, width, height, stretch }: { sizes: readonly number[]; width: number; height: number; stretch: number },
): Lines {
  const pieces = piecesOf(text, locale)
  for (const size of sizes) {
    const lines = broken(pieces, size * stretch, width)
    const most = Math.floor(height / (size * lineHeight))
    if (lines.length <= most && lines.every((line) => textWidth(line, size * stretch) <= width)) return { size, lines }
    if (size === sizes.at(-1)) {
      const rest = lines.slice(most - 1).join(' ')
      return { size, lines: [...lines.slice(0, most - 1), fitted(rest, size * stretch, width)].filter(Boolean) }
    }
  }
  return { size: 0, lines: [] }
}

export const lineHeight = 1.3

/** Words with what may not be parted from them: punctuation after, opening brackets before. */
function piecesOf(text: string, locale: string): string[] {
  const pieces: string[] = []
  let opening = ''
  for (const { segment, isWordLike } of new Intl.Segmenter(locale, { granularity: 'word' }).segment(text)) {
    if (!isWordLike && /^[\p{Ps}\p{Pi}\u2066-\u2068]+$/u.test(segment)) opening += segment
    else if (isWordLike || pieces.length === 0 || (opening !== '' && !/^\s/.test(segment))) {
      pieces.push(opening + segment)
      opening = ''
    } else pieces[pieces.length - 1] += segment
  }
  return opening ? [...pieces, opening] : joined(pieces)
}

/** What has neither a space nor a Chinese sign between is one word to readers: `e-mails`, `3.5`. */
function joined(pieces: readonly string[]): string[] {
  const words: string[] = []
  for (const piece of pieces) {
    const before = words.at(-1)
    const isOne =
      before !== undefined && !/\s$/.test(before) && !han.test(before.at(-1) ?? '') && !han.test(piece[0] ?? '')
    if (isOne) words[words.length - 1] = before + piece
    else words.push(piece)
  }
  return words
}

const han = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u

function broken(pieces: readonly string[], size: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const piece of pieces) {
    if (line !== '' && textWidth((line + piece).trimEnd(), size) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += piece
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()]
}
