import type { Db } from '../../database/database.ts'
import type { Clock } from '../../lib/clock.ts'
import { clockActor } from '../changes/actor.ts'
import type { Changer } from '../changes/change.ts'

/**
 * Job: notices that were written for later and whose time has come are public now, and enter the ledger. Asks for those
 * that are shown, which are few.
 */
export async function noteShownNotices({
  db,
  change,
  clock,
}: {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}): Promise<void> {
  for (const { id } of await unnoted(db, clock).execute()) {
    await change(clockActor, async (it) => {
      // Another process may have been faster.
      const notice = await unnoted(it.tx, clock).where('notices.id', '=', id).executeTakeFirst()
      if (notice) await it.record({ type: 'notice.shown', subject: id, data: { name: notice.name } })
    })
  }
}

function unnoted(db: Db, clock: Clock) {
  const now = clock.now()
  return db
    .selectFrom('notices')
    .select(['notices.id', 'notices.name'])
    .where('notices.shown_from', '<=', now)
    .where((eb) => eb.or([eb('notices.shown_until', 'is', null), eb('notices.shown_until', '>', now)]))
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom('ledger').select('seq').whereRef('ledger.subject', '=', 'notices.id'))),
    )
    .orderBy('notices.id')
    .limit(100)
}
