import { expect, test } from 'vitest'
import { type Piece, difference } from '../../src/lib/difference.ts'

const marks = { same: '', removed: '-', added: '+' } as const
const shown = (pieces: readonly Piece[]): string =>
  pieces.map(({ kind, text }) => (kind === 'same' ? text : `[${marks[kind]}${text}]`)).join('')

test.each([
  [
    'en',
    'Searches fail since 12:40.',
    'Searches are slow since 12:31.',
    'Searches [-fail ][+are slow ]since [-12:40][+12:31].',
  ],
  ['en', 'Cards fail.\n\nWe look.', 'Cards fail.\n\nWe know.', 'Cards fail.\n\nWe [-look][+know].'],
  ['en', 'It took 1.5 hours.', 'It took 2.5 hours.', 'It took [-1.5][+2.5] hours.'],
  ['en', 'One.', 'One.', 'One.'],
  ['en', '', 'New.', '[+New.]'],
  [
    'fa',
    'پرداخت‌های کارتی از ساعت ۱۲:۴۰ ناموفق است.',
    'برخی پرداخت‌های کارتی از ساعت ۱۲:۳۱ ناموفق بود.',
    '[+برخی ]پرداخت‌های کارتی از ساعت [-۱۲:۴۰][+۱۲:۳۱] ناموفق [-است][+بود].',
  ],
  [
    'zh-Hant',
    '信用卡付款失敗，我們正在調查。',
    '信用卡付款緩慢，我們正在調查原因。',
    '信用卡付款[-失敗][+緩慢]，我們正在調查[+原因]。',
  ],
])('in %s, what changed is shown by words', (locale, before, after, expected) => {
  expect(shown(difference(before, after, locale))).toBe(expected)
})

test('both texts can be read from a difference', () => {
  const before = 'We look into it, with two of us. '.repeat(40)
  const after = 'We know what it was, and two of us repair it. '.repeat(30)
  const pieces = difference(before, after, 'en')
  const without = (kind: Piece['kind']) => pieces.flatMap((one) => (one.kind === kind ? [] : one.text)).join('')
  expect(without('added')).toBe(before)
  expect(without('removed')).toBe(after)
})

test('two long texts that share nothing cost next to nothing', () => {
  const before = Array.from({ length: 4000 }, (_, index) => `a${index}`).join(' ')
  const after = Array.from({ length: 4000 }, (_, index) => `b${index}`).join(' ')
  expect(difference(before, after, 'en').map(({ kind }) => kind)).toEqual(['removed', 'added'])
})
