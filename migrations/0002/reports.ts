import type { Db } from '../../src/database/database.ts'

/** What readers say does not work. Nothing here says who they are. */
export async function reportTables(db: Db): Promise<void> {
  await db.schema.alterTable('sites').addColumn('reports', 'text').execute()
  await db.schema
    .createTable('reports')
    .addColumn('token', 'text', (c) => c.primaryKey())
    .addColumn('incident_id', 'text', (c) => c.references('incidents.id'))
    .addColumn('component_id', 'text', (c) => c.references('components.id'))
    .addColumn('at', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('reports_at').on('reports').columns(['at', 'token']).execute()
  await db.schema.createIndex('reports_component').on('reports').columns(['component_id', 'at']).execute()
  await db.schema.createIndex('reports_incident').on('reports').columns(['incident_id', 'at']).execute()
  await db.schema
    .createTable('report_hours')
    .addColumn('incident_id', 'text', (c) => c.notNull())
    .addColumn('component_id', 'text', (c) => c.notNull())
    .addColumn('hour', 'text', (c) => c.notNull())
    .addColumn('reports', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('report_hours_key', ['incident_id', 'component_id', 'hour'])
    .execute()
  await db.schema.createIndex('report_hours_hour').on('report_hours').column('hour').execute()
  await db.schema
    .createTable('report_bursts')
    .addColumn('component_id', 'text', (c) => c.notNull().references('components.id'))
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
    .addColumn('reports', 'integer', (c) => c.notNull())
    .addColumn('minutes', 'integer', (c) => c.notNull())
    .addPrimaryKeyConstraint('report_bursts_key', ['component_id', 'at'])
    .execute()
  await db.schema.createIndex('report_bursts_incident').on('report_bursts').column('incident_id').execute()
}
