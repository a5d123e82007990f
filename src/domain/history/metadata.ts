import type { Db } from '../../database/database.ts'
import { Invalid } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'

/** What a program keeps with something, by names of its own: readers never see it. */
export type Metadata = Readonly<Record<string, object>>

const longest = 10_000

/** Keeps this with an incident or a maintenance, in the place of what was kept before. */
export async function keepMetadata(
  change: Change,
  thing: { readonly kind: 'incident' | 'maintenance'; readonly id: string; readonly name: string },
  metadata: Readonly<Record<string, unknown>>,
): Promise<void> {
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new Invalid('must be an object, as all that stands first in metadata', `metadata.${key.slice(0, 60)}`)
  }
  const data = JSON.stringify(metadata)
  if (data.length > longest) throw new Invalid(`must have at most ${longest} characters as JSON`, 'metadata')
  const known = await metadataOf(change.tx, [thing.id])
  if (data === JSON.stringify(known.get(thing.id) ?? {})) return
  const row = { data, updated_at: change.now }
  await change.tx
    .insertInto('metadata')
    .values({ subject_id: thing.id, ...row })
    .onConflict((it) => it.column('subject_id').doUpdateSet(row))
    .execute()
  await change.record({ type: `${thing.kind}.annotated`, subject: thing.id, data: { name: thing.name } })
}

/** By the id of what it was kept with. */
export async function metadataOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, Metadata>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('metadata').selectAll().where('subject_id', 'in', ids).execute()
  return new Map(rows.map(({ subject_id: id, data }) => [id, JSON.parse(data) as Metadata]))
}
