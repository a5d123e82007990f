import type { Db } from '../../src/database/database.ts'

/** What operators say where checks find otherwise; and the way to the days of a year, of whatever component. */
export async function recordTables(db: Db): Promise<void> {
  await db.schema
    .createTable('explanations')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('component_id', 'text', (c) => c.notNull().references('components.id'))
    .addColumn('body', 'text', (c) => c.notNull())
    .addColumn('locale', 'text', (c) => c.notNull())
    .addColumn('translations', 'text', (c) => c.notNull())
    .addColumn('author', 'text')
    .addColumn('said_at', 'text', (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('explanations_component')
    .on('explanations')
    .columns(['component_id', 'said_at'])
    .execute()
  // These hold all that a line of the record needs: it is read with every snapshot.
  await db.schema
    .createIndex('incidents_told')
    .on('incidents')
    .columns(['began_at', 'source', 'noticed_at', 'told_at', 'dismissed_at'])
    .execute()
  await db.schema.createIndex('promises_record').on('promises').columns(['decided_at', 'kind', 'outcome']).execute()
  await db.schema.createIndex('component_days_day').on('component_days').columns(['day', 'component_id']).execute()
}
