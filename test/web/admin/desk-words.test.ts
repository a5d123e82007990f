import { expect, test } from 'vitest'
import { deskWords } from '../../../src/web/admin/words.ts'
import type { Instant } from '../../../src/lib/clock.ts'

test.each([
  ['2026-11-23T12:30:00.000Z', '13:30'],
  ['2026-03-05T12:30:00.000Z', '5 Mar, 13:30'],
  // A log has years: without them, an entry of long ago looks as if it were of this spring.
  ['2024-03-05T12:30:00.000Z', '5 Mar 2024, 13:30'],
  // There it is January already.
  ['2026-12-31T23:30:00.000Z', '1 Jan 2027, 00:30'],
])('the desk says of %s what tells it from every other time: %s', (instant, words) => {
  const { time } = deskWords('2026-11-23T18:00:00.000Z' as Instant, 'Europe/Paris')
  expect(time(instant as Instant)).toBe(words)
})

test.each([
  ['2026-12-04', 'Fri 4 Dec'],
  // What was promised for the beginning of next year is not overdue since the beginning of this one.
  ['2027-01-15', 'Fri, 15 Jan 2027'],
])('the day %s is said with its year where that is another one: %s', (day, words) => {
  expect(deskWords('2026-11-23T18:00:00.000Z' as Instant, 'Europe/Paris').day(day)).toBe(words)
})
