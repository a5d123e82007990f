import type { Instant } from '../../lib/clock.ts'
import type { Snapshot } from './snapshot-types.ts'

/** When anything that the snapshot shows last changed; never the time of reading, or no two documents were alike. */
export function changedAt(snapshot: Snapshot): Instant {
  const { site, groups, components, recentIncidents, openIncidents, recentMaintenances, openMaintenances } = snapshot
  // One that was written beforehand is news when it is shown.
  const notices = snapshot.recentNotices.map(({ shownFrom, updatedAt }) => ({
    updatedAt: updatedAt > shownFrom ? updatedAt : shownFrom,
  }))
  const things = [
    groups,
    components,
    recentIncidents,
    openIncidents,
    recentMaintenances,
    openMaintenances,
    notices,
  ].flat()
  return things.reduce((latest, { updatedAt }) => (updatedAt > latest ? updatedAt : latest), site.updatedAt)
}
