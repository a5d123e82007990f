import type { Db } from '../../src/database/database.ts'

/** What every kind of probe expects, beside what its own kind asks; and its secrets, in a table that no page reads. */
export async function probeQuestions(db: Db): Promise<void> {
  await db.schema
    .alterTable('probes')
    .addColumn('expects', 'text', (c) => c.notNull().defaultTo('{"latencyLimitMs":null}'))
    .execute()
  await db.schema
    .createTable('probe_secrets')
    .addColumn('probe_id', 'text', (c) => c.primaryKey().references('probes.id'))
    .addColumn('sealed', 'text', (c) => c.notNull())
    .execute()
  const rows = await db.selectFrom('probes').select(['id', 'spec']).execute()
  for (const { id, spec } of rows) {
    const { latencyLimitMs = null, ...own } = JSON.parse(spec) as { latencyLimitMs?: number | null }
    await db
      .updateTable('probes')
      .set({ spec: JSON.stringify(own), expects: JSON.stringify({ latencyLimitMs }) })
      .where('id', '=', id)
      .execute()
  }
}
