import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'

/** What was learned from an incident, and what is to be done about it by when. */
export async function reviewTables(db: Db): Promise<void> {
  await db.schema
    .createTable('reviews')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('incident_id', 'text', (c) => c.notNull().unique().references('incidents.id'))
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('heads', 'text', (c) => c.notNull())
    .addColumn('translations', 'text', (c) => c.notNull())
    .addColumn('author', 'text')
    .addColumn('preliminary_at', 'text')
    .addColumn('final_at', 'text')
    .addColumn('corrected_at', 'text')
    .addColumn('draft', 'text')
    .addColumn('drafted_at', 'text')
    .addColumn('drafted_by', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('actions')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
    .addColumn('title', 'text', (c) => c.notNull())
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('translations', 'text', (c) => c.notNull())
    .addColumn('owner', 'text')
    .addColumn('due_on', 'text', (c) => c.notNull())
    .addColumn('first_due_on', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('word', 'text')
    .addColumn('settled_at', 'text')
    .addColumn('overdue_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('actions_incident').on('actions').columns(['incident_id', 'due_on']).execute()
  await db.schema
    .createIndex('actions_open')
    .on('actions')
    .columns(['due_on', 'id'])
    .where(sql.ref('settled_at'), 'is', null)
    .execute()
  // Reviews that are owed, late ones too: however many were written in ten years.
  await db.schema
    .createIndex('promises_of_reviews')
    .on('promises')
    .columns(['due_at', 'id'])
    .where(sql.ref('kind'), '!=', 'update')
    .where(sql.ref('came_at'), 'is', null)
    .execute()
}
