import { type Instant, later, millisecondsOf } from '../../../lib/clock.ts'
import { type CronTimes, longestGap, nextRun, readCron } from '../../../lib/cron-times.ts'

/** When somebody is to be heard of: every so long, or by the clock of a place. */
export interface Expected {
  /** Seconds between two signs of life; null where cron says when. */
  readonly period: number | null
  readonly cron: string | null
  readonly zone: string
  /** How much later a sign of life may come. */
  readonly grace: number
  /** How long a run may take once it said that it began; null: nobody asks. */
  readonly longestRun: number | null
}

/** Machines disagree about the time: a sign of life that comes so shortly before its minute is for that minute. */
const earlySeconds = 30

/** By when the next sign of life must have come, after one at this instant. */
export function deadlineAfter(expected: Expected, at: Instant): Instant {
  const { period, cron, zone, grace } = expected
  if (period !== null) return later(at, period + grace)
  return later(nextRun(timesOf(cron ?? ''), zone, later(at, earlySeconds)), grace)
}

/** The deadline after one that was missed. */
export function deadlineAfterMiss(expected: Expected, missed: Instant): Instant {
  const { period, cron, zone, grace } = expected
  if (period !== null) return later(missed, period)
  return later(nextRun(timesOf(cron ?? ''), zone, later(missed, -grace)), grace)
}

/**
 * Whether the call that this deadline waits for may have come between two instants: from when it is due, or since the run
 * began that is to end, until the deadline.
 */
export function mayHaveCalled(
  { grace, longestRun }: Expected,
  { deadline, startedAt }: { readonly deadline: Instant; readonly startedAt: Instant | null },
  { from, until }: { readonly from: Instant; readonly until: Instant },
): boolean {
  const isRun = startedAt !== null && longestRun !== null && deadline === later(startedAt, longestRun)
  return deadline >= from && (isRun ? startedAt : later(deadline, -grace)) < until
}

/** What is missed while nobody could hear it is expected once more: a whole period, or the next time by the clock. */
export function deadlineAfterOutage(expected: Expected, deadline: Instant, back: Instant): Instant {
  const again = expected.period === null ? deadlineAfter(expected, back) : later(back, expected.period + expected.grace)
  return millisecondsOf(again) > millisecondsOf(deadline) ? again : deadline
}

/** The longest time in which nothing need be heard, in seconds. */
export function longestSilence({ period, cron, grace }: Expected): number {
  return (period ?? longestGap(timesOf(cron ?? ''))) + grace
}

function timesOf(text: string): CronTimes {
  const times = readCron(text)
  if ('fault' in times) throw new Error(`A schedule that was accepted cannot be read: ${text}`)
  return times
}
