import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'

/** What is owed to authorities because of an incident, and everything that was ever entered about it. */
export async function clockTables(db: Db): Promise<void> {
  await db.schema
    .createTable('clocks')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
    .addColumn('regime', 'text', (c) => c.notNull())
    .addColumn('name', 'text')
    .addColumn('amount', 'integer')
    .addColumn('unit', 'text')
    .addColumn('runs_from', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('ended_at', 'text')
    .execute()
  await db.schema.createIndex('clocks_incident').on('clocks').columns(['incident_id', 'created_at']).execute()
  // What is open is never much.
  await db.schema
    .createIndex('clocks_open')
    .on('clocks')
    .columns(['created_at', 'id'])
    .where(sql.ref('ended_at'), 'is', null)
    .execute()

  await db.schema
    .createTable('clock_entries')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('clock_id', 'text', (c) => c.notNull().references('clocks.id'))
    .addColumn('place', 'integer', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('author', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('report', 'text')
    .addColumn('happened_at', 'text')
    .addColumn('note', 'text')
    .execute()
  await db.schema
    .createIndex('clock_entries_clock')
    .on('clock_entries')
    .columns(['clock_id', 'place'])
    .unique()
    .execute()
}
