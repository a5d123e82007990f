import type { Db } from '../../../database/database.ts'

/** The components that are being worked on now. */
export async function maintainedComponents(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('impacts')
    .select('component_id')
    .distinct()
    .where('ended_at', 'is', null)
    .where('maintenance_id', 'is not', null)
    .execute()
  return new Set(rows.map((row) => row.component_id))
}
