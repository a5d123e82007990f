import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'

/**
 * Where checks are made from. What one place knows of a probe is kept apart from what all of them together say; place 0
 * is this machine. A primary key cannot be altered in both databases: a new table, a copy, and the old name.
 */
export async function places(db: Db): Promise<void> {
  await db.schema
    .createTable('places')
    .addColumn('number', 'integer', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    // Null: this machine needs none.
    .addColumn('sealed_key', 'text')
    .addColumn('version', 'text')
    .addColumn('heard_at', 'text')
    .addColumn('clock_ms', 'integer')
    .addColumn('session', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('last_batch', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('revoked_at', 'text')
    .execute()
  // Since when this machine checks does not matter: it always did.
  await sql`insert into places (number, name, created_at) values (0, 'Here', '2026-01-01T00:00:00.000Z')`.execute(db)
  await db.schema.alterTable('probes').addColumn('places', 'text').execute()

  await db.schema
    .createTable('probe_verdicts')
    .addColumn('probe_id', 'text', (c) => c.primaryKey().references('probes.id'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('since', 'text', (c) => c.notNull())
    .addColumn('incident_id', 'text')
    .addColumn('acted_at', 'text')
    .execute()
  await sql`insert into probe_verdicts (probe_id, state, since, incident_id, acted_at)
    select probe_id, state, since, incident_id, acted_at from probe_states`.execute(db)
  await db.schema.createIndex('probe_verdicts_incident').on('probe_verdicts').column('incident_id').execute()

  await db.schema
    .createTable('states_by_place')
    .addColumn('probe_id', 'text', (c) => c.notNull().references('probes.id'))
    .addColumn('place', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('since', 'text', (c) => c.notNull())
    .addColumn('answers', 'text', (c) => c.notNull())
    .addColumn('speed', 'text', (c) => c.notNull())
    .addColumn('measured_at', 'text')
    .addColumn('last_at', 'text')
    .addColumn('last_outcome', 'text')
    .addColumn('last_reason', 'text')
    .addColumn('last_ms', 'integer')
    .addColumn('last_code', 'integer')
    .addPrimaryKeyConstraint('probe_states_key', ['probe_id', 'place'])
    .execute()
  await sql`insert into states_by_place
    (probe_id, state, since, answers, speed, measured_at, last_at, last_outcome, last_reason, last_ms, last_code)
    select probe_id, state, since, answers, speed, measured_at, last_at, last_outcome, last_reason, last_ms, last_code
    from probe_states`.execute(db)
  await replace(db, 'probe_states', 'states_by_place')

  await db.schema
    .createTable('checks_by_place')
    .addColumn('t', 'integer', (c) => c.notNull())
    .addColumn('probe_id', 'text', (c) => c.notNull())
    .addColumn('place', 'integer', (c) => c.notNull().defaultTo(0))
    .addColumn('outcome', 'integer', (c) => c.notNull())
    .addColumn('ms', 'integer', (c) => c.notNull())
    .addColumn('code', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('checks_by_place_key', ['t', 'probe_id', 'place'])
    .execute()
  await sql`insert into checks_by_place (t, probe_id, outcome, ms, code)
    select t, probe_id, outcome, ms, code from checks`.execute(db)
  await replace(db, 'checks', 'checks_by_place')
}

async function replace(db: Db, table: string, by: string): Promise<void> {
  await db.schema.dropTable(table).execute()
  await db.schema.alterTable(by).renameTo(table).execute()
}
