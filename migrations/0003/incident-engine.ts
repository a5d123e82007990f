import type { Db } from '../../src/database/database.ts'

/** What the engine of incidents remembers: how often one came back, what was measured, what was annulled, who is muted. */
export async function incidentEngine(db: Db): Promise<void> {
  await db.schema
    .alterTable('incidents')
    .addColumn('came_back', 'text', (c) => c.notNull().defaultTo('[]'))
    .execute()
  await db.schema.alterTable('incidents').addColumn('intermittent_at', 'text').execute()
  await db.schema.alterTable('incidents').addColumn('annulled_at', 'text').execute()
  await db.schema.alterTable('revisions').addColumn('annulment_id', 'text').execute()
  await db.schema
    .createTable('annulments')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
    .addColumn('component_id', 'text')
    .addColumn('from_at', 'text', (c) => c.notNull())
    .addColumn('until_at', 'text', (c) => c.notNull())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('author', 'text')
    .addColumn('reason', 'text', (c) => c.notNull())
    .execute()
  await db.schema.createIndex('annulments_incident').on('annulments').columns(['incident_id', 'at']).execute()

  // Outlives the probe and its checks: it belongs to the incident.
  await db.schema
    .createTable('incident_evidence')
    .addColumn('incident_id', 'text', (c) => c.notNull().references('incidents.id'))
    .addColumn('probe_id', 'text', (c) => c.notNull())
    .addColumn('moment', 'text', (c) => c.notNull())
    .addColumn('taken_at', 'text', (c) => c.notNull())
    .addColumn('evidence', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('incident_evidence_pk', ['incident_id', 'probe_id', 'moment'])
    .execute()

  await db.schema
    .createTable('probe_mutes')
    .addColumn('probe_id', 'text', (c) => c.primaryKey().references('probes.id'))
    .addColumn('muted_at', 'text', (c) => c.notNull())
    .addColumn('until_at', 'text')
    .addColumn('author', 'text', (c) => c.notNull())
    .execute()

  await db.schema
    .alterTable('sites')
    .addColumn('evidence', 'text', (c) => c.notNull().defaultTo('yes'))
    .execute()
}
