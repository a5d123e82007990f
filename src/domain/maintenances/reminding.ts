import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { MaintenanceRow } from '../../database/tables.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { oneByOne } from '../../lib/one-by-one.ts'
import { clockActor } from '../changes/actor.ts'
import type { Change, Changer } from '../changes/change.ts'

type Row = Selectable<MaintenanceRow>
type Plan = Pick<Row, 'planned_from' | 'planned_until' | 'began_at' | 'window_said_at' | 'reminded_at'>

/** Seconds before the planned beginning. */
const ahead = { '7d': 7 * 86_400, '24h': 86_400, '1h': 3600 } as const

export type Lead = keyof typeof ahead | 'start' | 'end'

/**
 * The reminder that is due: the last of those whose moment has come, so that nobody who was away is told at ten to eight
 * that something begins in a day. Each once; none for a moment that was past when readers were told of this window,
 * and all of them again for a window that was moved.
 */
export function dueReminder(plan: Plan, now: Instant): { readonly lead: Lead; readonly at: Instant } | null {
  const { planned_from: from, planned_until: until } = plan
  const moments = [
    ...(Object.keys(ahead) as (keyof typeof ahead)[]).map((lead) => ({ lead, at: later(from, -ahead[lead]) })),
    { lead: 'start' as const, at: from },
    { lead: 'end' as const, at: until },
  ]
  const last = moments.findLast(({ at }) => at <= now)
  if (!last) return null
  // Begun early by hand: readers were told that it has.
  if (plan.began_at !== null && last.lead !== 'end' && plan.began_at < from) return null
  const isKnown = [plan.window_said_at, plan.reminded_at].some((since) => since !== null && since >= last.at)
  return isKnown ? null : last
}

/** Job: reminds of what begins or ends soon, or now. Safe to run twice, and safe to miss. */
export async function remindOfMaintenances({ db, change, clock }: Parts): Promise<void> {
  const now = clock.now()
  const soon = await open(db).where('planned_from', '<=', later(now, ahead['7d'])).execute()
  const due = soon.filter((row) => dueReminder(row, now))
  await oneByOne(due, ({ id }) => change(clockActor, (it) => remind(it, id)))
}

interface Parts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}

async function remind(change: Change, id: string): Promise<void> {
  const row = await open(change.tx).where('id', '=', id).executeTakeFirst()
  const due = row && dueReminder(row, change.now)
  if (!row || !due) return
  // Not `updated_at`: nothing that readers see has changed.
  await change.tx.updateTable('maintenances').set({ reminded_at: due.at }).where('id', '=', id).execute()
  await change.record({ type: 'maintenance.reminded', subject: id, data: { name: row.name, lead: due.lead } })
}

/** O(what is planned): the index of what is open, by its planned beginning. */
function open(db: Db) {
  return db
    .selectFrom('maintenances')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .where('announced_at', 'is not', null)
    .orderBy('planned_from')
    .orderBy('id')
    .limit(500)
}
