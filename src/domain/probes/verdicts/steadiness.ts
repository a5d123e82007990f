import type { Instant } from '../../../lib/clock.ts'
import { type Recent, failuresIn, mostRecent, noneRecent, withRecent, withoutLast } from '../checks/recent.ts'

/**
 * Whether failures come and go: what never fails often enough in a row to be down, and yet fails. It looks at the checks
 * that did not make it down, because those have had their verdict.
 */
export interface Steadiness {
  readonly state: 'steady' | 'intermittent'
  /** Back-dated: to the first of the failures that made it so, or to the first success of those that ended it. */
  readonly since: Instant
  readonly recent: Recent
  /** The latest failures, oldest first. */
  readonly failures: readonly Instant[]
  /** The first success after the last failure. */
  readonly goodSince: Instant | null
}

/** A tenth of the last checks. */
const failuresToBegin = Math.ceil(mostRecent / 10)
/** Fewer than three in a hundred, of thirty: none. */
const failuresToEnd = Math.ceil((mostRecent * 3) / 100) - 1

export function freshSteadiness(now: Instant): Steadiness {
  return { state: 'steady', since: now, recent: noneRecent, failures: [], goodSince: null }
}

/** After one more check that was counted. */
export function steadinessAfter(before: Steadiness, outcome: 'pass' | 'slow' | 'fail', at: Instant): Steadiness {
  const recent = withRecent(before.recent, outcome)
  const failures = outcome === 'fail' ? [...before.failures, at].slice(-2 * failuresToBegin) : before.failures
  const goodSince = outcome === 'fail' ? null : (before.goodSince ?? at)
  const next = { ...before, recent, failures, goodSince }
  const failed = failuresIn(recent)
  if (before.state === 'steady' && failed >= failuresToBegin)
    return { ...next, state: 'intermittent', since: failures.at(-failuresToBegin) ?? failures[0] ?? at }
  if (before.state === 'intermittent' && recent.length === mostRecent && failed <= failuresToEnd)
    return { ...next, state: 'steady', since: goodSince ?? at }
  return next
}

/** Without the last `count` checks, of which this many failed: they made it down, and are not told a second time. */
export function withoutTheLast(
  before: Steadiness,
  { count, failed }: { readonly count: number; readonly failed: number },
): Steadiness {
  const failures = before.failures.slice(0, Math.max(0, before.failures.length - failed))
  return { ...before, recent: withoutLast(before.recent, count), failures, goodSince: null }
}
