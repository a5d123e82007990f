import type { Db } from '../../database/database.ts'
import type { EventRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Actor } from './actor.ts'
import type { Event } from './events.ts'
import type { Selectable } from 'kysely'

/** Something that happened: who, when, what. `seq` is its place in the true order. */
export type LoggedEvent = { readonly seq: number; readonly at: Instant; readonly actor: Actor } & Event

/** The last thing that happened. One indexed read. */
export async function latestEvent(db: Db): Promise<{ readonly seq: number; readonly at: Instant } | null> {
  const row = await db.selectFrom('events').select(['seq', 'at']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return row ?? null
}

/** The version of the world: the number of the last event, 0 before the first. One indexed read. */
export async function latestVersion(db: Db): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst()
  return Number(row?.seq ?? 0)
}

/** At most `limit` events after `seq`, oldest first. What a follower reads. */
export async function eventsAfter(db: Db, seq: number, limit: number): Promise<LoggedEvent[]> {
  const rows = await db.selectFrom('events').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute()
  return rows.map(toLoggedEvent)
}

/** At most `limit` events before `seq`, newest first; all, or those of one subject. Pages of the audit log. */
export async function eventsBefore(
  db: Db,
  seq: number,
  { limit, subject }: { limit: number; subject?: string },
): Promise<LoggedEvent[]> {
  let query = db.selectFrom('events').selectAll().where('seq', '<', seq)
  if (subject !== undefined) query = query.where('subject', '=', subject)
  const rows = await query.orderBy('seq', 'desc').limit(limit).execute()
  return rows.map(toLoggedEvent)
}

function toLoggedEvent(row: Selectable<EventRow>): LoggedEvent {
  const event = { type: row.type, subject: row.subject, data: JSON.parse(row.data) as unknown } as Event
  return { seq: row.seq, at: row.at, actor: JSON.parse(row.actor) as Actor, ...event }
}
