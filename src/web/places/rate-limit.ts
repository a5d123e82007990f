import { type Clock, millisecondsOf } from '../../lib/clock.ts'

export interface RateLimit {
  /** Whether one more is left for this one; takes it. */
  take(who: string): boolean
  /** Whether one more is left, without taking it. */
  has(who: string): boolean
}

/** So many for each in so long, in windows that follow each other. */
export function rateLimit({
  most,
  inMs,
  clock,
}: {
  readonly most: number
  readonly inMs: number
  readonly clock: Clock
}): RateLimit {
  let window = 0
  const counts = new Map<string, number>()
  const countOf = (who: string): number => {
    const now = Math.floor(millisecondsOf(clock.now()) / inMs)
    if (now !== window) counts.clear()
    window = now
    return counts.get(who) ?? 0
  }
  return {
    take(who) {
      const count = countOf(who) + 1
      counts.set(who, count)
      return count <= most
    },
    has: (who) => countOf(who) < most,
  }
}
