import type { Db } from '../../database/database.ts'
import type { EventRow } from '../../database/tables/audit.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import type { Actor } from './actor.ts'
import type { Difference } from './difference.ts'
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

/** One thing by which events can be found in the order in which they happened: each has an index of its own. */
export type FoundBy =
  { readonly subject: string } | { readonly actor: string } | { readonly noun: string } | Readonly<Record<never, never>>

/** With what the fields that changed were and are. */
export type AuditedEvent = LoggedEvent & { readonly changes: readonly Difference[] }

/** At most `limit` events before `seq`, newest first; all, or those of one subject, actor or noun. Pages of the log. */
export async function eventsBefore(
  db: Db,
  seq: number,
  { limit, ...by }: { readonly limit: number } & FoundBy,
): Promise<AuditedEvent[]> {
  let query = db.selectFrom('events').selectAll().where('seq', '<', seq)
  if ('subject' in by) query = query.where('subject', '=', by.subject)
  else if ('actor' in by) query = query.where('actor_id', '=', by.actor)
  else if ('noun' in by) query = query.where('noun', '=', by.noun)
  const rows = await query.orderBy('seq', 'desc').limit(limit).execute()
  return rows.map((row) => ({
    ...toLoggedEvent(row),
    changes: row.changes === null ? [] : (JSON.parse(row.changes) as Difference[]),
  }))
}

/** The number after the last event before this moment: where a page begins that ends there. */
export async function seqBefore(db: Db, moment: Instant): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select('seq')
    .where('at', '<', moment)
    .orderBy('at', 'desc')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (row?.seq ?? 0) + 1
}

/** From where these events came, as far as it is still known. */
export async function addressesOf(db: Db, seqs: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (seqs.length === 0) return new Map()
  const rows = await db.selectFrom('event_addresses').select(['seq', 'address']).where('seq', 'in', seqs).execute()
  return new Map(rows.map(({ seq, address }) => [seq, address]))
}

/**
 * Forgets from where things were done more than so many days ago; what was done stays. A portion at a time, so that
 * nothing waits for it.
 */
export async function forgetAddresses(db: Db, clock: Clock, days: number): Promise<void> {
  const before = later(clock.now(), -days * 24 * 3600)
  for (;;) {
    const rows = await db
      .selectFrom('event_addresses')
      .select('seq')
      .where('at', '<', before)
      .orderBy('at')
      .limit(1000)
      .execute()
    if (rows.length === 0) return
    const seqs = rows.map(({ seq }) => seq)
    await db.deleteFrom('event_addresses').where('seq', 'in', seqs).execute()
  }
}

function toLoggedEvent(row: Selectable<EventRow>): LoggedEvent {
  const event = { type: row.type, subject: row.subject, data: JSON.parse(row.data) as unknown } as Event
  return { seq: row.seq, at: row.at, actor: JSON.parse(row.actor) as Actor, ...event }
}
