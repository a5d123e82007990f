import type { Db } from '../../src/database/database.ts'
import { bytesColumn } from '../../src/database/dialect.ts'

/** Probes, what is known of them now, and their checks: by the row for hours, rolled up for good. */
export async function checkTables(db: Db): Promise<void> {
  await db.schema
    .createTable('probes')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('component_id', 'text', (c) => c.notNull().references('components.id'))
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('spec', 'text', (c) => c.notNull())
    .addColumn('interval_seconds', 'integer', (c) => c.notNull())
    .addColumn('timeout_ms', 'integer', (c) => c.notNull())
    .addColumn('failures_needed', 'integer', (c) => c.notNull())
    .addColumn('successes_needed', 'integer', (c) => c.notNull())
    .addColumn('down_status', 'text', (c) => c.notNull())
    .addColumn('policy', 'text', (c) => c.notNull())
    .addColumn('publish_after_seconds', 'integer', (c) => c.notNull())
    .addColumn('paused_at', 'text')
    .addColumn('removed_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('probes_component').on('probes').column('component_id').execute()

  await db.schema
    .createTable('probe_states')
    .addColumn('probe_id', 'text', (c) => c.primaryKey().references('probes.id'))
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('since', 'text', (c) => c.notNull())
    .addColumn('answers', 'text', (c) => c.notNull())
    .addColumn('speed', 'text', (c) => c.notNull())
    .addColumn('measured_at', 'text')
    .addColumn('incident_id', 'text')
    .addColumn('acted_at', 'text')
    .addColumn('last_at', 'text')
    .addColumn('last_outcome', 'text')
    .addColumn('last_reason', 'text')
    .addColumn('last_ms', 'integer')
    .addColumn('last_code', 'integer')
    .execute()

  // Time first: rows arrive in order at the end, and leave by range at the beginning.
  await db.schema
    .createTable('checks')
    .addColumn('t', 'integer', (c) => c.notNull())
    .addColumn('probe_id', 'text', (c) => c.notNull())
    .addColumn('outcome', 'integer', (c) => c.notNull())
    .addColumn('ms', 'integer', (c) => c.notNull())
    .addColumn('code', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('checks_key', ['t', 'probe_id'])
    .execute()

  for (const [table, period, type] of [
    ['check_hours', 'hour', 'integer'],
    ['check_days', 'day', 'text'],
  ] as const) {
    await db.schema
      .createTable(table)
      .addColumn('probe_id', 'text', (c) => c.notNull())
      .addColumn(period, type, (c) => c.notNull())
      .addColumn('checks', 'integer', (c) => c.notNull())
      .addColumn('failed', 'integer', (c) => c.notNull())
      .addColumn('slow', 'integer', (c) => c.notNull())
      .addColumn('inconclusive', 'integer', (c) => c.notNull())
      .addColumn('ms_sum', 'integer', (c) => c.notNull())
      .addColumn('ms_max', 'integer', (c) => c.notNull())
      .addColumn('histogram', bytesColumn(db), (c) => c.notNull())
      .addPrimaryKeyConstraint(`${table}_key`, ['probe_id', period])
      .execute()
    await db.schema.createIndex(`${table}_${period}`).on(table).column(period).execute()
  }
}
