import { expect, test } from 'vitest'
import type { Instant } from '../../src/lib/clock.ts'
import { type CronTimes, isEveryMinute, longestGap, nextRun, readCron } from '../../src/lib/cron-times.ts'

function times(text: string): CronTimes {
  const read = readCron(text)
  if ('fault' in read) throw new Error(read.fault)
  return read
}

const next = (text: string, zone: string, after: string) =>
  nextRun(times(text), zone, after as Instant).replace(':00.000Z', 'Z')

test.each([
  ['* * * * *', 'UTC', '2026-11-22T06:00:00.000Z', '2026-11-22T06:01Z'],
  ['* * * * *', 'UTC', '2026-11-22T06:00:59.999Z', '2026-11-22T06:01Z'],
  ['*/15 * * * *', 'UTC', '2026-11-22T06:46:00.000Z', '2026-11-22T07:00Z'],
  ['0 3 * * *', 'UTC', '2026-11-22T03:00:00.000Z', '2026-11-23T03:00Z'],
  ['0 3 * * *', 'Asia/Tehran', '2026-11-22T00:00:00.000Z', '2026-11-22T23:30Z'],
  ['@daily', 'America/Sao_Paulo', '2026-11-22T06:00:00.000Z', '2026-11-23T03:00Z'],
  ['30 8-17 * * mon-fri', 'Europe/Lisbon', '2026-11-20T17:30:00.000Z', '2026-11-23T08:30Z'],
  ['0 0 29 2 *', 'UTC', '2026-03-01T00:00:00.000Z', '2028-02-29T00:00Z'],
  ['0 0 29 2 *', 'UTC', '2096-03-01T00:00:00.000Z', '2104-02-29T00:00Z'],
  ['0 0 31 * *', 'UTC', '2026-03-31T00:00:00.000Z', '2026-05-31T00:00Z'],
  ['0 12 * * 7', 'UTC', '2026-11-22T12:00:00.000Z', '2026-11-29T12:00Z'],
])('%s in %s runs next after %s at %s', (text, zone, after, at) => {
  expect(next(text, zone, after)).toBe(at)
})

test('where a day of the month and a weekday are named, either is enough, as cron has it', () => {
  expect(next('0 0 13 * 5', 'UTC', '2026-11-08T00:00:00.000Z')).toBe('2026-11-13T00:00Z')
  expect(next('0 0 13 * 5', 'UTC', '2026-11-13T00:00:00.000Z')).toBe('2026-11-20T00:00Z')
  expect(next('0 0 */13 * 5', 'UTC', '2026-11-08T00:00:00.000Z')).toBe('2026-11-27T00:00Z')
})

// In New York the clock jumps from 02:00 to 03:00 on 8 March 2026, and from 02:00 back to 01:00 on 1 November 2026.
test.each([
  ['at a time that is jumped over nothing is expected', '30 2 * * *', '2026-03-07T07:30:00.000Z', '2026-03-09T06:30Z'],
  ['the time before the jump is as ever', '30 1 * * *', '2026-03-08T06:00:00.000Z', '2026-03-08T06:30Z'],
  ['the time after the jump is as ever', '0 3 * * *', '2026-03-07T08:00:00.000Z', '2026-03-08T07:00Z'],
  ['by the hour nothing is left out', '0 * * * *', '2026-03-08T06:00:00.000Z', '2026-03-08T07:00Z'],
  ['by the minute nothing is left out', '* * * * *', '2026-03-08T06:59:00.000Z', '2026-03-08T07:00Z'],
  ['a time that comes twice is late after the second', '30 1 * * *', '2026-11-01T04:00:00.000Z', '2026-11-01T06:30Z'],
  ['and came if it came the first time', '30 1 * * *', '2026-11-01T05:30:00.000Z', '2026-11-02T06:30Z'],
  ['or the second', '30 1 * * *', '2026-11-01T06:30:00.000Z', '2026-11-02T06:30Z'],
  ['between the two it came', '30 1 * * *', '2026-11-01T05:45:00.000Z', '2026-11-02T06:30Z'],
  ['by the hour both are expected', '0 * * * *', '2026-11-01T05:00:00.000Z', '2026-11-01T06:00Z'],
  ['by the minute both are expected', '*/10 * * * *', '2026-11-01T05:50:00.000Z', '2026-11-01T06:00Z'],
])('when the clock changes: %s', (_name, text, after, at) => {
  expect(next(text, 'America/New_York', after)).toBe(at)
})

test('half an hour of summer time is a change like any other', () => {
  // On Lord Howe the clock jumps from 02:00 to 02:30 on 4 October 2026.
  expect(next('15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00:00.000Z')).toBe('2026-10-04T15:15Z')
  expect(next('45 2 * * *', 'Australia/Lord_Howe', '2026-10-03T00:00:00.000Z')).toBe('2026-10-03T15:45Z')
})

test.each([
  ['@reboot', 'has no time'],
  ['', 'five fields'],
  ['* * * *', 'five fields'],
  ['* * * * * *', 'five fields'],
  ['0 0 30 2 *', 'impossible'],
  ['0 0 31 4,6,9 *', 'impossible'],
  ['61 * * * *', 'no schedule'],
  ['0 25 * * *', 'no schedule'],
  ['0 3 * * someday', 'no schedule'],
  ['0 0 L * *', 'not known to cron'],
  ['0 0 * * 5#2', 'not known to cron'],
  ['@sometimes', 'no schedule'],
])('%j is refused: %s', (text, reason) => {
  const read = readCron(text)
  expect('fault' in read && read.fault).toContain(reason)
})

test.each([
  ['* * * * *', 60],
  ['*/20 * * * *', 20 * 60],
  ['0 3 * * *', 86_400],
  ['0 3,15 * * *', 12 * 3600],
  ['0 9-17 * * mon-fri', 2 * 86_400 + 16 * 3600],
  ['0 0 1 * *', 31 * 86_400],
  ['0 0 29 2 *', 1461 * 86_400],
])('%s leaves at most %i seconds between two runs', (text, seconds) => {
  expect(longestGap(times(text))).toBe(seconds)
})

test('what runs every minute is known', () => {
  expect(isEveryMinute(times('* * * * *'))).toBe(true)
  expect(isEveryMinute(times('0-5 3 * * *'))).toBe(true)
  expect(isEveryMinute(times('*/2 * * * *'))).toBe(false)
})

test('the rarest schedule is found as far ahead as it can be', () => {
  expect(next('0 0 29 2 *', 'Europe/Lisbon', '2096-02-29T00:00:00.000Z')).toBe('2104-02-29T00:00Z')
})
