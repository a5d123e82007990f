import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'

/** How operators themselves are called, and what they were called for. */
export async function alerts(db: Db): Promise<void> {
  await db.schema
    .createTable('alert_channels')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('channel', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('target_sealed', 'text', (c) => c.notNull())
    .addColumn('kinds', 'text', (c) => c.notNull())
    // So long others may react before this is used.
    .addColumn('after_minutes', 'integer', (c) => c.notNull())
    .addColumn('proven_at', 'text')
    .addColumn('disabled_at', 'text')
    .addColumn('disabled_because', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('alert_channels_account').on('alert_channels').column('account_id').execute()

  await db.schema
    .createTable('alerts')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    // What somebody does something to who reacts: the subject of an event.
    .addColumn('about', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('data', 'text', (c) => c.notNull())
    // Of one of many that came at once: the alert that calls for all of them.
    .addColumn('part_of', 'text')
    .addColumn('calls_for', 'text', (c) => c.notNull().defaultTo('one'))
    // When nobody had to be called any more: somebody reacted, or it was over.
    .addColumn('settled_at', 'text')
    .addColumn('settled_by', 'text')
    // When there was no reason for it any more.
    .addColumn('over_at', 'text')
    .execute()
  await db.schema
    .createIndex('alerts_open')
    .on('alerts')
    .columns(['kind', 'subject'])
    .unique()
    .where(sql.ref('over_at'), 'is', null)
    .execute()
  // Read every two seconds, whatever was called for in ten years.
  await db.schema
    .createIndex('alerts_standing')
    .on('alerts')
    .columns(['at', 'id'])
    .where(sql.ref('over_at'), 'is', null)
    .execute()
  await db.schema.createIndex('alerts_at').on('alerts').columns(['at', 'id']).execute()
  await db.schema.createIndex('alerts_part').on('alerts').column('part_of').execute()
  await db.schema.createIndex('alerts_before').on('alerts').columns(['kind', 'subject', 'over_at']).execute()
  // Few among all probes, and looked for often.
  await db.schema
    .createIndex('probe_states_expiring')
    .on('probe_states')
    .column('probe_id')
    .where(sql.ref('last_reason'), '=', sql.lit('expiring'))
    .execute()
}
