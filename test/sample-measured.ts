import type { MetricCharted } from '../src/domain/metrics/charting.ts'
import { type ChartFacts, type Range, ranges } from '../src/domain/probes/checks/charting.ts'
import { countIn } from '../src/domain/probes/checks/latency.ts'
import { noSum } from '../src/domain/probes/checks/sums.ts'
import { type Instant, instantOf, millisecondsOf } from '../src/lib/clock.ts'

/** A year of answers from two places, with a night that nothing measured and an hour in which half of them failed. */
export function sampleMeasured(now: Instant): ChartFacts {
  const last = Math.floor(millisecondsOf(now) / 3_600_000)
  const steps = (count: number, hours: number, place: number) => ({
    place,
    steps: Array.from({ length: count }, (_, index) => {
      const ago = (count - 1 - index) * hours
      if (ago > 92 && ago < 99) return null
      const sum = { ...noSum(), checks: 60, seconds: 3600, failedSeconds: ago === 9 ? 1800 : 0, msMax: 900 }
      for (let answer = 0; answer < 60; answer += 1) {
        countIn(sum.counts, 90 + Math.round(60 * Math.sin(index / 4)) + 12 * (answer % 9) + (ago === 9 ? 500 : 0))
      }
      return sum
    }),
  })
  const sizes: Record<Range, readonly [count: number, hours: number]> = {
    day: [24, 1],
    week: [168, 1],
    month: [120, 6],
    quarter: [90, 24],
    year: [365, 24],
  }
  return {
    places: new Map([
      [0, 'Lisbon'],
      [1, 'Frankfurt'],
    ]),
    charted: ranges.map((range) => {
      const [count, hours] = sizes[range]
      const bounds = Array.from({ length: count + 1 }, (_, step) =>
        instantOf((last - (count - step) * hours) * 3_600_000),
      )
      return { range, bounds, places: [steps(count, hours, 0), steps(count, hours, 1)] }
    }),
  }
}

/** A year of a figure, with a night in which nothing came in. */
export function sampleMetricCharted(now: Instant): MetricCharted[] {
  return sampleMeasured(now).charted.map(({ range, bounds, places: [place] }) => ({
    range,
    bounds,
    steps: (place?.steps ?? []).map((sum, step) =>
      sum === null ? null : { count: 12, sum: 12 * (300 + 90 * Math.sin(step / 5)), low: 180, high: 420 },
    ),
  }))
}
