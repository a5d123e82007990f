import { describe, expect, test } from 'vitest'
import { instantOfLocal } from '../../src/lib/local-times.ts'
import { occurrencesAfter, readRule } from '../../src/lib/recurrence.ts'

const next = (rule: string, from: string, most = 5, zone = 'Europe/Lisbon'): string[] =>
  occurrencesAfter({ rule: readRule(rule), from, zone }, '2026-11-21T12:00', most)

describe('a rule says when work comes round', () => {
  test.each([
    ['every Tuesday', 'FREQ=WEEKLY;BYDAY=TU', '2026-11-24 2026-12-01 2026-12-08'],
    ['every second Tuesday', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', '2026-11-24 2026-12-08 2026-12-22'],
    ['the first Sunday of a month', 'FREQ=MONTHLY;BYDAY=1SU', '2026-12-06 2027-01-03 2027-02-07'],
    ['the last Friday of a month', 'FREQ=MONTHLY;BYDAY=-1FR', '2026-11-27 2026-12-25 2027-01-29'],
    ['the 31st, where a month has one', 'FREQ=MONTHLY;BYMONTHDAY=31', '2026-12-31 2027-01-31 2027-03-31'],
    ['the last day of a month', 'FREQ=MONTHLY;BYMONTHDAY=-1', '2026-11-30 2026-12-31 2027-01-31'],
    ['every quarter', 'FREQ=YEARLY;BYMONTH=1,4,7,10;BYMONTHDAY=1', '2027-01-01 2027-04-01 2027-07-01'],
    ['29 February', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29', '2028-02-29 2032-02-29 2036-02-29'],
    ['as people paste it', ' rrule:freq=daily; interval=3 ', '2026-11-24 2026-11-27 2026-11-30'],
    ['three times', 'FREQ=WEEKLY;BYDAY=TU;COUNT=3', '2026-11-24 2026-12-01 2026-12-08'],
    ['until a day, which counts', 'FREQ=DAILY;UNTIL=20261125', '2026-11-24 2026-11-25'],
  ])('%s: %s', (_, rule, days) => {
    const most = rule.includes('COUNT') || rule.includes('UNTIL') ? 5 : 3
    expect(next(rule, '2026-11-24T02:00', most)).toEqual(days.split(' ').map((day) => `${day}T02:00`))
  })

  test('it is counted from its beginning, whenever it is asked', () => {
    const rule = { rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', from: '2026-11-24T02:00', zone: 'UTC' }
    expect(occurrencesAfter(rule, '2026-12-09T00:00', 1)).toEqual(['2026-12-22T02:00'])
    expect(occurrencesAfter(rule, '2036-12-08T00:00', 1)).toEqual(['2036-12-09T02:00'])
  })

  test('an end that is an instant is that instant on the wall of the zone', () => {
    const until = (zone: string): string[] => next('FREQ=DAILY;UNTIL=20261126T033000Z', '2026-11-25T07:00', 5, zone)
    expect(until('UTC')).toEqual(['2026-11-25T07:00'])
    // There it is seven o’clock already.
    expect(until('Asia/Tehran')).toEqual(['2026-11-25T07:00', '2026-11-26T07:00'])
  })
})

test.each([
  ['', 'nobody knows'],
  ['every Tuesday', 'nobody knows'],
  ['FREQ=HOURLY', 'once a day at most'],
  ['FREQ=DAILY;BYHOUR=3', 'window’s own time'],
  ['BYDAY=TU', 'says how often'],
  ['FREQ=WEEKLY;BYDAY=XX', 'BYDAY=XX cannot be read'],
  ['FREQ=MONTHLY;BYMONTHDAY=32', 'cannot be read'],
  ['FREQ=MONTHLY;BYMONTHDAY=0', 'cannot be read'],
  ['FREQ=YEARLY;BYMONTH=-1', 'cannot be read'],
  ['FREQ=DAILY;INTERVAL=0', 'cannot be read'],
  ['FREQ=DAILY;FREQ=WEEKLY', 'twice'],
  ['FREQ=DAILY;COUNT=3;UNTIL=20270101', 'not at both'],
  ['FREQ=DAILY;EXRULE=1', 'nobody knows “EXRULE”'],
  ['FREQ=DAILY;constructor=1', 'nobody knows'],
  ['FREQ=WEEKLY;BYMONTHDAY=3', 'BYMONTHDAY'],
  ['FREQ=DAILY;UNTIL=20261340', 'not a rule that we can follow'],
  ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'No day fits'],
])('%j is refused with a plain word', (rule, words) => {
  expect(() => next(rule, '2026-11-24T02:00')).toThrow(words)
})

describe('a local time that clocks skip or repeat', () => {
  const instants = (rule: string, from: string, zone: string, after: string): [string, string | null][] =>
    occurrencesAfter({ rule, from, zone }, after, 3).map((time) => [time, instantOfLocal(time, zone)])

  test.each([
    [
      'Lisbon, forward at 01:00 on 28 March 2027: half past one is half past two',
      'Europe/Lisbon',
      '2027-03-27T01:30',
      ['2027-03-27T01:30:00.000Z', '2027-03-28T01:30:00.000Z', '2027-03-29T00:30:00.000Z'],
    ],
    [
      'Lisbon, back at 02:00 on 31 October 2027: the first half past one',
      'Europe/Lisbon',
      '2027-10-30T01:30',
      ['2027-10-30T00:30:00.000Z', '2027-10-31T00:30:00.000Z', '2027-11-01T01:30:00.000Z'],
    ],
    [
      'Lord Howe, forward by half an hour at 02:00 on 4 October 2026',
      'Australia/Lord_Howe',
      '2026-10-03T02:15',
      ['2026-10-02T15:45:00.000Z', '2026-10-03T15:45:00.000Z', '2026-10-04T15:15:00.000Z'],
    ],
    [
      'Lord Howe, back by half an hour at 02:00 on 4 April 2027: the first quarter to two',
      'Australia/Lord_Howe',
      '2027-04-03T01:45',
      ['2027-04-02T14:45:00.000Z', '2027-04-03T14:45:00.000Z', '2027-04-04T15:15:00.000Z'],
    ],
    [
      'São Paulo, whose midnight was skipped on 4 November 2018',
      'America/Sao_Paulo',
      '2018-11-03T00:00',
      ['2018-11-03T03:00:00.000Z', '2018-11-04T03:00:00.000Z', '2018-11-05T02:00:00.000Z'],
    ],
    [
      'São Paulo, which has kept its time since 2019',
      'America/Sao_Paulo',
      '2026-11-01T00:00',
      ['2026-11-01T03:00:00.000Z', '2026-11-02T03:00:00.000Z', '2026-11-03T03:00:00.000Z'],
    ],
    [
      'Tehran, whose midnight was skipped on 22 March 2022, for the last time',
      'Asia/Tehran',
      '2022-03-21T00:00',
      ['2022-03-20T20:30:00.000Z', '2022-03-21T20:30:00.000Z', '2022-03-22T19:30:00.000Z'],
    ],
    [
      'Tehran, which no longer changes',
      'Asia/Tehran',
      '2026-03-21T00:00',
      ['2026-03-20T20:30:00.000Z', '2026-03-21T20:30:00.000Z', '2026-03-22T20:30:00.000Z'],
    ],
  ])('%s', (_, zone, from, expected) => {
    const after = `${from.slice(0, 4)}-01-01T00:00`
    const found = instants('FREQ=DAILY', from, zone, after)
    expect(found.map(([, instant]) => instant)).toEqual(expected)
    // None is left out, and the names stay what the rule says.
    expect(found.map(([time]) => time.slice(11))).toEqual(Array(3).fill(from.slice(11)))
  })
})
