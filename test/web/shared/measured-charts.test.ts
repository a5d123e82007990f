import { describe, expect, test } from 'vitest'
import type { Charted, PlaceSteps } from '../../../src/domain/probes/checks/charting.ts'
import { countIn } from '../../../src/domain/probes/checks/latency.ts'
import { type Sum, noSum } from '../../../src/domain/probes/checks/sums.ts'
import { type Instant, later } from '../../../src/lib/clock.ts'
import { plain, readerOf } from '../../../src/domain/site/reader.ts'
import { measuredCharts } from '../../../src/web/shared/measured-charts.ts'
import { sampleSnapshot } from '../../sample-snapshot.ts'

const snapshot = sampleSnapshot()
const english = readerOf(snapshot, 'en')
const persian = readerOf(snapshot, 'fa')
const began = '2026-11-20T15:00:00.000Z' as Instant

/** An hour in which all answers took this long. */
function hour(ms: number, { failed = 0 }: { failed?: number } = {}): Sum {
  const sum = { ...noSum(), checks: 60, seconds: 3600, failedSeconds: failed, msMax: ms }
  for (let answer = 0; answer < 60; answer += 1) countIn(sum.counts, ms)
  return sum
}

const silent: Sum = { ...noSum(), checks: 60, failed: 60, seconds: 3600, failedSeconds: 3600 }

/** The last hours of a day, the newest last. */
function day(...last: readonly (Sum | null)[]): Charted {
  return of({ place: 0, steps: [...Array.from({ length: 24 - last.length }, () => null), ...last] })
}

function of(...places: readonly PlaceSteps[]): Charted {
  const bounds = Array.from({ length: 25 }, (_, step) => later(began, step * 3600))
  return { range: 'day', bounds, places }
}

const drawn = (charted: Charted, reader = english) =>
  measuredCharts(
    {
      charted: [charted],
      places: new Map([
        [0, 'Lisbon'],
        [1, 'Frankfurt'],
      ]),
      zone: 'UTC',
    },
    reader,
  )

describe('a chart of what was measured', () => {
  test('is lines of level pieces with hatched gaps, and the same in words and numbers', () => {
    const [chart] = drawn(day(hour(100), hour(200), null, hour(150)))
    // Hours of a day are 41.7 wide; two that follow each other are joined, the last begins anew.
    expect(chart?.plot?.nearly).toBe('M833 101H875V0H917M958 50H1000')
    expect(chart?.plot?.gaps).toEqual([
      { x: 0, y: 0, width: 833, height: 200 },
      { x: 917, y: 0, width: 41, height: 200 },
    ])
    expect(chart?.plot?.scale).toEqual(['200 ms', '100 ms', '0 ms'])
    expect(chart?.ticks).toEqual(['15:00', '21:00', '03:00', '09:00', '15:00'])
    expect(chart?.summary).toBe('Half of the answers took at most 120 ms, 95% at most 190 ms and 99% at most 200 ms.')
    expect(chart?.rows.map((row) => [plain(row.when), row.slowest, row.answered])).toEqual([
      ['14:00', '150 ms', '100%'],
      ['12:00', '200 ms', '100%'],
      ['11:00', '100 ms', '100%'],
    ])
  })

  test('is as high as the slowest hundredth goes, unless a rare peak would press all else to the ground', () => {
    const usual = Array.from({ length: 20 }, () => hour(100))
    expect(drawn(day(...usual, hour(190)))[0]?.plot?.scale[0]).toBe('200 ms')
    const peak = hour(100)
    for (let answer = 0; answer < 2; answer += 1) countIn(peak.counts, 9000)
    expect(drawn(day(...usual, { ...peak, msMax: 9000 }))[0]?.plot?.scale[0]).toBe('100 ms')
  })

  test('shows that it did not answer, in seconds and not in checks, and never as a full bar for a moment', () => {
    const [chart] = drawn(day(hour(100), hour(100, { failed: 36 }), silent))
    expect(chart?.strips).toMatchObject([{ place: null, answered: '66.33%', label: 'Available, 66.33%' }])
    expect(chart?.strips[0]?.failures.map(({ height }) => height)).toEqual([24, 200])
    expect(chart?.rows[0]).toMatchObject({ half: '–', answered: '0%' })
    // It was measured: silence is no gap.
    expect(chart?.plot?.gaps).toEqual([{ x: 0, y: 0, width: 875, height: 200 }])
  })

  test('has a row of its own for each place, by name', () => {
    const none = Array.from({ length: 23 }, () => null)
    const [chart] = drawn(of({ place: 0, steps: [...none, hour(100)] }, { place: 1, steps: [...none, silent] }))
    expect(chart?.strips.map(({ place, answered }) => [place, answered])).toEqual([
      ['Lisbon', '100%'],
      ['Frankfurt', '0%'],
    ])
    expect(chart?.rows[0]).toMatchObject({ answered: '50%' })
  })

  test('of a system that never answered has no picture of how fast, and says so', () => {
    const [chart] = drawn(day(silent))
    expect(chart).toMatchObject({ plot: null, summary: 'Nothing answered.' })
    expect(chart?.strips).toHaveLength(1)
  })

  test('knows no figure where all that was found was our own fault, and draws it as not measured', () => {
    const [chart] = drawn(day(hour(100), { ...noSum(), checks: 60, inconclusive: 60 }))
    expect(chart?.plot?.gaps.at(-1)).toMatchObject({ x: 958, width: 42 })
    expect(chart?.rows[0]).toMatchObject({ half: '–', answered: '–' })
  })

  test('is left out where nothing was measured, or where it shows no more than the one before', () => {
    expect(drawn(day(null))).toEqual([])
    const week: Charted = { ...day(hour(100)), range: 'week' }
    const places = new Map<number, string>()
    expect(measuredCharts({ charted: [day(hour(100)), week], places, zone: 'UTC' }, english)).toHaveLength(1)
  })

  test('speaks in the digits of the reader', () => {
    const [chart] = drawn(day(hour(1234)), persian)
    expect(chart?.plot?.scale[0]).toContain('۱٬۲۰۰')
    expect(chart?.ticks[0]).toBe('۱۵:۰۰')
    expect(chart?.strips[0]?.answered).toBe('۱۰۰٪')
  })
})
