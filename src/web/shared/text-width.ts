/** Advances of Helvetica from space to tilde, in thousandths of the size. Fonts of systems differ from it by a tenth. */
// prettier-ignore
const latin = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278,
  556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556,
  1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778,
  667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556,
  333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556,
  556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]
/** System fonts, half bold. */
const wider = 1.06

const joined: readonly [letters: RegExp, advance: number][] = [
  [/[\p{M}\p{Cf}\p{Cc}]/u, 0],
  // A square each.
  [
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\u3000-\u303f\uff01-\uff60]/u,
    1000 / wider,
  ],
  [/\p{Script=Hangul}/u, 920],
  [/\p{Emoji_Presentation}/u, 1250],
  [/[اآأإلر.زژدذو،؛]/u, 300],
  [/[سشصضكکگ]/u, 760],
  [/\p{Script=Arabic}/u, 530],
  [/\p{Lu}/u, 700],
]

/** How wide a text is, in pixels, as near as one can know without the reader's fonts. */
export function textWidth(text: string, size: number): number {
  let thousandths = 0
  for (const sign of text.normalize('NFD')) {
    const known = latin[(sign.codePointAt(0) ?? 0) - 32]
    thousandths += known ?? joined.find(([letters]) => letters.test(sign))?.[1] ?? 560
  }
  return (thousandths * size * wider) / 1000
}

/** The text, or as much of its beginning as fits, cut between what readers see as signs. */
export function fitted(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text
  let kept = ''
  let left = room - textWidth('…', size)
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    left -= textWidth(segment, size)
    if (left < 0) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}
