import type { Db } from '../../src/database/database.ts'

/** What programs keep with incidents and maintenances, to find them again. */
export async function metadata(db: Db): Promise<void> {
  await db.schema
    .createTable('metadata')
    .addColumn('subject_id', 'text', (c) => c.primaryKey())
    .addColumn('data', 'text', (c) => c.notNull())
    .addColumn('updated_at', 'text', (c) => c.notNull())
    .execute()
}
