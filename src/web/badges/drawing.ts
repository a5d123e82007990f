import type { Rendered } from '../shared/document.ts'
import { type Reader, directionOf } from '../../domain/site/reader.ts'
import { colours, shapeOf } from '../shared/marks.ts'
import { forAllOrigins } from '../shared/page-headers.ts'
import { xmlText } from '../shared/xml.ts'
import type { Badge } from './badge.ts'
import { fitted, textWidth } from '../shared/text-width.ts'

const size = 11
const height = 20
const padding = 7
const shape = 10
/** A badge stands in a line of text. */
const room = 220
const ground = '#3d4148'
const figure = '#23407a'
const fonts = 'ui-sans-serif,system-ui,-apple-system,Segoe UI,Roboto,Noto Sans,Helvetica,Arial,sans-serif'

/**
 * Of whom, then what: a shape, a word, and a colour that only repeats them. Widths are told, because nobody knows the
 * reader's fonts: where they differ the text is stretched a little, and never cut or spilled.
 */
export function svg({ name, message, tone }: Badge, reader: Reader): Rendered {
  const colour = colourOf(tone)
  const marked = tone === 'figure' ? 0 : shape + 5
  const left = textOf(name.text)
  const right = textOf(message)
  const [first, second] = [left.width + 2 * padding, right.width + marked + 2 * padding]
  const width = first + second
  const isLeftToRight = reader.dir === 'ltr'
  const [nameAt, messageAt] = isLeftToRight ? [0, first] : [second, 0]
  const shapeAt = isLeftToRight ? first + padding : second - padding - shape
  const wordsAt = messageAt + padding + (isLeftToRight ? marked : 0)
  const said = xmlText(`${name.text}: ${message}`)
  const body = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${said}" xml:lang="${reader.locale}">`,
    `<title>${said}</title>`,
    `<clipPath id="c"><rect width="${width}" height="${height}" rx="4"/></clipPath>`,
    `<g clip-path="url(#c)"><path fill="${ground}" d="M${nameAt} 0h${first}v${height}h-${first}z"/><path fill="${colour}" d="M${messageAt} 0h${second}v${height}h-${second}z"/></g>`,
    tone === 'figure'
      ? ''
      : `<g transform="translate(${shapeAt} 5) scale(${shape / 16})">${shapeOf(tone, { fill: '#fff', sign: colour })}</g>`,
    `<g fill="#fff" font-family="${fonts}" font-size="${size}" font-weight="600" text-rendering="geometricPrecision">`,
    textAt(nameAt + padding, left, name.lang ?? reader.locale),
    textAt(wordsAt, right, reader.locale),
    '</g></svg>',
  ].join('')
  return {
    contentType: 'image/svg+xml; charset=utf-8',
    body,
    headers: { ...forAllOrigins, 'content-language': reader.locale },
  }
}

interface Text {
  readonly words: string
  readonly width: number
}

function textOf(text: string): Text {
  const words = fitted(text.replaceAll(/\s+/g, ' ').trim(), size, room)
  return { words, width: Math.ceil(textWidth(words, size)) }
}

/** Anchored in its middle, so that the direction of its letters does not move it. */
function textAt(x: number, { words, width }: Text, locale: string): string {
  return `<text x="${x + width / 2}" y="14" text-anchor="middle" textLength="${width}" lengthAdjust="spacingAndGlyphs" direction="${directionOf(locale)}" xml:lang="${locale}">${xmlText(words)}</text>`
}

/** For the endpoint badge of shields.io, schema 1: whoever styles it there cannot paint trouble green. */
export function shields({ name, message, tone }: Badge, reader: Reader): Rendered {
  const isGood = tone === 'ok' || tone === 'figure'
  return {
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify({
      schemaVersion: 1,
      label: name.text,
      message,
      color: colourOf(tone),
      labelColor: ground,
      ...(isGood ? {} : { isError: true }),
      cacheSeconds: 300,
    }),
    headers: { ...forAllOrigins, 'content-language': reader.locale },
  }
}

function colourOf(tone: Badge['tone']): string {
  return tone === 'figure' ? figure : colours[tone]
}
