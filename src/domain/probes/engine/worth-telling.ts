import { type Instant, secondsBetween } from '../../../lib/clock.ts'
import type { Probe, Verdict } from '../probe.ts'

/** A quarter of a day at a check a minute. Sooner, chance alone would open more incidents than it is worth: see decision 035. */
const checksUntilTold = 360

/**
 * Whether what a probe found is an incident by itself. What only comes and goes becomes one when it does not stop; until
 * then it keeps one open that is there, and stands at the desk.
 */
export function isWorthTelling(
  { state, since }: Pick<Verdict, 'state' | 'since'>,
  now: Instant,
  { intervalSeconds }: Pick<Probe, 'intervalSeconds'>,
): boolean {
  if (state === 'intermittent') return secondsBetween(since, now) >= checksUntilTold * intervalSeconds
  return state === 'down' || state === 'slow'
}
