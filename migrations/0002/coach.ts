import type { Db } from '../../src/database/database.ts'

/** Words that this site's customers do not use. */
export async function coachTable(db: Db): Promise<void> {
  await db.schema
    .createTable('jargon')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('word', 'text', (c) => c.notNull())
    .addColumn('instead', 'text')
    .addColumn('locale', 'text')
    .addColumn('created_at', 'text', (c) => c.notNull())
    .execute()
}
