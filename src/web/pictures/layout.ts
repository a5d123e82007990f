import { colours, shapeOf } from '../shared/marks.ts'
import { fitted, textWidth } from '../shared/text-width.ts'
import { xmlText } from '../shared/xml.ts'
import { inLines, lineHeight } from './lines.ts'
import type { Picture } from './picture.ts'

export const width = 1200
export const height = 630
const margin = 84
const inner = width - 2 * margin
const paper = '#fbfaf7'
const ink = '#1c1e22'
const soft = '#5d6169'

/** The width of a text as it is drawn, in the weight of sentences. */
export type Measure = (text: string, size: number) => number

/** A page in miniature: whose it is, how things are, and when that was true; in the reader's direction. */
export function drawingOf(picture: Picture, measure: Measure): string {
  const { tone, word, sentence, sentenceDir, site, host, asOf, dir, locale } = picture
  const start = dir === 'rtl' ? width - margin : margin
  const end = width - start
  const mark = 44
  const markAt = dir === 'rtl' ? start - mark : start
  const wordAt = dir === 'rtl' ? start - mark - 20 : start + mark + 20
  const { size, lines } = inLines(sentence, locale, {
    sizes: [72, 64, 56, 50, 44],
    width: inner,
    height: 300,
    stretch: stretchOf(sentence, measure),
  })
  // In the middle of what is left between the word and the rule.
  const top = 366 + size * 0.36 - ((lines.length - 1) * size * lineHeight) / 2
  // What is long ends sooner, and leaves room for what stands across from it.
  const whose = fitted(site, 34, inner * 0.95)
  const when = fitted(asOf, 24, inner * 0.64)
  const where = fitted(host, 24, inner * 0.34)
  const write = (text: string, x: number, y: number, more: Omit<Style, 'dir' | 'own'>, own = dir) =>
    writing(text, x, y, { ...more, dir, own })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" xml:lang="${locale}">`,
    `<rect width="${width}" height="${height}" fill="${paper}"/>`,
    `<rect x="${dir === 'rtl' ? width - 20 : 0}" width="20" height="${height}" fill="${colours[tone]}"/>`,
    write(whose, start, 108, { size: 34, weight: 'half', colour: ink }),
    `<g transform="translate(${markAt} 152) scale(${mark / 16})">${shapeOf(tone, { fill: colours[tone], sign: '#fff' })}</g>`,
    write(word, wordAt, 186, { size: 34, weight: 'half', colour: colours[tone] }),
    ...lines.map((line, index) =>
      write(
        line,
        start,
        Math.round(top + index * size * lineHeight),
        { size, weight: 'half', colour: ink },
        sentenceDir,
      ),
    ),
    `<path d="M${margin} 540h${inner}" stroke="#e2dfd7" stroke-width="2"/>`,
    write(when, start, 586, { size: 26, weight: 'regular', colour: soft }),
    write(where, end, 586, { size: 26, weight: 'regular', colour: soft, from: 'end' }),
    '</svg>',
  ].join('')
}

/** How much wider a text really is than it was estimated to be. */
function stretchOf(text: string, measure: Measure): number {
  return text === '' ? 1 : (measure(text, 100) / textWidth(text, 100)) * 1.01
}

interface Style {
  readonly size: number
  readonly weight: 'regular' | 'half'
  readonly colour: string
  readonly dir: 'ltr' | 'rtl'
  /** That of the text itself. */
  readonly own: 'ltr' | 'rtl'
  readonly from?: 'end'
}

const chinese = /\p{Script=Han}/u

/** Anchors know nothing of directions here, so they are turned; and each line says its own (U+2066, U+2067, U+2069). */
export function writing(text: string, x: number, y: number, { size, weight, colour, dir, own, from }: Style): string {
  const isRight = (dir === 'rtl') !== (from === 'end')
  // The Chinese font has one weight: a rim makes it bold, and the Latin beside it alike.
  const isRimmed = weight === 'half' && chinese.test(text)
  const family =
    weight === 'half' && !isRimmed ? 'font-family="Vazirmatn SemiBold" font-weight="600"' : 'font-family="Vazirmatn"'
  const rim = isRimmed ? ` stroke="${colour}" stroke-width="${(size / 38).toFixed(2)}"` : ''
  const turned = `${own === 'rtl' ? '\u2067' : '\u2066'}${text}\u2069`
  return `<text x="${x}" y="${y}" ${family} font-size="${size}" fill="${colour}"${rim}${isRight ? ' text-anchor="end"' : ''}>${xmlText(turned)}</text>`
}

/** Only what the fonts hold: a sentence with letters that they do not is replaced by the word, a name by the address. */
export function drawable(picture: Picture, holds: (text: string) => boolean): Picture {
  const tidy = (text: string): string =>
    text
      .replaceAll(/[\p{So}\p{Cs}\p{Co}\u{fe0f}\u{200d}]+/gu, '')
      .replaceAll(/\s+/g, ' ')
      .trim()
  const isSaid = holds(picture.sentence)
  return {
    ...picture,
    sentence: isSaid ? tidy(picture.sentence) : picture.word,
    word: isSaid ? picture.word : '',
    sentenceDir: isSaid ? picture.sentenceDir : picture.dir,
    site: holds(picture.site) ? tidy(picture.site) : picture.host,
    host: holds(picture.site) ? picture.host : '',
  }
}
