import { sql } from 'kysely'
import type { Db } from '../../src/database/database.ts'

/** Maintenance that repeats, its reminders and its first plan; notices that are pinned, or were changed. */
export async function maintenanceInFull(db: Db): Promise<void> {
  await db.schema
    .createTable('maintenance_series')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('translations', 'text', (c) => c.notNull())
    .addColumn('rule', 'text', (c) => c.notNull())
    .addColumn('zone', 'text', (c) => c.notNull())
    .addColumn('first_at', 'text', (c) => c.notNull())
    .addColumn('seconds', 'integer', (c) => c.notNull())
    .addColumn('components', 'text', (c) => c.notNull())
    .addColumn('runs_by', 'text', (c) => c.notNull())
    .addColumn('author', 'text')
    .addColumn('announced_through', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('maintenance_series_going_on')
    .on('maintenance_series')
    .column('id')
    .where(sql.ref('ended_at'), 'is', null)
    .execute()

  for (const column of ['series_id', 'occurrence', 'original_until', 'window_said_at', 'reminded_at']) {
    await db.schema.alterTable('maintenances').addColumn(column, 'text').execute()
  }
  await db
    .updateTable('maintenances')
    .set((eb) => ({ window_said_at: eb.ref('announced_at') }))
    .execute()
  await db
    .updateTable('maintenances')
    .set((eb) => ({ original_until: eb.ref('planned_until') }))
    .where('began_at', 'is not', null)
    .execute()
  await db.schema
    .createIndex('maintenances_occurrence')
    .unique()
    .on('maintenances')
    .columns(['series_id', 'occurrence'])
    .where(sql.ref('series_id'), 'is not', null)
    .execute()

  for (const column of ['pinned_at', 'changed_at']) {
    await db.schema.alterTable('notices').addColumn(column, 'text').execute()
  }
  await db.schema.createIndex('notices_shown_from').on('notices').columns(['shown_from', 'id']).execute()
}
