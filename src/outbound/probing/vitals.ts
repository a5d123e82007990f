import type { Histogram } from './histogram.ts'

/** How late checks began, and what waits. */
export interface Vitals {
  readonly lateness: Histogram
  readonly probes: number
  readonly running: number
  /** Checks that are due and wait for their turn. */
  readonly queued: number
  /** Results that wait to be handed over, and those that were dropped. */
  readonly waiting: number
  readonly dropped: number
}
