import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'

/**
 * What was called as its component goes on being called as that: whoever gives a system its name means both, and readers
 * would meet the old one in what the probe says. A probe with a name of its own keeps it.
 */
export async function renameProbes(
  change: Change,
  componentId: string,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<void> {
  const probes = await change.tx
    .selectFrom('probes')
    .select('id')
    .where('component_id', '=', componentId)
    .where('name', '=', before)
    .where('removed_at', 'is', null)
    .orderBy('number')
    .execute()
  for (const { id } of probes) {
    await change.tx.updateTable('probes').set({ name: after, updated_at: change.now }).where('id', '=', id).execute()
    await change.record(
      { type: 'probe.changed', subject: id, data: { name: after, fields: ['name'] } },
      differences(['name'], { name: before }, { name: after }),
    )
  }
}
