import { type Instant, later } from '../../../lib/clock.ts'
import { type ComponentStatus, worse } from '../../components/component.ts'
import type { Locale, Translations } from '../../site/site.ts'
import type { Probe, Settled } from '../probe.ts'
import { slowestDetectionSeconds } from '../verdicts/time-to-notice.ts'

/** What is said of a component and what its probes find, where the two are not the same for longer than they may be. */
export interface Disagreement {
  readonly componentId: string
  readonly declared: ComponentStatus
  /** What the probes amount to. */
  readonly measured: ComponentStatus
  /** Since when the two stand against each other. */
  readonly since: Instant
  /** From when on readers are told: probes are patient, and people get the time in which a draft waits for them. */
  readonly shownFrom: Instant
  readonly explanation: Explanation | null
}

/** What an operator says to it. It stands beside what was measured, never instead. */
export interface Explanation {
  readonly id: string
  readonly body: string
  readonly locale: Locale
  readonly translations: Translations<'body'>
  readonly author: string | null
  readonly at: Instant
}

/** One probe that is at work. */
export interface Seen extends Pick<
  Probe,
  'downStatus' | 'intervalSeconds' | 'timeoutMs' | 'failuresNeeded' | 'publishAfterSeconds'
> {
  readonly state: Settled
  readonly since: Instant
}

export interface Declared {
  readonly status: ComponentStatus
  /** When it was said last that it is so. */
  readonly since: Instant
}

type Found = Pick<Disagreement, 'measured' | 'since' | 'shownFrom'>

/** What comes and goes is not well before it has been so for this long: the engine resolves no sooner. */
const recoverySeconds = 10 * 60

/**
 * Failing while nobody says so, or well while it is said to be out of order. How bad it is, people know better: between
 * "slow" and "down" there is no disagreement, and none within a maintenance, where probes are quiet.
 */
export function disagreementOf(seen: readonly Seen[], declared: Declared): Found | null {
  if (declared.status === 'operational' || declared.status === 'unknown') return failing(seen, declared)
  if (declared.status === 'partial_outage' || declared.status === 'major_outage') return well(seen, declared)
  return null
}

function failing(seen: readonly Seen[], declared: Declared): Found | null {
  const bad = seen.filter(({ state }) => state === 'down' || state === 'slow' || state === 'intermittent')
  const since = earliest(bad.map((one) => latest(one.since, declared.since)))
  const shownFrom = earliest(
    bad.map((one) => later(latest(one.since, declared.since), patienceSeconds(one, one.publishAfterSeconds))),
  )
  if (since === undefined || shownFrom === undefined) return null
  const found = bad.map((one): ComponentStatus => (one.state === 'down' ? one.downStatus : 'degraded_performance'))
  return { measured: found.reduce(worse), since, shownFrom }
}

function well(seen: readonly Seen[], declared: Declared): Found | null {
  const known = seen.filter(({ state }) => state !== 'unknown')
  if (known.length === 0 || known.some(({ state }) => state !== 'up')) return null
  const since = known.map((one) => one.since).reduce(latest, declared.since)
  const waits = known.map((one) => patienceSeconds(one, Math.max(one.publishAfterSeconds, recoverySeconds)))
  return { measured: 'operational', since, shownFrom: later(since, Math.max(...waits)) }
}

/** As long as it may take to find out, and then as long as people have to say it themselves. */
function patienceSeconds(probe: Seen, publishAfterSeconds: number): number {
  return slowestDetectionSeconds(probe) + publishAfterSeconds
}

function latest(a: Instant, b: Instant): Instant {
  return a > b ? a : b
}

function earliest(instants: readonly Instant[]): Instant | undefined {
  return instants.toSorted()[0]
}
