import type { Change } from '../changes/change.ts'

/**
 * What ends with probes that are removed: what they kept to themselves, their silence, and what waits for them. A draft
 * of theirs no longer publishes itself, because nobody looks any more; what depended on them stands on its own.
 */
export async function letGo(change: Change, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await change.tx.deleteFrom('probe_secrets').where('probe_id', 'in', ids).execute()
  await holdDrafts(change, ids)
  const rows = await change.tx
    .selectFrom('probes')
    .select(['id', 'depends_on'])
    .where('depends_on', '!=', '[]')
    .where('removed_at', 'is', null)
    .execute()
  for (const { id, depends_on: text } of rows) {
    const parents = JSON.parse(text) as string[]
    const rest = parents.filter((parent) => !ids.includes(parent))
    if (rest.length === parents.length) continue
    await change.tx
      .updateTable('probes')
      .set({ depends_on: JSON.stringify(rest), updated_at: change.now })
      .where('id', '=', id)
      .execute()
  }
}

/**
 * A draft that these probes made no longer publishes itself: nobody looks any more, or asks something else, so a person
 * decides. One that a person has given a time keeps it.
 */
export async function holdDrafts(change: Change, ids: readonly string[]): Promise<void> {
  await change.tx
    .updateTable('incidents')
    .set({ publishes_at: null, updated_at: change.now })
    .where('probe_id', 'in', ids)
    .where('held_by', '=', 'engine')
    .where('told_at', 'is', null)
    .where('dismissed_at', 'is', null)
    .execute()
}
