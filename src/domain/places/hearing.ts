import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'

// Bookkeeping of what places say: nobody would read about it, so it is no change.

/** Notes that a place was heard. */
export async function noteHeard(
  db: Db,
  number: number,
  { at, clockMs, version }: { readonly at: Instant; readonly clockMs: number; readonly version: string },
): Promise<void> {
  await db
    .updateTable('places')
    .set({ heard_at: at, clock_ms: clockMs, version })
    .where('number', '=', number)
    .execute()
}

/** A process begins to speak for a place; whichever did before speaks for it no longer. Answers the session's number. */
export async function beginSession(db: Db, number: number): Promise<number> {
  const row = await db
    .updateTable('places')
    .set((eb) => ({ session: eb('session', '+', 1), last_batch: 0 }))
    .where('number', '=', number)
    .returning('session')
    .executeTakeFirstOrThrow()
  return row.session
}

/** Notes that a batch of the present session was taken, so that it is taken once. */
export async function noteTaken(db: Db, number: number, session: number, batch: number): Promise<void> {
  await db
    .updateTable('places')
    .set({ last_batch: batch })
    .where('number', '=', number)
    .where('session', '=', session)
    .execute()
}
