import type { Instant } from '../../lib/clock.ts'
import type { Snapshot } from './snapshot-types.ts'

/** When anything that the snapshot shows last changed; never the time of reading, or no two documents were alike. */
export function changedAt(snapshot: Snapshot): Instant {
  const { site, groups, components, recentIncidents, openIncidents, recentMaintenances, openMaintenances } = snapshot
  // One that was written beforehand is news when it is shown.
  const notices = snapshot.recentNotices.map(({ shownFrom, updatedAt }) =>
    updatedAt > shownFrom ? updatedAt : shownFrom,
  )
  return [groups, components, recentIncidents, openIncidents, recentMaintenances, openMaintenances]
    .flatMap((things) => latestOf(things) ?? [])
    .concat(notices)
    .reduce((latest, at) => (at > latest ? at : latest), site.updatedAt)
}

type Things = readonly { readonly updatedAt: Instant }[]

/** Snapshots share lists that say the same, and several documents say when they changed. */
const latest = new WeakMap<Things, Instant | null>()

function latestOf(things: Things): Instant | null {
  const known = latest.get(things)
  if (known !== undefined) return known
  const found = things.reduce<Instant | null>(
    (last, { updatedAt }) => (last && last > updatedAt ? last : updatedAt),
    null,
  )
  latest.set(things, found)
  return found
}
