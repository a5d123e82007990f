import type { Db } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'
import { clockActor } from '../../changes/actor.ts'
import type { Changer } from '../../changes/change.ts'
import { expectedOf } from '../kinds/heartbeat.ts'
import { heartbeatsDueFrom } from './queries.ts'
import { deadlineAfterOutage, mayHaveCalled } from './timing.ts'

/** In the table of what this process last did. */
const name = 'heartbeat deadlines'

/** When somebody last looked who is late, also in a process before this one; null: nobody ever did. */
export async function lastLook(db: Db): Promise<Instant | null> {
  const row = await db.selectFrom('heartbeats').select('at').where('name', '=', name).executeTakeFirst()
  return row?.at ?? null
}

export async function noteLook(db: Db, at: Instant): Promise<void> {
  await db
    .insertInto('heartbeats')
    .values({ name, at })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ at }))
    .execute()
}

/**
 * What may have called between two instants, when nobody could hear it, is expected once more, and the record says so:
 * its deadline was then, or it was due then and had time left. All other deadlines are left alone. All in one change, so that a process that
 * ends in the middle of it does not take the rest for silence.
 */
export async function forgive(change: Changer, { from, until }: { from: Instant; until: Instant }): Promise<void> {
  await change(clockActor, async ({ tx, record }) => {
    for (const { probeId, name, spec, nextDeadline, startedAt } of await heartbeatsDueFrom(tx, from)) {
      if (nextDeadline === null) continue
      const waited = { deadline: nextDeadline, startedAt }
      if (!mayHaveCalled(expectedOf(spec), waited, { from, until })) continue
      const again = deadlineAfterOutage(expectedOf(spec), nextDeadline, until)
      await tx
        .updateTable('probe_heartbeats')
        .set({ next_deadline: again, started_at: null })
        .where('probe_id', '=', probeId)
        .execute()
      await record({
        type: 'heartbeat.forgiven',
        subject: probeId,
        data: { name, deadline: nextDeadline, until: again },
      })
    }
    await noteLook(tx, until)
  })
}
