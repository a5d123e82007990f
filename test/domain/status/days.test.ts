import { expect, test } from 'vitest'
import type { ComponentStatus } from '../../../src/domain/components/component.ts'
import { barsOf, calendarOf } from '../../../src/domain/status/bars.ts'
import { type Span, flooredPercent, quiet, secondsOf, tallyDay, uptimeOf } from '../../../src/domain/status/days.ts'
import { packStrip, unpackStrip } from '../../../src/domain/status/strips.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { dayOf, daysFrom, isDay, startOfDay } from '../../../src/lib/days.ts'

const at = (text: string): Instant => text as Instant
const span = (status: ComponentStatus, from: string, until: string | null): Span => ({
  status,
  beganAt: at(from),
  endedAt: until === null ? null : at(until),
})
const now = at('2026-11-21T12:00:00.000Z')

test('a day counts the seconds of an outage', () => {
  const outage = span('major_outage', '2026-11-20T10:00:00.000Z', '2026-11-20T10:10:00.000Z')
  expect(tallyDay([outage], '2026-11-20', 'UTC', now)).toEqual({ ...quiet, major: 600 })
})

test('where two overlap, the worse one counts, once', () => {
  const spans = [
    span('degraded_performance', '2026-11-20T10:00:00.000Z', '2026-11-20T11:00:00.000Z'),
    span('major_outage', '2026-11-20T10:30:00.000Z', '2026-11-20T10:45:00.000Z'),
  ]
  expect(tallyDay(spans, '2026-11-20', 'UTC', now)).toEqual({ ...quiet, major: 900, degraded: 2700 })
})

test('an outage over midnight is shared by its days, as the zone cuts them', () => {
  const outage = span('partial_outage', '2026-11-19T22:00:00.000Z', '2026-11-20T01:00:00.000Z')
  expect(tallyDay([outage], '2026-11-19', 'UTC', now).partial).toBe(7200)
  expect(tallyDay([outage], '2026-11-20', 'UTC', now).partial).toBe(3600)
  expect(tallyDay([outage], '2026-11-20', 'Asia/Tehran', now).partial).toBe(3 * 3600)
})

test('what is open counts until now, and not a second longer', () => {
  const open = span('unknown', '2026-11-21T11:00:00.000Z', null)
  expect(tallyDay([open], '2026-11-21', 'UTC', now)).toEqual({ ...quiet, unknown: 3600 })
})

test('days have the seconds that the zone gives them', () => {
  const later = at('2027-06-01T00:00:00.000Z')
  const began = at('2020-01-01T00:00:00.000Z')
  expect(secondsOf('2026-03-29', 'Europe/Lisbon', began, later)).toBe(23 * 3600)
  expect(secondsOf('2026-10-25', 'Europe/Lisbon', began, later)).toBe(25 * 3600)
  expect(secondsOf('2026-10-04', 'Australia/Lord_Howe', began, later)).toBe(23.5 * 3600)
  expect(startOfDay('2026-11-21', 'Asia/Tehran')).toBe('2026-11-20T20:30:00.000Z')
  expect(dayOf(at('2026-11-20T20:30:00.000Z'), 'Asia/Tehran')).toBe('2026-11-21')
})

test.each([
  ['2026-02-28', true],
  ['2026-02-30', false],
  ['2026-2-3', false],
  ['2024-02-29', true],
  ['2026-13-01', false],
  ['today', false],
])('whether %s is a day: %s', (text, is) => expect(isDay(text)).toBe(is))

test('a strip comes back as it was packed', () => {
  const tallies = Array.from({ length: 90 }, (_, index) => ({
    major: index,
    partial: 86_400,
    degraded: 0,
    maintenance: 90_000,
    unknown: 1,
  }))
  expect(unpackStrip(packStrip(tallies))).toEqual(tallies)
})

test('bars shift with the days, and what is open goes on in them', () => {
  const calendar = calendarOf('2026-11-21', 'UTC', now)
  const tallies = daysFrom('2026-08-22', '2026-11-19').map((day) =>
    day === '2026-11-18' ? { ...quiet, major: 60 } : quiet,
  )
  const bars = barsOf(
    calendar,
    { lastDay: '2026-11-19', tallies },
    [span('degraded_performance', '2026-11-20T23:00:00.000Z', null)],
    at('2026-11-01T12:00:00.000Z'),
  )
  const days = new Map(bars.flatMap((bar) => (bar ? [[bar.day, bar]] : [])))
  expect(bars).toHaveLength(90)
  expect(days.get('2026-10-31')).toBeUndefined()
  expect(days.get('2026-11-01')).toMatchObject({ seconds: 43_200, major: 0 })
  expect(days.get('2026-11-18')).toMatchObject({ seconds: 86_400, major: 60 })
  expect(days.get('2026-11-20')).toMatchObject({ degraded: 3600 })
  expect(days.get('2026-11-21')).toMatchObject({ seconds: 43_200, degraded: 43_200 })
})

test('uptime weighs outages, leaves maintenance and the unmeasured out, and is floored', () => {
  const day = { day: '2026-11-20', seconds: 86_400, ...quiet }
  expect(uptimeOf([day, null])).toBe(1)
  expect(uptimeOf([{ ...day, major: 864, partial: 864 }])).toBeCloseTo(1 - 0.013, 10)
  expect(uptimeOf([{ ...day, maintenance: 43_200, major: 432 }])).toBeCloseTo(0.99, 10)
  expect(uptimeOf([{ ...day, unknown: 86_400 }])).toBeNull()
  expect(uptimeOf([])).toBeNull()
  expect(flooredPercent(0.99999)).toBe(99.99)
  expect(flooredPercent(1)).toBe(100)
  expect(flooredPercent(0.9999)).toBe(99.99)
})
