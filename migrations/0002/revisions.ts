import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'

/** What was said before it was corrected, and which revision of a text its translations translate. */
export async function revisionTables(db: Db): Promise<void> {
  await db.schema
    .createTable('revisions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('of', 'text', (c) => c.notNull())
    .addColumn('subject_id', 'text', (c) => c.notNull())
    .addColumn('owner_id', 'text', (c) => c.notNull())
    .addColumn('component_id', 'text')
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('author', 'text')
    .addColumn('reason', 'text')
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .addColumn('shown', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('revisions_owner').on('revisions').columns(['owner_id', 'at']).execute()
  await db.schema.createIndex('revisions_subject').on('revisions').columns(['subject_id', 'at']).execute()
  await db.schema
    .createIndex('revisions_component')
    .on('revisions')
    .columns(['component_id', 'at'])
    .where(sql.ref('component_id'), 'is not', null)
    .execute()

  await db.schema
    .alterTable('updates')
    .addColumn('revision', 'integer', (c) => c.notNull().defaultTo(0))
    .execute()
  await db.schema
    .alterTable('updates')
    .addColumn('translates', 'text', (c) => c.notNull().defaultTo('{}'))
    .execute()
  // Withdrawn ones are few for ever.
  for (const owner of ['incident_id', 'maintenance_id']) {
    await db.schema
      .createIndex(`updates_withdrawn_${owner}`)
      .on('updates')
      .column(owner)
      .where(sql.ref('withdrawn_at'), 'is not', null)
      .execute()
  }
}
