import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'

/** What calls us, by when it must, and what it said that no verdict knows yet. */
export async function heartbeatTables(db: Db): Promise<void> {
  await db.schema
    .createTable('probe_heartbeats')
    .addColumn('probe_id', 'text', (c) => c.primaryKey().references('probes.id'))
    .addColumn('token_hash', 'text', (c) => c.unique())
    .addColumn('next_deadline', 'text')
    .addColumn('pinged_at', 'text')
    .addColumn('started_at', 'text')
    .addColumn('took_ms', 'bigint')
    .addColumn('log', 'text')
    .addColumn('logged_at', 'text')
    .addColumn('untaken', 'text', (c) => c.notNull().defaultTo('[]'))
    .addColumn('untaken_at', 'text')
    .execute()
  // Of ten thousand that are well, only those that are late are looked at.
  await db.schema
    .createIndex('probe_heartbeats_deadline')
    .on('probe_heartbeats')
    .columns(['next_deadline', 'probe_id'])
    .execute()
  await db.schema
    .createIndex('probe_heartbeats_untaken')
    .on('probe_heartbeats')
    .columns(['untaken_at', 'probe_id'])
    .where(sql.ref('untaken_at'), 'is not', null)
    .execute()
}
