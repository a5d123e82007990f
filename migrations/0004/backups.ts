import type { Db } from '../../src/database/database.ts'

/** What was backed up, when and where, or why not: so that nobody has to wonder at night. */
export async function backups(db: Db): Promise<void> {
  await db.schema
    .createTable('backups')
    // Of a schedule, when it was due: who writes this row makes that backup, and nobody else does.
    .addColumn('due_at', 'text', (c) => c.primaryKey())
    .addColumn('began_at', 'text', (c) => c.notNull())
    .addColumn('ended_at', 'text')
    .addColumn('place', 'text', (c) => c.notNull())
    .addColumn('bytes', 'bigint')
    .addColumn('problem', 'text')
    .execute()
}
