import { assert, array, constant, integer, oneof, property, record, uniqueArray } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { countIn, noCounts, percentileOf } from '../../../../src/domain/probes/checks/latency.ts'
import { addCheck, closed, hourSum, noSum, packedSum, unpackedSum } from '../../../../src/domain/probes/checks/sums.ts'
import { type HourCheck, packedChecks, unpackedChecks } from '../../../../src/domain/probes/checks/packed.ts'

describe('checks of an hour', () => {
  test('are the same after they were packed, whatever they are', () => {
    const details = record({
      outcome: integer({ min: 0, max: 3 }),
      ms: oneof(constant(-1), integer({ min: 0, max: 120_000 })),
      code: oneof(constant(0), constant(200), integer({ min: 0, max: 65_535 })),
    })
    const seconds = uniqueArray(integer({ min: 0, max: 3599 }), { maxLength: 400 })
    assert(
      property(seconds, array(details, { minLength: 400, maxLength: 400 }), (chosen, all) => {
        const checks = chosen
          .toSorted((a, b) => a - b)
          .map((second, index): HourCheck => ({ second, ...(all[index] ?? { outcome: 0, ms: 0, code: 0 }) }))
        expect(unpackedChecks(packedChecks(checks))).toEqual(checks)
      }),
      { numRuns: 300 },
    )
  })

  test('take less than four bytes each as they usually come', () => {
    const checks = Array.from({ length: 60 }, (_, minute): HourCheck => ({
      second: minute * 60 + 17 + (minute % 3),
      outcome: 0,
      ms: 150 + ((minute * 37) % 90),
      code: 200,
    }))
    expect(packedChecks(checks).length / 60).toBeLessThan(4)
  })

  test('that are cut in the middle are an error, not another history', () => {
    const bytes = packedChecks([{ second: 3000, outcome: 2, ms: 20_000, code: 503 }])
    expect(() => unpackedChecks(bytes.slice(0, -1))).toThrow('middle of a number')
  })
})

describe('what an hour amounts to', () => {
  test('takes some fifteen bytes, and is the same afterwards', () => {
    const hour = hourSum(60)
    for (let minute = 0; minute < 60; minute += 1) {
      const failed = minute === 30
      addCheck(hour, { second: minute * 60, outcome: failed ? 2 : 0, ms: 90 + minute, code: failed ? 503 : 200 })
    }
    const sum = closed(hour)
    expect(sum).toMatchObject({ checks: 60, failed: 1, seconds: 3600, failedSeconds: 60, msMax: 149 })
    expect(packedSum(sum).length).toBeLessThan(16)
    expect(unpackedSum(packedSum(sum))).toEqual(sum)
    expect(unpackedSum(packedSum(noSum()))).toEqual(noSum())
  })
})

describe('how long answers took', () => {
  const counted = (all: readonly number[]): number[] => {
    const counts = noCounts()
    for (const ms of all) countIn(counts, ms)
    return counts
  }

  test.each([
    ['lies between the ends of its step, to two figures', Array.from({ length: 100 }, () => 150), 180, 0.5, [100, 180]],
    ['is never more than the slowest answer', [100, 150, 1900], 1900, 0.99, [1000, 1900]],
    ['knows the slowest even beyond the last step', [45_000], 45_000, 0.5, [30_000, 45_000]],
    ['is small where everything is quick', [3, 4, 5], 5, 0.95, [0, 5]],
  ])('a percentile %s', (_, all, max, share, ends) => {
    const found = percentileOf(counted(all), max, share)
    expect([found?.from, found?.until]).toEqual(ends)
    expect(found?.ms).toBeGreaterThanOrEqual(ends[0] ?? 0)
    expect(found?.ms).toBeLessThanOrEqual(ends[1] ?? 0)
    expect(String(found?.ms).replace(/0+$/, '').length).toBeLessThanOrEqual(2)
  })

  test('is not known where nothing answered', () => {
    expect(percentileOf(noCounts(), 0, 0.95)).toBeNull()
  })

  test('is in order: half of the answers are not slower than most of them', () => {
    assert(
      property(array(integer({ min: 0, max: 60_000 }), { minLength: 1, maxLength: 500 }), (all) => {
        const counts = counted(all)
        const max = Math.max(...all)
        const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => percentileOf(counts, max, share)?.ms ?? -1)
        expect(p50).toBeLessThanOrEqual(p95 ?? 0)
        expect(p95).toBeLessThanOrEqual(p99 ?? 0)
        expect(p99).toBeLessThanOrEqual(Math.max(1, max))
      }),
      { numRuns: 1000 },
    )
  })
})
