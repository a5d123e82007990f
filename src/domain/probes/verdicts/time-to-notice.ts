import type { Probe } from '../probe.ts'
import { quorumOf } from './quorum.ts'
import { mostRecent } from '../checks/recent.ts'

type Patience = Pick<Probe, 'intervalSeconds' | 'timeoutMs' | 'failuresNeeded'> & {
  readonly confirmSeconds?: number | null
}

/** From the end of a check until its verdict stands: results are handed over once a second, and a doubt about ourselves is cleared first. */
const handingOverSeconds = 3

/** Seconds until a verdict that hangs in the balance is checked again. */
export function confirmSeconds(intervalSeconds: number, wished: number | null = null): number {
  return Math.min(wished ?? 15, wished === null ? intervalSeconds / 2 : intervalSeconds)
}

/**
 * The longest that a failure can go unnoticed: it begins right after a check, and each of the checks that confirm it runs
 * into its time limit. Of several places this is the slowest one of those that are needed. Printed beside the form.
 */
export function slowestDetectionSeconds(probe: Patience): number {
  return Math.ceil(probe.intervalSeconds + confirmingSeconds(probe) + handingOverSeconds)
}

/** How long it takes on average, for failures that begin at any time; in each place checks have a time of their own. */
export function averageDetectionSeconds(probe: Patience, places = 1): number {
  // Of so many instants spread at random over an interval, the one that completes a majority.
  const share = quorumOf(places) / (places + 1)
  return Math.ceil(probe.intervalSeconds * share + confirmingSeconds(probe) + handingOverSeconds)
}

/** Until what fails one time in ten, and never for long, is known to come and go: as long as the checks take that are looked at. */
export function intermittentDetectionSeconds({ intervalSeconds }: Pick<Probe, 'intervalSeconds'>): number {
  return mostRecent * intervalSeconds
}

function confirmingSeconds({ intervalSeconds, timeoutMs, failuresNeeded, ...rest }: Patience): number {
  const timeout = timeoutMs / 1000
  const between = Math.max(confirmSeconds(intervalSeconds, rest.confirmSeconds), timeout)
  return (failuresNeeded - 1) * between + timeout
}
