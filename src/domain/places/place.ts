import type { Instant } from '../../lib/clock.ts'

/** The number of the place that is this machine: it is always there. Others count up from it. */
export const here = 0

/** Whether a probe is asked from this place now. */
export function isCheckedFrom(
  { pausedAt, places }: { readonly pausedAt: Instant | null; readonly places: readonly number[] | null },
  place: number,
): boolean {
  return pausedAt === null && (places === null || places.includes(place))
}
