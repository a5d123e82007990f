import type { Clock } from '../lib/clock.ts'
import { Unavailable } from '../lib/errors.ts'
import { type Db, inTransaction } from './database.ts'

/** A real write every few seconds: a database that only answers questions is not well. */
export interface Heartbeat {
  beat(): Promise<void>
  /** Null, or why nothing can be written, or since when. */
  problem(): string | null
}

/** Beats come every five seconds, so two may be missed. */
const limit = 15_000

export function createHeartbeat(db: Db, clock: Clock): Heartbeat {
  let last: number | null = null
  let fault: string | null = null
  return {
    async beat() {
      try {
        // As every change begins: so it meets what a change would meet.
        await inTransaction(db, (tx) =>
          tx
            .insertInto('heartbeats')
            .values({ name: 'process', at: clock.now() })
            .onConflict((conflict) => conflict.column('name').doUpdateSet({ at: clock.now() }))
            .execute(),
        )
        last = performance.now()
        fault = null
      } catch (error) {
        if (error instanceof Unavailable) fault = error.message
        throw error
      }
    },
    problem() {
      if (fault !== null) return fault
      if (last === null) return 'nothing was written yet'
      const silent = performance.now() - last
      return silent <= limit ? null : `nothing could be written for ${Math.round(silent / 1000)} seconds`
    },
  }
}
