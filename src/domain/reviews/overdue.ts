import type { Db } from '../../database/database.ts'
import type { Clock } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import { oneByOne } from '../../lib/one-by-one.ts'
import { clockActor } from '../changes/actor.ts'
import type { Changer } from '../changes/change.ts'
import { readSite } from '../site/queries.ts'
import { touch } from './actions.ts'
import { newlyOverdue, readAction } from './queries.ts'
import { isOverdue } from './review.ts'

/**
 * Writes down, once for each day that was promised, that it has passed. The page says so from midnight on by itself; this
 * is what operators and followers hear of. Costs a look at the open actions; safe to run twice, and safe to miss.
 */
export async function noteOverdueActions({ db, change, clock }: Parts): Promise<void> {
  const { zone } = await readSite(db)
  const today = dayOf(clock.now(), zone)
  await oneByOne(await newlyOverdue(db, today), ({ id, incidentId, title, dueOn }) =>
    change(clockActor, async (it) => {
      const action = await readAction(it.tx, id)
      if (!action || action.overdueAt !== null || !isOverdue(action, today)) return
      await it.tx.updateTable('actions').set({ overdue_at: it.now }).where('id', '=', id).execute()
      await touch(it, incidentId)
      await it.record({ type: 'action.overdue', subject: incidentId, data: { name: title, action: id, due: dueOn } })
    }),
  )
}

interface Parts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}
