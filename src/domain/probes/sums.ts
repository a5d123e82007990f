import type { CheckRollUpRow } from '../../database/tables/probes.ts'
import { type Counts, addCounts, countIn, noCounts, packedCounts, unpackedCounts } from './latency.ts'
import type { HourCheck } from './packed.ts'
import { outcomes } from './checks.ts'

/** What checks of one probe from one place amount to, in an hour or a day. */
export interface Sum {
  checks: number
  failed: number
  slow: number
  inconclusive: number
  /** That were measured, and those of them in which it failed. */
  seconds: number
  failedSeconds: number
  msSum: number
  msMax: number
  counts: Counts
}

export function noSum(): Sum {
  const none = { checks: 0, failed: 0, slow: 0, inconclusive: 0, seconds: 0, failedSeconds: 0, msSum: 0, msMax: 0 }
  return { ...none, counts: noCounts() }
}

/** An hour that checks are added to, in their order. */
export interface HourSum {
  readonly sum: Sum
  /** No check stands for more seconds than this. */
  readonly most: number
  last: Pick<HourCheck, 'second' | 'outcome'> | null
}

/** A check stands for the time until the next one, but at most for two intervals: what lies beyond was not measured. */
export function hourSum(intervalSeconds: number): HourSum {
  return { sum: noSum(), most: 2 * intervalSeconds, last: null }
}

export function addCheck(hour: HourSum, check: HourCheck): void {
  const { sum, last, most } = hour
  // The first one stands for the beginning of the hour as well, which the check before it belongs to.
  stand(sum, last?.outcome ?? check.outcome, Math.min(check.second - (last?.second ?? 0), most))
  hour.last = { second: check.second, outcome: check.outcome }
  const outcome = outcomes[check.outcome]
  sum.checks += 1
  if (outcome === 'fail') sum.failed += 1
  if (outcome === 'slow') sum.slow += 1
  if (outcome === 'inconclusive') sum.inconclusive += 1
  // How long a failure took says nothing about how fast answers are.
  if (check.ms < 0 || (outcome !== 'pass' && outcome !== 'slow')) return
  sum.msSum += check.ms
  sum.msMax = Math.max(sum.msMax, check.ms)
  countIn(sum.counts, check.ms)
}

/** The sum of the whole hour, once all checks are in it. */
export function closed({ sum, last, most }: HourSum): Sum {
  if (last) stand(sum, last.outcome, Math.min(3600 - last.second, most))
  return sum
}

function stand(sum: Sum, outcome: number, seconds: number): void {
  const word = outcomes[outcome]
  if (word === 'inconclusive') return
  sum.seconds += seconds
  if (word === 'fail') sum.failedSeconds += seconds
}

export function addSum(sum: Sum, more: Sum): void {
  for (const key of ['checks', 'failed', 'slow', 'inconclusive', 'seconds', 'failedSeconds', 'msSum'] as const) {
    sum[key] += more[key]
  }
  sum.msMax = Math.max(sum.msMax, more.msMax)
  addCounts(sum.counts, more.counts)
}

type SumColumns = Omit<CheckRollUpRow, 'probe' | 'place'>

export function columnsOf({ failedSeconds, msSum, msMax, counts, ...sum }: Sum): SumColumns {
  return {
    ...sum,
    failed_seconds: failedSeconds,
    ms_sum: msSum,
    ms_max: msMax,
    histogram: packedCounts(counts),
  }
}

export function sumIn(row: SumColumns): Sum {
  const { checks, failed, slow, inconclusive, seconds } = row
  return {
    checks,
    failed,
    slow,
    inconclusive,
    seconds,
    failedSeconds: row.failed_seconds,
    msSum: row.ms_sum,
    msMax: row.ms_max,
    counts: unpackedCounts(row.histogram),
  }
}
