import { putVarint, varintsOf } from '../../../lib/varints.ts'
import { outcomes } from './checks.ts'
import { type Counts, addCounts, countIn, noCounts, putCounts, readCounts } from './latency.ts'
import type { HourCheck } from './packed.ts'

/** What checks of one probe from one place amount to, in an hour or a day. */
export interface Sum {
  checks: number
  failed: number
  slow: number
  inconclusive: number
  /** That were measured, and those of them in which it failed. */
  seconds: number
  failedSeconds: number
  /** The slowest answer. */
  msMax: number
  counts: Counts
}

export function noSum(): Sum {
  const none = { checks: 0, failed: 0, slow: 0, inconclusive: 0, seconds: 0, failedSeconds: 0, msMax: 0 }
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

const counted = ['checks', 'failed', 'slow', 'inconclusive', 'seconds', 'failedSeconds'] as const

export function addSum(sum: Sum, more: Sum): void {
  for (const key of counted) sum[key] += more[key]
  sum.msMax = Math.max(sum.msMax, more.msMax)
  addCounts(sum.counts, more.counts)
}

/** One number after the other: some fifteen bytes for an hour. */
export function packedSum(sum: Sum): Uint8Array {
  const bytes: number[] = []
  for (const key of counted) putVarint(bytes, sum[key])
  putVarint(bytes, sum.msMax)
  putCounts(bytes, sum.counts)
  return Buffer.from(bytes)
}

export function unpackedSum(packed: Uint8Array): Sum {
  const numbers = varintsOf(packed)
  const sum = noSum()
  for (const key of counted) sum[key] = numbers.next()
  sum.msMax = numbers.next()
  sum.counts = readCounts(numbers)
  return sum
}
