import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Instant, instantOf, later } from '../../src/lib/clock.ts'
import { endOfHours } from '../../src/lib/hours-of-day.ts'

const night = { from: '22:00', until: '07:00' }

test.each([
  ['in the evening', '2026-11-21T22:30:00Z', 'UTC', '2026-11-22T07:00:00.000Z'],
  ['after midnight', '2026-11-21T06:59:59.999Z', 'UTC', '2026-11-21T07:00:00.000Z'],
  ['at its first moment', '2026-11-21T22:00:00Z', 'UTC', '2026-11-22T07:00:00.000Z'],
  ['at its end', '2026-11-21T07:00:00Z', 'UTC', null],
  ['by day', '2026-11-21T12:00:00Z', 'UTC', null],
  ['by day here and at night there', '2026-11-21T12:00:00Z', 'Pacific/Auckland', '2026-11-21T18:00:00.000Z'],
  ['in the night in which clocks go forward', '2026-03-29T00:30:00Z', 'Europe/Berlin', '2026-03-29T05:00:00.000Z'],
  ['in the night in which clocks go back', '2026-10-25T00:30:00Z', 'Europe/Berlin', '2026-10-25T06:00:00.000Z'],
])('quiet hours are over when the clock on the wall says so: %s', (_, at, zone, end) => {
  expect(endOfHours(instantOf(Date.parse(at)), night, zone)).toBe(end)
})

test('where the clock skips their end, they are over when it skips it; where it repeats it, they come again', () => {
  const skipped = { from: '01:00', until: '02:30' }
  expect(endOfHours('2026-03-29T00:30:00.000Z' as Instant, skipped, 'Europe/Berlin')).toBe('2026-03-29T01:00:00.000Z')
  const twice = { from: '01:00', until: '03:00' }
  expect(endOfHours('2026-10-25T00:30:00.000Z' as Instant, twice, 'Europe/Berlin')).toBe('2026-10-25T02:00:00.000Z')
})

test('no hours at all are never quiet', () => {
  expect(endOfHours('2026-11-21T12:00:00.000Z' as Instant, { from: '12:00', until: '12:00' }, 'UTC')).toBeNull()
})

test('it is what somebody finds who looks at the clock minute by minute', () => {
  const minutes = fc.integer({ min: 0, max: 24 * 60 - 1 }).map((minute) => {
    const two = (number: number): string => String(number).padStart(2, '0')
    return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
  })
  // Around the nights in which clocks change, and at any time.
  const start = fc.oneof(
    fc.constantFrom('2026-03-28T12:00Z', '2026-10-24T12:00Z', '2026-04-04T06:00Z', '2026-11-01T00:00Z'),
    fc.constant('2026-06-15T00:00Z'),
  )
  const zone = fc.constantFrom('Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns', 'Asia/Tehran')
  fc.assert(
    fc.property(start, fc.nat(36 * 60), minutes, minutes, zone, (day, plus, from, until, name) => {
      const at = later(instantOf(Date.parse(day)), plus * 60)
      expect(endOfHours(at, { from, until }, name)).toBe(lookedUp(at, { from, until }, name))
    }),
    { numRuns: 150 },
  )
})

function lookedUp(now: Instant, { from, until }: { from: string; until: string }, zone: string): Instant | null {
  const wall = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
  const isQuiet = (at: Instant): boolean => {
    const time = wall.format(Date.parse(at))
    return from <= until ? time >= from && time < until : time >= from || time < until
  }
  let at = now
  while (isQuiet(at)) at = later(at, 60)
  return at === now ? null : at
}
