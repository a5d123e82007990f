import { describe, expect, test } from 'vitest'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import { announceMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { changeSite } from '../../../src/domain/site/commands.ts'
import { secondsOf, tallyDay } from '../../../src/domain/status/days.ts'
import { type Instant, later, secondsBetween } from '../../../src/lib/clock.ts'
import { dateWords } from '../../../src/lib/dates.ts'
import { addDays, dayOf, startOfDay } from '../../../src/lib/days.ts'
import { desk } from '../desk.ts'

const at = (text: string): Instant => `${text}:00.000Z` as Instant
const [ever, never] = [at('1970-01-01T00:00'), at('2100-01-01T00:00')]

/** Days on which clocks changed, and how many seconds they had: also those of rules that no longer are. */
const changes = [
  ['Europe/Lisbon', '2026-03-29', -3600],
  ['Europe/Lisbon', '2026-10-25', 3600],
  ['Europe/Lisbon', '2027-03-28', -3600],
  ['Europe/Lisbon', '2027-10-31', 3600],
  ['America/Sao_Paulo', '2018-02-17', 3600],
  ['America/Sao_Paulo', '2018-11-04', -3600],
  ['America/Sao_Paulo', '2019-02-16', 3600],
  ['America/Sao_Paulo', '2019-11-03', 0],
  ['America/Sao_Paulo', '2026-11-01', 0],
  ['Asia/Tehran', '2021-03-22', -3600],
  ['Asia/Tehran', '2021-09-21', 3600],
  ['Asia/Tehran', '2022-03-22', -3600],
  ['Asia/Tehran', '2022-09-21', 3600],
  ['Asia/Tehran', '2023-03-22', 0],
  ['Asia/Tehran', '2026-09-21', 0],
  ['Australia/Lord_Howe', '2026-04-05', 1800],
  ['Australia/Lord_Howe', '2026-10-04', -1800],
  ['Australia/Lord_Howe', '2027-04-04', 1800],
] as const

describe.each(changes)('%s, %s', (zone, day, shift) => {
  test(`has 86400 ${shift < 0 ? '−' : '+'} ${Math.abs(shift)} seconds, and its neighbours have all of theirs`, () => {
    expect(secondsOf(day, zone, ever, never)).toBe(86_400 + shift)
    expect(secondsOf(addDays(day, -1), zone, ever, never)).toBe(86_400)
    expect(secondsOf(addDays(day, 1), zone, ever, never)).toBe(86_400)
  })

  test('work that lasts the whole day is counted to the second, once', () => {
    const span = {
      status: 'under_maintenance',
      beganAt: startOfDay(day, zone),
      endedAt: startOfDay(addDays(day, 1), zone),
    } as const
    expect(tallyDay([span, span], day, zone, never).maintenance).toBe(86_400 + shift)
    expect(tallyDay([span], addDays(day, -1), zone, never).maintenance).toBe(0)
    expect(tallyDay([span], addDays(day, 1), zone, never).maintenance).toBe(0)
  })

  test('work from the evening before into the morning after is as long as the three days say', () => {
    const from = later(startOfDay(day, zone), -5400)
    const until = later(startOfDay(addDays(day, 1), zone), 1800)
    const span = { status: 'under_maintenance', beganAt: from, endedAt: until } as const
    const days = [-1, 0, 1].map((by) => tallyDay([span], addDays(day, by), zone, never).maintenance)
    expect(days).toEqual([5400, 86_400 + shift, 1800])
    expect(days.reduce((sum, seconds) => sum + seconds, 0)).toBe(secondsBetween(from, until))
    expect([dayOf(from, zone), dayOf(until, zone)]).toEqual([addDays(day, -1), addDays(day, 1)])
  })
})

test.each([
  ['Europe/Lisbon', '2027-03-27T23:00', '2027-03-28T03:00', { '2027-03-27': 3600, '2027-03-28': 10_800 }],
  ['Europe/Lisbon', '2027-10-30T22:00', '2027-10-31T03:00', { '2027-10-30': 3600, '2027-10-31': 14_400 }],
  ['Australia/Lord_Howe', '2027-04-03T12:30', '2027-04-03T16:30', { '2027-04-03': 1800, '2027-04-04': 12_600 }],
])('in %s planned work through the night of a change is left out of both days', async (zone, from, until, expected) => {
  const here = await desk()
  await here.does((it) => changeSite(it, { zone }))
  await here.does((it) =>
    announceMaintenance(it, {
      name: 'Night work',
      body: 'Search rests.',
      plannedFrom: at(from),
      plannedUntil: at(until),
      components: [here.search],
    }),
  )
  here.clock.set(at(from))
  await advanceMaintenances(here)
  here.clock.set(at(until))
  await advanceMaintenances(here)
  const rows = await here.db
    .selectFrom('component_days')
    .select(['day', 'maintenance'])
    .where('component_id', '=', here.search)
    .orderBy('day')
    .execute()
  expect(Object.fromEntries(rows.map(({ day, maintenance }) => [day, maintenance]))).toEqual(expected)
})

test.each([
  [
    'en-GB',
    'Europe/Lisbon',
    '2026-10-24T23:30',
    '2026-10-25T02:30',
    '25 October 2026 at 00:30 WEST – 25 October 2026 at 02:30 WET',
  ],
  [
    'en-GB',
    'Europe/Lisbon',
    '2026-10-25T23:30',
    '2026-10-26T02:30',
    '25 October 2026 at 23:30 – 26 October 2026 at 02:30 WET',
  ],
  ['en-GB', 'Europe/Lisbon', '2026-10-26T01:30', '2026-10-26T02:30', '26 October 2026, 01:30–02:30 WET'],
  [
    'en-GB',
    'Australia/Lord_Howe',
    '2026-10-03T15:00',
    '2026-10-03T16:00',
    '4 October 2026 at 01:30 GMT+10:30 – 4 October 2026 at 03:00 GMT+11',
  ],
  [
    'pt-BR',
    'America/Sao_Paulo',
    '2018-11-04T02:30',
    '2018-11-04T04:00',
    '3 de novembro de 2018 às 23:30 BRT – 4 de novembro de 2018 às 02:00 BRST',
  ],
  [
    'fa',
    'Asia/Tehran',
    '2022-03-21T19:30',
    '2022-03-21T21:30',
    '۱ فروردین ۱۴۰۱ ساعت ۲۳:۰۰ (‎+۳:۳۰ گرینویچ) تا ۲ فروردین ۱۴۰۱ ساعت ۰۲:۰۰ (‎+۴:۳۰ گرینویچ)',
  ],
  [
    'fa',
    'Europe/Lisbon',
    '2026-10-24T23:30',
    '2026-10-25T02:30',
    '۳ آبان ۱۴۰۵ ساعت ۰۰:۳۰ (‎+۱ گرینویچ) تا ۳ آبان ۱۴۰۵ ساعت ۰۲:۳۰ (‎+۰ گرینویچ)',
  ],
])(
  '%s in %s words a window from %s with both zones where clocks change inside',
  (formats, zone, from, until, words) => {
    // Their libraries set thin spaces.
    expect(dateWords(formats, zone).window(at(from), at(until)).replaceAll(/\s/g, ' ')).toBe(words)
  },
)

/** From tables of the Iranian calendar: new years, the last day of a leap year, and days that everybody there knows. */
test.each([
  ['2026-03-21', 'شنبه ۱ فروردین ۱۴۰۵'],
  ['2026-03-20', 'جمعه ۲۹ اسفند ۱۴۰۴'],
  ['2025-03-21', 'جمعه ۱ فروردین ۱۴۰۴'],
  ['2025-03-20', 'پنجشنبه ۳۰ اسفند ۱۴۰۳'],
  ['2024-03-20', 'چهارشنبه ۱ فروردین ۱۴۰۳'],
  ['2022-03-21', 'دوشنبه ۱ فروردین ۱۴۰۱'],
  ['1979-02-11', 'یکشنبه ۲۲ بهمن ۱۳۵۷'],
  ['2026-12-21', 'دوشنبه ۳۰ آذر ۱۴۰۵'],
])('%s is %s', (day, words) => {
  expect(dateWords('fa', 'Asia/Tehran').day(day)).toBe(words)
})

test('a day ends at midnight of the zone, in the Persian calendar too', () => {
  const persian = dateWords('fa', 'Asia/Tehran')
  expect(persian.exact('2026-03-20T20:29:59.000Z' as Instant)).toContain('۲۹ اسفند ۱۴۰۴ ساعت ۲۳:۵۹')
  expect(persian.exact(at('2026-03-20T20:30'))).toContain('۱ فروردین ۱۴۰۵ ساعت ۰۰:۰۰')
})
