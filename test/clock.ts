import { type Clock, type Instant, instantOf, millisecondsOf } from '../src/lib/clock.ts'

/** A clock that stands still until it is told. */
export interface StoppedClock extends Clock {
  /** `'10m'`, `'2h'`, `'3d'`, `'45s'`. */
  advance(by: string): void
  set(instant: string): void
}

const units: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }

export function stoppedClock(start: string): StoppedClock {
  let now = start as Instant
  return {
    now: () => now,
    advance(by) {
      const [, count, unit] = /^(\d+)([smhd])$/.exec(by) ?? []
      const seconds = Number(count) * (units[unit ?? ''] ?? Number.NaN)
      if (Number.isNaN(seconds)) throw new Error(`Advance by what? ${by}`)
      now = instantOf(millisecondsOf(now) + seconds * 1000)
    },
    set(instant) {
      now = instantOf(millisecondsOf(instant as Instant))
    },
  }
}
