import type { Db } from '../../src/database/database.ts'

/** What is written before it is said: words that somebody types, words that wait for their time or for a second person, templates. */
export async function composingTables(db: Db): Promise<void> {
  await db.schema
    .createTable('scratches')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('form', 'text', (c) => c.notNull())
    .addColumn('version', 'integer', (c) => c.notNull())
    .addColumn('began_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('scratches_subject').on('scratches').columns(['subject', 'account_id']).unique().execute()
  await db.schema.createIndex('scratches_account').on('scratches').columns(['account_id', 'updated_at']).execute()
  await db.schema.createIndex('scratches_updated').on('scratches').column('updated_at').execute()

  await db.schema
    .createTable('waiting_updates')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('author', 'text', (c) => c.notNull())
    .addColumn('word', 'text', (c) => c.notNull())
    .addColumn('seen', 'text')
    .addColumn('publishes_at', 'text')
    .addColumn('held_because', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  // It holds only what still waits, so every list of it is short.
  await db.schema.createIndex('waiting_updates_incident').on('waiting_updates').column('incident_id').execute()
  await db.schema.createIndex('waiting_updates_due').on('waiting_updates').column('publishes_at').execute()

  await db.schema
    .createTable('confirmations')
    .addColumn('subject', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('author', 'text', (c) => c.notNull())
    .addColumn('asked_at', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .createTable('templates')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('use', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('title', 'text')
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('translations', 'text', (c) => c.notNull())
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('templates_use').on('templates').columns(['use', 'name', 'id']).execute()

  // A draft that turned out to be part of an incident that is open: no false alarm.
  await db.schema.alterTable('incidents').addColumn('merged_into', 'text').execute()
}
