import type { Db } from '../../src/database/database.ts'

/** How the last check of a probe went on its way, for the evidence of an incident. */
export async function traces(db: Db): Promise<void> {
  await db.schema.alterTable('probe_states').addColumn('last_trace', 'text').execute()
}
