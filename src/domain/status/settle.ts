import type { Instant } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import { recomputeDays } from './strips.ts'

/**
 * Called by every command after it changed public impacts: counts the days since `from` again, or those until `until`
 * where nothing changed after it, and marks the components as changed. Costs the days between the two, not the history
 * behind them.
 */
export async function settleImpacts(
  change: Change,
  componentIds: readonly string[],
  from: Instant,
  until: Instant = change.now,
): Promise<void> {
  if (componentIds.length === 0) return
  const site = await change.tx.selectFrom('sites').select('zone').executeTakeFirst()
  const zone = site?.zone ?? 'UTC'
  for (const componentId of new Set(componentIds)) {
    await recomputeDays(change.tx, { componentId, zone, from, until, now: change.now })
  }
  await change.tx
    .updateTable('components')
    .set({ updated_at: change.now })
    .where('id', 'in', [...new Set(componentIds)])
    .execute()
}
