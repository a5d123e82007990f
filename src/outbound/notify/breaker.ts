export interface BreakerSettings {
  /** So many failures in a row open it. */
  readonly after: number
  readonly firstMs: number
  readonly longestMs: number
}

/** Spares a destination that is out of order, and us the attempts: after a while one is let through to see. */
export interface Breaker {
  /** How often it opened since it last worked. */
  readonly openings: number
  isOpen(): boolean
  /** 0: go ahead, and say what became of it. Else in how many milliseconds to ask again. */
  wait(now: number): number
  passed(): void
  /** Answers for how many milliseconds this opens it; null: it does not. */
  failed(now: number): number | null
  /** It said nothing of the destination. */
  undecided(): void
}

export const usualBreaker: BreakerSettings = { after: 5, firstMs: 15_000, longestMs: 300_000 }
/** While the one that was let through is under way. */
const whileTryingMs = 1000

export function breaker({ after, firstMs, longestMs }: BreakerSettings = usualBreaker): Breaker {
  let failures = 0
  let openings = 0
  let openUntil = -Infinity
  let isTrying = false
  return {
    get openings() {
      return openings
    },
    isOpen: () => failures >= after,
    wait(now) {
      if (failures < after) return 0
      if (now < openUntil) return openUntil - now
      if (isTrying) return whileTryingMs
      isTrying = true
      return 0
    },
    passed() {
      failures = 0
      openings = 0
      isTrying = false
    },
    failed(now) {
      failures += 1
      // Others that were under way when it opened say nothing new.
      if (failures !== after && !isTrying) return null
      isTrying = false
      const ms = Math.min(longestMs, firstMs * 2 ** Math.min(20, openings))
      openUntil = now + ms
      openings += 1
      return ms
    },
    undecided() {
      isTrying = false
    },
  }
}
