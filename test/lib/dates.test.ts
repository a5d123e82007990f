import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { Instant } from '../../src/lib/clock.ts'
import { dateWords, monthBefore, nextMonth } from '../../src/lib/dates.ts'

const afternoon = '2026-11-21T14:30:00.000Z' as Instant

test.each([
  [
    'en-GB',
    'UTC',
    '21 November at 14:30',
    '14:30 UTC',
    'Friday, 20 November 2026',
    'November 2026',
    '1 hour, 12 minutes',
  ],
  [
    'fr',
    'Europe/Paris',
    '21 novembre à 15:30',
    '15:30 UTC+1',
    'vendredi 20 novembre 2026',
    'novembre 2026',
    '1 heure et 12 minutes',
  ],
  [
    'pt-BR',
    'America/Sao_Paulo',
    '21 de novembro às 11:30',
    '11:30 BRT',
    'sexta-feira, 20 de novembro de 2026',
    'novembro de 2026',
    '1 hora e 12 minutos',
  ],
  [
    'fa',
    'Asia/Tehran',
    '۳۰ آبان ساعت ۱۸:۰۰',
    '۱۸:۰۰ (‎+۳:۳۰ گرینویچ)',
    'جمعه ۲۹ آبان ۱۴۰۵',
    '۱۰ آبان تا ۹ آذر ۱۴۰۵',
    '۱ ساعت و ۱۲ دقیقه',
  ],
  ['zh-Hant', 'Asia/Taipei', '11月21日 22:30', '22:30 [GMT+8]', '2026年11月20日星期五', '2026年11月', '1 小時 12 分鐘'],
])(
  '%s says times of %s in its own words, calendar and digits',
  (formats, zone, moment, clock, day, month, duration) => {
    const words = dateWords(formats, zone)
    expect(words.moment(afternoon, '2026-11-22')).toBe(moment)
    expect(words.clock(afternoon, '2026-11-21').replace('GMT-3', 'BRT')).toBe(clock)
    expect(words.day('2026-11-20')).toBe(day)
    expect(words.month('2026-11')).toBe(month)
    expect(words.duration(4320).replaceAll('\u00a0', ' ')).toBe(duration)
  },
)

test.each([
  [
    'fa',
    'Asia/Tehran',
    '۱ آذر ۱۴۰۵، ۰۱:۳۰ تا ۰۳:۰۰ (+۳:۳۰ گرینویچ)',
    '۱ آذر ۱۴۰۵ ساعت ۰۱:۳۰ تا ۲ آذر ۱۴۰۵ ساعت ۰۰:۳۰ (+۳:۳۰ گرینویچ)',
  ],
  [
    'fr',
    'Asia/Tehran',
    '22 novembre 2026, 01:30 – 03:00 UTC+3:30',
    '22 novembre 2026 à 01:30 – 23 novembre 2026 à 00:30 UTC+3:30',
  ],
  [
    'zh-Hant',
    'Asia/Tehran',
    '2026/11/22 01:30 – 03:00 [GMT+3:30]',
    '2026年11月22日 01:30 – 2026年11月23日 00:30 [GMT+3:30]',
  ],
])('%s says a window of %s with its zone once, and its hours as any others', (formats, zone, short, overMidnight) => {
  const words = dateWords(formats, zone)
  const said = (until: string) =>
    words
      .window('2026-11-21T22:00:00.000Z' as Instant, until as Instant)
      .replaceAll(/[\u200e\u200f]/g, '')
      .replaceAll(/\s/g, ' ')
  expect(said('2026-11-21T23:30:00.000Z')).toBe(short)
  expect(said('2026-11-22T21:00:00.000Z')).toBe(overMidnight)
})

test('a moment is as short as today allows', () => {
  const words = dateWords('en-GB', 'UTC')
  expect(words.moment(afternoon, '2026-11-21')).toBe('14:30')
  expect(words.moment(afternoon, '2027-01-01')).toBe('21 November 2026 at 14:30')
})

test('today is counted in the zone of the site', () => {
  const late = '2026-11-21T23:30:00.000Z' as Instant
  expect(dateWords('en-GB', 'Asia/Tokyo').moment(late, '2026-11-22')).toBe('08:30')
})

test.each([
  [0, '0 seconds'],
  [12, '12 seconds'],
  [59.7, '1 minute'],
  [90, '2 minutes'],
  [3590, '1 hour'],
  [86_399, '1 day'],
  [90_000, '1 day, 1 hour'],
  [86_460, '1 day'],
])('%s seconds are %s', (seconds, words) => {
  expect(dateWords('en-GB', 'UTC').duration(seconds)).toBe(words)
})

test('weeks begin where the reader expects', () => {
  expect(dateWords('en-GB', 'UTC').placeInWeek('2026-11-22')).toBe(6)
  expect(dateWords('pt-BR', 'UTC').placeInWeek('2026-11-22')).toBe(0)
  expect(dateWords('fa', 'UTC').placeInWeek('2026-11-21')).toBe(0)
})

test('months follow each other over the turn of the year', () => {
  expect(nextMonth('2026-12')).toBe('2027-01')
  expect(nextMonth('2026-01')).toBe('2026-02')
  expect(monthBefore('2026-01')).toBe('2025-12')
})

test('the zone is named in the language', () => {
  expect(dateWords('en-GB', 'UTC').zoneName).toBe('Coordinated Universal Time')
  expect(dateWords('fr', 'Europe/Paris').zoneName).toBe('heure d’Europe centrale')
})

test('a moment says its year where the reader’s calendar has another one today', () => {
  const [english, persian] = [dateWords('en-GB', 'UTC'), dateWords('fa', 'UTC')]
  const march = '2026-03-01T09:00:00.000Z' as Instant
  expect(english.moment(march, '2026-03-25')).toBe('1 March at 09:00')
  expect(persian.moment(march, '2026-03-25')).toBe('۱۰ اسفند ۱۴۰۴ ساعت ۰۹:۰۰')
  const december = '2025-12-20T09:00:00.000Z' as Instant
  expect(english.moment(december, '2026-01-05')).toBe('20 December 2025 at 09:00')
  expect(persian.moment(december, '2026-01-05')).toBe('۲۹ آذر ساعت ۰۹:۰۰')
})

test('of readers in all zones, written in whatever way, the words of the last ones are kept and no others', async () => {
  const zones = Intl.supportedValuesOf('timeZone')
    .slice(0, 80)
    .flatMap((zone) => [zone, zone.toLowerCase()])
  const made = zones.map((zone) => new WeakRef<object>(dateWords('fr', zone)))
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  // What was looked at in this turn is kept until its end.
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  const kept = made.filter((one) => one.deref() !== undefined)
  expect(kept.length).toBeLessThanOrEqual(100)
  expect(dateWords('fr', zones.at(-1) ?? '')).toBe(kept.at(-1)?.deref())
})
