import { describe, expect, test } from 'vitest'
import { monthLines } from '../../../src/web/public/long-run.ts'
import { readerOf } from '../../../src/domain/site/reader.ts'
import { sampleDays, sampleSnapshot } from '../../sample-snapshot.ts'

const snapshot = sampleSnapshot()
const english = readerOf(snapshot, 'en')
const persian = readerOf(snapshot, 'fa')

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
