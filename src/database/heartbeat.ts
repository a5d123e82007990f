import type { Clock } from '../lib/clock.ts'
import type { Db } from './database.ts'

/** A real write every few seconds: a database that only answers questions is not well. */
export interface Heartbeat {
  beat(): Promise<void>
  /** Null, or since when nothing could be written. */
  problem(): string | null
}

/** Beats come every five seconds, so two may be missed. */
const limit = 15_000

export function createHeartbeat(db: Db, clock: Clock): Heartbeat {
  let last: number | null = null
  return {
    async beat() {
      await db
        .insertInto('heartbeats')
        .values({ name: 'process', at: clock.now() })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ at: clock.now() }))
        .execute()
      last = performance.now()
    },
    problem() {
      if (last === null) return 'nothing was written yet'
      const silent = performance.now() - last
      return silent <= limit ? null : `nothing could be written for ${Math.round(silent / 1000)} seconds`
    },
  }
}
