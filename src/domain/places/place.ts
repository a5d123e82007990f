import type { Instant } from '../../lib/clock.ts'

/** The number of the place that is this machine: it is always there. Others count up from it. */
export const here = 0

/** What it is called until somebody gives it a name. */
export const unnamed = 'Here'

/** Where checks are made from. */
export interface Place {
  readonly number: number
  readonly name: string
  readonly createdAt: Instant
  /** Since when it is told the secrets of what it checks; null: it is not, and does not check what has some. */
  readonly trustedAt: Instant | null
  /** When anything was last heard from it; null: never yet, or it is this machine. */
  readonly heardAt: Instant | null
  /** How far its clock was ahead of ours then, in milliseconds. Its checks are dated by ours all the same. */
  readonly clockMs: number | null
  /** The version of Candor that runs there. */
  readonly version: string | null
}

/** A clock that is further off is a fault of that machine, and its operator is told. */
export const wrongClockMs = 60_000

/** Silent for so long, a place is not at work: it asks every few seconds. */
export const silentSeconds = 30

/** Whether a probe is asked from this place now. */
export function isCheckedFrom(
  { pausedAt, places }: { readonly pausedAt: Instant | null; readonly places: readonly number[] | null },
  place: number,
): boolean {
  return pausedAt === null && (places === null || places.includes(place))
}
