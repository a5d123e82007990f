import type { Instant } from '../../../lib/clock.ts'
import type { Change } from '../../changes/change.ts'
import { settleImpacts } from '../../status/settle.ts'

/**
 * Keeps "not measured" true: a component that has probes, none of which knows anything now, is publicly unknown, and
 * stops being so when one finds that it answers. Found down it stays so: until somebody says that, it would be green.
 * `at`: since when it is so, or no longer so.
 */
export async function settleSight(change: Change, componentId: string, probeId: string, at: Instant): Promise<void> {
  const probes = await change.tx
    .selectFrom('probes')
    .leftJoin('probe_verdicts', 'probe_verdicts.probe_id', 'probes.id')
    .select(['probes.id', 'probes.paused_at', 'probe_verdicts.state'])
    .where('probes.component_id', '=', componentId)
    .where('probes.removed_at', 'is', null)
    .execute()
  const known = probes.flatMap((probe) => (probe.paused_at === null ? (probe.state ?? []) : []))
  const isBlind = probes.length > 0 && known.every((state) => state === 'unknown')
  const isSeen =
    probes.length === 0 || known.some((state) => state === 'up' || state === 'slow' || state === 'intermittent')
  const open = await change.tx
    .selectFrom('impacts')
    .select(['id', 'began_at'])
    .where('component_id', '=', componentId)
    .where('ended_at', 'is', null)
    .where('status', '=', 'unknown')
    .where('probe_id', 'is not', null)
    .execute()
  if (isBlind && open.length === 0) {
    await change.tx
      .insertInto('impacts')
      .values({
        id: change.ids.next(),
        component_id: componentId,
        status: 'unknown',
        began_at: at,
        ended_at: null,
        said_at: change.now,
        incident_id: null,
        maintenance_id: null,
        probe_id: probeId,
      })
      .execute()
    await settleImpacts(change, [componentId], at)
  }
  if (!isSeen || open.length === 0) return
  for (const { id, began_at: began } of open) {
    await change.tx
      .updateTable('impacts')
      .set({ ended_at: at < began ? began : at })
      .where('id', '=', id)
      .execute()
  }
  await settleImpacts(
    change,
    [componentId],
    open.map((impact) => impact.began_at).reduce((a, b) => (a < b ? a : b), at),
  )
}
