import type { Db } from '../../src/database/database.ts'

/** The chain of what was disclosed. */
export async function ledgerTable(db: Db): Promise<void> {
  await db.schema
    .createTable('ledger')
    .addColumn('seq', 'integer', (c) => c.primaryKey())
    .addColumn('at', 'text', (c) => c.notNull())
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('entry', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull())
    .addColumn('ends', 'bigint', (c) => c.notNull())
    .execute()
  // The last word on something; where in the file a byte stands.
  await db.schema.createIndex('ledger_subject').on('ledger').columns(['subject', 'seq']).execute()
  await db.schema.createIndex('ledger_ends').on('ledger').column('ends').unique().execute()
}
