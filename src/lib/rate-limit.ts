import { type Clock, millisecondsOf } from './clock.ts'
import { recentlyKnown } from './recently-known.ts'

/** So many at once, and as many again in so long, one by one. */
export interface Policy {
  /** Programs see it. */
  readonly name: string
  readonly most: number
  readonly seconds: number
}

/** How somebody stands with a limit. */
export interface Standing {
  readonly policy: Policy
  /** Nothing was left to take. */
  readonly isOver: boolean
  readonly left: number
  /** Seconds until the next one, where nothing is left; else until all are there again. */
  readonly wait: number
}

export interface RateLimit {
  /** Takes one for this one, if one is left. */
  take(who: string): Standing
  /** The same, without taking it. */
  look(who: string): Standing
}

/** In memory alone: a restart forgives. */
const mostKnown = 20_000
/** Of what was taken: thirds of a second do not add up. */
const tiny = 1e-6

/** A bucket for each: `who` is an account, a token, a network, or empty for all together. */
export function rateLimit(policy: Policy, now: () => number): RateLimit {
  const interval = (policy.seconds * 1000) / policy.most
  /** When each has all of it again. */
  const fullAt = recentlyKnown<number>(mostKnown)
  /** How many are missing; a clock that was set back makes nobody wait longer than ever. */
  const missing = (who: string, at: number): number =>
    Math.min(policy.most, Math.max(0, ((fullAt.get(who) ?? at) - at) / interval))
  const standing = (gone: number, isOver: boolean): Standing => {
    const left = Math.floor(policy.most - gone + tiny)
    const until = isOver ? gone - policy.most + 1 : gone
    return { policy, isOver, left, wait: Math.max(isOver ? 1 : 0, Math.ceil((until * interval) / 1000 - tiny)) }
  }
  const isOver = (gone: number): boolean => policy.most - gone + tiny < 1
  return {
    take(who) {
      const at = now()
      const gone = missing(who, at)
      if (isOver(gone)) return standing(gone, true)
      fullAt.set(who, at + (gone + 1) * interval)
      return standing(gone + 1, false)
    },
    look(who) {
      const gone = missing(who, now())
      return standing(gone, isOver(gone))
    },
  }
}

export function millisecondsBy(clock: Clock): () => number {
  return () => millisecondsOf(clock.now())
}
