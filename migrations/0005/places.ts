import type { Db } from '../../src/database/database.ts'

/** Which places are told the secrets of probes. Those that are there learnt them long ago. */
export async function places(db: Db): Promise<void> {
  await db.schema.alterTable('places').addColumn('trusted_at', 'text').execute()
  await db
    .updateTable('places')
    .set((eb) => ({ trusted_at: eb.ref('created_at') }))
    .execute()
}
