import type { Db } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'

/** Since when nothing was measured, and after how many seconds something must be wrong with us. */
export interface Silence {
  readonly since: Instant
  readonly patience: number
}

/** Null: there is nothing to measure. Heartbeats come by themselves, or not: their silence is theirs. */
export async function proberSilence(db: Db): Promise<Silence | null> {
  const running = await db
    .selectFrom('probes')
    .select((eb) => [eb.fn.min('interval_seconds').as('shortest'), eb.fn.min('created_at').as('first')])
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .where('kind', '!=', 'heartbeat')
    .executeTakeFirst()
  if (!running?.first || running.shortest === null) return null
  const measured = await db
    .selectFrom('probe_states')
    .select((eb) => eb.fn.max('measured_at').as('at'))
    .executeTakeFirst()
  return { since: measured?.at ?? running.first, patience: 3 * Number(running.shortest) + 60 }
}
