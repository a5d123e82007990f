import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'
import { onlyAddedTo } from '../../src/database/dialect.ts'

/** What is kept of each event, beside who and what: by whom and about what it can be found, what it was before, from where. */
export async function auditedEvents(db: Db): Promise<void> {
  await db.schema
    .alterTable('events')
    .addColumn('actor_id', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await db.schema
    .alterTable('events')
    .addColumn('noun', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await db.schema.alterTable('events').addColumn('changes', 'text').execute()
  await nameThem(db)
  await db.schema.createIndex('events_actor').on('events').columns(['actor_id', 'seq']).execute()
  await db.schema.createIndex('events_noun').on('events').columns(['noun', 'seq']).execute()
  await db.schema.createIndex('events_at').on('events').columns(['at', 'seq']).execute()

  await db.schema
    .createTable('event_addresses')
    .addColumn('seq', 'integer', (c) => c.primaryKey().references('events.seq'))
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('address', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('event_addresses_at').on('event_addresses').column('at').execute()

  await onlyAddedTo(db, 'events')
}

const portion = 5000

/** Few people and few kinds of things do most of what happens: a portion of years takes a handful of statements. */
async function nameThem(db: Db): Promise<void> {
  for (let first = 0; ; first += portion) {
    const last = first + portion
    const { rows } = await sql<{ actor: string; type: string }>`
      select distinct actor, type from events where seq > ${first} and seq <= ${last}`.execute(db)
    for (const { actor, type } of rows) {
      await sql`
        update events set actor_id = ${idOf(actor)}, noun = ${type.split('.')[0] ?? ''}
        where seq > ${first} and seq <= ${last} and actor = ${actor} and type = ${type}`.execute(db)
    }
    const { rows: later } = await sql`select seq from events where seq > ${last} limit 1`.execute(db)
    if (later.length === 0) return
  }
}

function idOf(actor: string): string {
  const { id, kind } = JSON.parse(actor) as { readonly id?: string; readonly kind?: string }
  return id ?? kind ?? ''
}
