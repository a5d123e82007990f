/**
 * The server's clock, as an agent knows it: from what it says in each answer, and a steady clock in between. What the
 * machine of the agent believes the time to be decides nothing.
 */
export interface ServerClock {
  /** An answer said `serverNow`; it was asked for and came at these steady moments. */
  heard(serverNow: number, asked: number, answered: number): void
  /** The server's time at a steady moment; null: nothing was heard yet, or this machine slept since. */
  at(steady: number): number | null
  /** Forgets what was heard: the steady clock stood still while the world went on. */
  forget(): void
}

interface Sample {
  readonly offset: number
  /** It is wrong by at most half the time that the answer took. */
  readonly took: number
  readonly heardAt: number
}

/** Steady clocks drift by less than a millisecond in so long. */
const keptMs = 60_000

export function serverClock(): ServerClock {
  let best: Sample | null = null
  return {
    heard(serverNow, asked, answered) {
      const took = answered - asked
      const sample = { offset: serverNow - (asked + took / 2), took, heardAt: answered }
      const isStale = best !== null && answered - best.heardAt > keptMs
      // The server's clock was set, or this machine slept without anybody noticing.
      const isElsewhere = best !== null && Math.abs(sample.offset - best.offset) > Math.max(1000, took)
      if (!best || isStale || isElsewhere || took <= best.took) best = sample
    },
    at: (steady) => best && best.offset + steady,
    forget() {
      best = null
    },
  }
}
