import { describe, expect, test } from 'vitest'
import type { AnsweredHour } from '../../../src/domain/probes/answers.ts'
import { later } from '../../../src/lib/clock.ts'
import { chartsOf } from '../../../src/web/public/charts.ts'
import { monthLines } from '../../../src/web/public/long-run.ts'
import { plain, readerOf } from '../../../src/web/shared/i18n.ts'
import { at, sampleDays, sampleNow, sampleSnapshot } from '../../sample-snapshot.ts'

const snapshot = sampleSnapshot()
const english = readerOf(snapshot, 'en')
const persian = readerOf(snapshot, 'fa')
const facts = { now: sampleNow, today: snapshot.today, zone: 'UTC' }

/** Counted back from the hour that the sample is in. */
function hour(ago: number, ms: number | null, failed = 0): AnsweredHour {
  return { hour: later(at('2026-11-21T14:00:00.000Z'), -ago * 3600), checks: 60, failed, ms, slowest: ms && ms * 2 }
}

describe('response times', () => {
  test('are a line of hours with gaps, and the same in words and numbers', () => {
    const [day, week] = chartsOf({ ...facts, hours: [hour(3, 100), hour(2, 200), hour(0, 180)] }, english)
    // Hours of a day are 41.7 wide; two that follow each other are joined, the third begins anew.
    expect(day?.line).toBe('M833 100H875V0H917M958 20H1000')
    expect(day?.scale).toEqual(['200 ms', '100 ms', '0 ms'])
    expect(day?.ticks).toEqual(['15:00', '21:00', '03:00', '09:00', '15:00'])
    expect(plain(day?.summary ?? [])).toBe('160 ms on average; in the slowest hour, 12:00, 200 ms.')
    expect(day?.failed).toBeNull()
    expect(day?.rows.map((row) => [plain(row.when), row.average, row.slowest, row.failed])).toEqual([
      ['14:00', '180 ms', '360 ms', '0'],
      ['12:00', '200 ms', '400 ms', '0'],
      ['11:00', '100 ms', '200 ms', '0'],
    ])
    expect(week?.ticks).toEqual(['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'])
    expect(week?.rows).toHaveLength(1)
  })

  test('show failures as bars from the ground, and an hour in which nothing answered as a gap', () => {
    const [day] = chartsOf({ ...facts, hours: [hour(2, 100), hour(1, null, 60), hour(0, 100, 1)] }, english)
    expect(day?.line).toBe('M875 0H917M958 0H1000')
    expect(day?.failures.map(({ x, height }) => [x, height])).toEqual([
      [917, 200],
      [958, 12],
    ])
    expect(day?.failed).toContain('61 of 180 checks failed')
    expect(day?.rows[1]?.average).toBe('–')
  })

  test('are no picture where nothing was measured, or nothing answered', () => {
    expect(chartsOf({ ...facts, hours: [] }, english)).toEqual([])
    expect(chartsOf({ ...facts, hours: [hour(1, null, 60)] }, english)).toEqual([])
    // Of two days ago: the week has something to show, the day has not.
    expect(chartsOf({ ...facts, hours: [hour(50, 100)] }, english)).toHaveLength(1)
  })

  test('are told in the digits and the days of the reader', () => {
    const [day, week] = chartsOf({ ...facts, hours: [hour(0, 1234)] }, persian)
    expect(day?.scale[0]).toContain('۲٬۰۰۰')
    expect(day?.ticks[0]).toBe('۱۵:۰۰')
    expect(week?.ticks).toEqual(['ی', 'د', 'س', 'چ', 'پ', 'ج', 'ش'])
  })
})

describe('month by month', () => {
  const days = sampleDays({ 5: { major: 3600 }, 40: { partial: 7200, maintenance: 600 } }).filter((day) => day !== null)

  test('says how much of each month it worked, newest first, by the same weights', () => {
    const lines = monthLines(days, english)
    expect(lines.map(({ month, uptime, lost, share }) => [month, uptime, lost, share])).toEqual([
      ['November 2026', '99.79%', 'down for 1 hour', 100],
      ['October 2026', '99.91%', 'partly down for 2 hours and under maintenance for 10 minutes', 60],
      ['September 2026', '100%', null, 0],
      ['August 2026', '100%', null, 0],
    ])
  })

  test('has the months of the reader’s calendar', () => {
    const months = monthLines(days, persian).map(({ month }) => month)
    expect(months).toEqual(['آبان ۱۴۰۵', 'مهر ۱۴۰۵', 'شهریور ۱۴۰۵'])
  })
})
