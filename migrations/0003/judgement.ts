import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'

/** How patiently a probe is judged, what it depends on, and what many probes of one component say together. */
export async function judgement(db: Db): Promise<void> {
  const probes = db.schema.alterTable('probes')
  await probes.addColumn('failures_of', 'integer', (c) => c.notNull().defaultTo(5)).execute()
  await probes.addColumn('confirm_seconds', 'integer').execute()
  await probes.addColumn('depends_on', 'text', (c) => c.notNull().defaultTo('[]')).execute()
  await probes.addColumn('under_parent', 'text', (c) => c.notNull().defaultTo('hold')).execute()
  // As it was before it could be chosen.
  await sql`update probes set failures_of = failures_needed + 2`.execute(db)

  await db.schema
    .alterTable('probe_states')
    .addColumn('steadiness', 'text', (c) => c.notNull().defaultTo(''))
    .execute()
  await sql`update probe_states set steadiness =
    '{"state":"steady","since":"' || since || '","recent":"1","failures":[],"goodSince":null}'`.execute(db)

  // What is asked every second, whatever the number of probes.
  await db.schema.createIndex('probe_states_measured').on('probe_states').column('measured_at').execute()
  await db.schema.createIndex('probe_verdicts_state').on('probe_verdicts').column('state').execute()
  // Not with removed_at and paused_at first: a planner without statistics takes what is the same in every row for a
  // find, and goes through all probes to see that none is silent.
  await db.schema.createIndex('probes_interval').on('probes').column('interval_seconds').execute()
  await db.schema.createIndex('probes_places').on('probes').column('places').execute()

  await db.schema
    .alterTable('components')
    .addColumn('measured_rule', 'text', (c) => c.notNull().defaultTo('any'))
    .execute()
}
