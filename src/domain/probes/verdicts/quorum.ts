import type { Instant } from '../../../lib/clock.ts'
import type { Reason } from '../finding.ts'
import type { Settled } from '../probe.ts'

/** What one place says of a probe. A place that went silent says `unknown`, and does not count. */
export interface Voice {
  readonly place: number
  readonly state: Settled
  readonly since: Instant
  /** What its last check found, where that was not good. */
  readonly reason: Reason | null
}

/** What all of them say together. */
export interface Joint {
  readonly state: Settled
  readonly since: Instant
  readonly reason: Reason | null
}

const gravity: Readonly<Record<Settled, number>> = { unknown: -1, up: 0, slow: 1, intermittent: 2, down: 3 }

/**
 * The verdict of all places, over one snapshot of them: the worst state that more than half of those that know something
 * find it in, or worse. So there is no tie: with as many that fail as do not, it does not fail. `at` stands in where
 * nobody ever knew anything.
 */
export function jointly(voices: readonly Voice[], at: Instant): Joint {
  const counting = voices.filter(({ state }) => state !== 'unknown')
  const majority = quorumOf(counting.length)
  if (counting.length === 0) return { state: 'unknown', since: latest(voices) ?? at, reason: reasonOf(voices) }
  // So many must have let go of something worse for the rest to be no majority.
  const enough = counting.length - majority + 1
  let worse: Voice[] = []
  for (const state of ['down', 'intermittent', 'slow'] as const) {
    const troubled = atLeast(counting, state)
    if (troubled.length >= majority) {
      const since = nth(troubled, majority)
      const eased = state === 'down' ? since : nth(except(counting, worse), enough)
      return { state, since: eased > since ? eased : since, reason: reasonOf(troubled) }
    }
    worse = troubled
  }
  return { state: 'up', since: nth(except(counting, worse), enough), reason: null }
}

/** More than half. */
export function quorumOf(places: number): number {
  return Math.floor(places / 2) + 1
}

function atLeast(voices: readonly Voice[], state: Settled): Voice[] {
  return voices.filter((voice) => gravity[voice.state] >= gravity[state])
}

function except(voices: readonly Voice[], others: readonly Voice[]): Voice[] {
  return voices.filter((voice) => !others.includes(voice))
}

/** When the n-th of them came to say so. */
function nth(voices: readonly Voice[], n: number): Instant {
  const voice = voices.toSorted((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : a.place - b.place))[n - 1]
  if (!voice) throw new Error(`Only ${voices.length} of ${n} places say so.`)
  return voice.since
}

function latest(voices: readonly Voice[]): Instant | null {
  return (
    voices
      .map(({ since }) => since)
      .toSorted()
      .at(-1) ?? null
  )
}

function reasonOf(voices: readonly Voice[]): Reason | null {
  return voices.toSorted((a, b) => a.place - b.place).find(({ reason }) => reason !== null)?.reason ?? null
}
