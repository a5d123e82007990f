import { describe, expect, test } from 'vitest'
import { type Entry, clockOf, isPressing, owedReports } from '../../../src/domain/regulators/clock.ts'
import type { RegimeName, Term } from '../../../src/domain/regulators/regime.ts'
import type { Instant } from '../../../src/lib/clock.ts'

const at = (text: string) => new Date(text).toISOString() as Instant
const entered = (kind: Entry['kind'], when: string | null, report: string | null = null): Entry => ({
  kind,
  at: at('2026-01-01T00:00Z'),
  author: 'Ada',
  report,
  happenedAt: when === null ? null : at(when),
  note: null,
})

function clock(regime: RegimeName | Term, zone: string, ...entries: Entry[]) {
  const custom = typeof regime === 'string' ? null : { name: 'Bank of Portugal', term: regime }
  const name = typeof regime === 'string' ? regime : 'custom'
  return clockOf({ id: 'c', incidentId: 'i', regime: name, endedAt: null, custom, entries }, zone)
}
const dues = (of: ReturnType<typeof clock>) => of.reports.map(({ dueAt, isFirm }) => [dueAt?.slice(0, 16), isFirm])

describe('the time limits of the law', () => {
  test('GDPR: 72 hours from when we were aware', () => {
    expect(dues(clock('gdpr', 'UTC', entered('aware', '2026-11-21T12:00Z')))).toEqual([['2026-11-24T12:00', true]])
  })

  test('NIS2: 24 hours, 72 hours, and a month after the notification was sent, until then after its limit', () => {
    const aware = entered('aware', '2026-11-21T12:00Z')
    expect(dues(clock('nis2', 'UTC', aware))).toEqual([
      ['2026-11-22T12:00', true],
      ['2026-11-24T12:00', true],
      ['2026-12-24T12:00', false],
    ])
    const sent = entered('done', '2026-11-23T09:30Z', 'notification')
    expect(dues(clock('nis2', 'UTC', aware, sent))[2]).toEqual(['2026-12-23T09:30', true])
  })

  test.each([
    ['not classified yet: the 24 hours hold', null, '2026-11-22T12:00', false],
    ['classified soon: four hours from then', '2026-11-21T15:00Z', '2026-11-21T19:00', true],
    [
      'classified late on the first day: 24 hours from when we were aware',
      '2026-11-22T10:30Z',
      '2026-11-22T12:00',
      true,
    ],
    ['classified after the first day: four hours from then', '2026-11-23T08:00Z', '2026-11-23T12:00', true],
  ])('DORA, %s', (_, classified, due, isFirm) => {
    const entries = [entered('aware', '2026-11-21T12:00Z'), ...(classified ? [entered('classified', classified)] : [])]
    expect(dues(clock('dora', 'UTC', ...entries))[0]).toEqual([due, isFirm])
  })

  test('DORA: 72 hours after the initial notification was sent, and a month after the intermediate report was', () => {
    const all = clock(
      'dora',
      'UTC',
      entered('aware', '2026-11-21T12:00Z'),
      entered('classified', '2026-11-21T13:00Z'),
      entered('done', '2026-11-21T14:00Z', 'initial-notification'),
    )
    expect(dues(all)).toEqual([
      ['2026-11-21T17:00', true],
      ['2026-11-24T14:00', true],
      ['2026-12-24T14:00', false],
    ])
  })
})

describe('months are those of the calendar, in the site’s zone', () => {
  const month: Term = { amount: 1, unit: 'months', from: 'aware' }
  test.each([
    ['31 January ends with February', 'UTC', '2026-01-31T10:00Z', '2026-02-28T10:00'],
    ['and in a leap year a day later', 'UTC', '2028-01-31T10:00Z', '2028-02-29T10:00'],
    ['31 August ends with September', 'UTC', '2026-08-31T23:59Z', '2026-09-30T23:59'],
    // 1 March there, while it is 28 February in UTC.
    ['the day is that of the zone', 'Asia/Tehran', '2026-02-28T21:00Z', '2026-03-31T21:00'],
    ['the hour on the wall stays, where summer time begins', 'Europe/Lisbon', '2026-03-01T12:00Z', '2026-04-01T11:00'],
    ['and where it ends', 'Europe/Lisbon', '2026-10-01T11:00Z', '2026-11-01T12:00'],
    ['half an hour of summer time', 'Australia/Lord_Howe', '2026-09-20T00:00Z', '2026-10-19T23:30'],
  ])('%s', (_, zone, aware, due) => {
    expect(dues(clock(month, zone, entered('aware', aware)))).toEqual([[due, true]])
  })

  test('two months over the change: 29 January, 01:30 in Lisbon is 29 March, half past two by summer time', () => {
    const two: Term = { amount: 2, unit: 'months', from: 'aware' }
    expect(dues(clock(two, 'Europe/Lisbon', entered('aware', '2026-01-29T01:30Z')))).toEqual([
      ['2026-03-29T01:30', true],
    ])
  })

  test('hours are elapsed hours, days are days on the wall', () => {
    const before = entered('aware', '2026-03-28T12:00Z')
    const hours: Term = { amount: 72, unit: 'hours', from: 'aware' }
    const days: Term = { amount: 3, unit: 'days', from: 'aware' }
    expect(dues(clock(hours, 'Europe/Lisbon', before))).toEqual([['2026-03-31T12:00', true]])
    expect(dues(clock(days, 'Europe/Lisbon', before))).toEqual([['2026-03-31T11:00', true]])
  })
})

test('what was entered last holds, and what was taken back is owed again', () => {
  const all = clock(
    'nis2',
    'UTC',
    entered('aware', '2026-11-21T12:00Z'),
    entered('aware', '2026-11-21T10:00Z'),
    entered('done', '2026-11-21T11:00Z', 'early-warning'),
    entered('undone', null, 'early-warning'),
    entered('done', '2026-11-21T11:30Z', 'notification'),
  )
  expect(all.awareAt).toBe(at('2026-11-21T10:00Z'))
  expect(owedReports(all).map(({ name }) => name)).toEqual(['early-warning', 'final-report'])
})

test('what is due within a day presses, and within a week where a month is given', () => {
  const [warning, , final] = clock('nis2', 'UTC', entered('aware', '2026-11-21T12:00Z')).reports
  expect(isPressing(warning!, at('2026-11-21T11:59Z'))).toBe(false)
  expect(isPressing(warning!, at('2026-11-21T12:00Z'))).toBe(true)
  expect(isPressing(final!, at('2026-12-17T11:59Z'))).toBe(false)
  expect(isPressing(final!, at('2026-12-17T12:00Z'))).toBe(true)
})
