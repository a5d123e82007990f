import type { Db } from '../../src/database/database.ts'

/** Which of several processes does what only one should. */
export async function leases(db: Db): Promise<void> {
  await db.schema
    .createTable('leases')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('holder', 'text', (c) => c.notNull())
    .addColumn('until', 'text', (c) => c.notNull())
    .execute()
}
