import { XMLValidator } from 'fast-xml-parser'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { locales } from '../../../src/domain/site/site.ts'
import { readerOf } from '../../../src/domain/site/reader.ts'
import { textWidth } from '../../../src/web/shared/text-width.ts'
import { drawable, drawingOf } from '../../../src/web/pictures/layout.ts'
import { inLines } from '../../../src/web/pictures/lines.ts'
import { type Picture, incidentPicture, pagePicture } from '../../../src/web/pictures/picture.ts'
import { anyCharacter } from '../../any-character.ts'
import { sampleComponent, sampleIncident, sampleSnapshot } from '../../sample-snapshot.ts'

const down = sampleSnapshot({ components: [sampleComponent('api', 'API', 'major_outage')] })
const host = 'status.example'

function picture(more: Partial<Picture> = {}): Picture {
  return { ...pagePicture(down, readerOf(down, 'en'), host), ...more }
}

describe('a picture of the page', () => {
  test('shows the verdict, in words and as a tone, and since when it is true', () => {
    expect(picture()).toEqual({
      locale: 'en',
      dir: 'ltr',
      tone: 'major',
      word: 'Down',
      sentence: 'API is down.',
      sentenceDir: 'ltr',
      site: 'Northwind status',
      host,
      asOf: 'As of 21 November 2026 at 13:42 UTC.',
    })
  })

  test('stays the same from minute to minute, and does not look as if it were of yesterday', () => {
    const calm = sampleSnapshot({ components: [sampleComponent('api', 'API', 'operational')] })
    const later = { ...calm, asOf: '2026-11-21T15:00:00.000Z' as typeof calm.asOf, version: 12 }
    const reader = readerOf(calm, 'en')
    expect(pagePicture(later, reader, host)).toEqual(pagePicture(calm, reader, host))
    expect(pagePicture(calm, reader, host).asOf).toBe('As of Saturday, 21 November 2026.')
    expect(pagePicture({ ...calm, today: '2026-11-22' }, reader, host).asOf).toBe('As of Sunday, 22 November 2026.')
  })
})

test('a picture of an incident shows its name in its own direction, how bad it is and where it stands', () => {
  const incident = sampleIncident('one', 'Card payments fail', { severity: 'critical' })
  const reader = readerOf(down, 'fa')
  const { sentence, sentenceDir, dir, tone, word } = incidentPicture(incident, down, reader, host)
  expect({ sentence, sentenceDir, dir, tone }).toEqual({
    sentence: 'Card payments fail',
    sentenceDir: 'ltr',
    dir: 'rtl',
    tone: 'major',
  })
  expect(word).toContain(' · ')
})

describe('lines', () => {
  const room = { sizes: [72, 44], width: 1032, height: 300, stretch: 1 }

  test('break where the language breaks them, and keep punctuation with its word', () => {
    const { lines } = inLines('卡片付款目前部分中斷，網路掛鉤緩慢或異常，其他一切正常。', 'zh-Hant', room)
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(line).not.toMatch(/^[，。]/)
  })

  test('break no word of Latin or Persian', () => {
    const words = 'Card payments are partly down, webhooks (all of them) are slow, and e-mails are late.'
    const { lines } = inLines(words, 'en', room)
    expect(lines.join(' ')).toBe(words)
  })

  test('fit whatever they are told to hold', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), fc.constantFrom(...locales), (text, locale) => {
        const { size, lines } = inLines(text, locale, room)
        expect(lines.length * size * 1.3).toBeLessThanOrEqual(room.height + size)
        for (const line of lines.slice(0, -1)) expect(textWidth(line, size)).toBeGreaterThan(0)
      }),
      { numRuns: 100 },
    )
  })
})

test('a drawing is valid XML whatever things are called', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), (name) => {
      const drawing = drawingOf(picture({ sentence: name, site: name }), (text, size) => textWidth(text, size))
      expect(XMLValidator.validate(drawing)).toBe(true)
    }),
    { numRuns: 100 },
  )
})

test('what the fonts cannot write is said in the word that they can', () => {
  const holds = (text: string): boolean => !/\p{Script=Cyrillic}/u.test(text)
  expect(drawable(picture({ sentence: 'Платежи is down.', site: 'Север' }), holds)).toMatchObject({
    sentence: 'Down',
    word: '',
    site: host,
    host: '',
  })
  expect(drawable(picture({ sentence: 'API 🚀 is down.' }), holds).sentence).toBe('API is down.')
})
