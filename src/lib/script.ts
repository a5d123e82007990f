/** What depends on the letters that a text is written in, and not on its language. */

const foreign = String.raw`\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Nd}\x21-\x7e`
// A bracket stands close to what is in it, and a point close to what it ends.
const between = new RegExp(`(?:\\p{Script=Han}|[[${foreign}]--[\\(\\[\\{]])$`, 'v')
const begins = new RegExp(`^(?:\\p{Script=Han}|[[${foreign}]--[\\)\\]\\},.:;!?]])`, 'v')
const isHan = /\p{Script=Han}/u

/** Chinese has no spaces between words, but a thin one where its characters meet letters or digits of other scripts. */
export function hasGaps(locale: string): boolean {
  return ['Hant', 'Hans'].includes(new Intl.Locale(locale).maximize().script ?? '')
}

/** The pieces of a sentence with those spaces between them. */
export function withGaps<Piece extends string | { readonly text: string }>(pieces: readonly Piece[]): (Piece | ' ')[] {
  return pieces.flatMap((piece, index) => {
    const before = pieces[index - 1]
    return before !== undefined && gapBetween(textOf(before), textOf(piece)) ? [' ' as const, piece] : [piece]
  })
}

function textOf(piece: string | { readonly text: string }): string {
  return typeof piece === 'string' ? piece : piece.text
}

function gapBetween(left: string, right: string): '' | ' ' {
  const last = between.exec(left)?.[0]
  const first = begins.exec(right)?.[0]
  return last && first && isHan.test(last) !== isHan.test(first) ? ' ' : ''
}

const turned = String.raw`\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}`
const toTheLeft = new RegExp(`[${turned}]`, 'u')
const toTheRight = new RegExp(`[\\p{L}--[${turned}]]`, 'v')

/** Whether letters of both directions meet in a text. */
export function isMixed(text: string): boolean {
  return toTheLeft.test(text) && toTheRight.test(text)
}

/** The direction of its first letter that is not apart from the rest; null where it has no letter. */
export function beginsIn(text: string): 'ltr' | 'rtl' | null {
  const letter = /\p{L}/u.exec(text.replaceAll(/\u2068[^\u2068\u2069]*\u2069/g, ''))?.[0]
  if (letter === undefined) return null
  return toTheLeft.test(letter) ? 'rtl' : 'ltr'
}

/** Whether it has letters, and all of them of the other direction. */
export function isAgainst(text: string, direction: 'ltr' | 'rtl'): boolean {
  return direction === 'rtl'
    ? toTheRight.test(text) && !toTheLeft.test(text)
    : toTheLeft.test(text) && !toTheRight.test(text)
}

/** A piece of plain text that lies in a text of another direction and moves none of it: U+2068 and U+2069. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`
}
