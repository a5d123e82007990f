import type { Db } from '../../src/database/database.ts'

/** How far a step is that goes in portions; null: all of it is done. Here, so that steps from this one on may have some. */
export async function portions(db: Db): Promise<void> {
  await db.schema.alterTable('schema_versions').addColumn('under_way', 'text').execute()
}
