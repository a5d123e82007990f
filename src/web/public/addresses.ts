import { incidentIds, maintenanceIds, noticeIds } from '../../domain/history/ids.ts'
import { firstMonth } from '../../domain/site/first-month.ts'
import { isQuiet } from '../../domain/status/days.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { monthBefore } from '../../lib/dates.ts'
import type { Read } from '../shared/publication.ts'

/** Every address of each kind of page, in the site's own language: for the mirror and the site map. */
export const addresses = {
  async *months({ site, today }: Snapshot, read: Read): AsyncGenerator<string> {
    const first = await read(['incident', 'maintenance'], firstMonth, site)
    for (const month of monthsBetween(first, today.slice(0, 7))) yield `/history/${month}`
  },
  async *recordMonths(snapshot: Snapshot, read: Read): AsyncGenerator<string> {
    for await (const path of addresses.months(snapshot, read)) yield path.replace('/history/', '/record/')
  },
  async *incidents(_: Snapshot, read: Read): AsyncGenerator<string> {
    for await (const id of await read(['incident'], async (db) => incidentIds(db))) yield `/incidents/${id}`
  },
  async *maintenances(_: Snapshot, read: Read): AsyncGenerator<string> {
    for await (const id of await read(['maintenance'], async (db) => maintenanceIds(db))) yield `/maintenances/${id}`
  },
  async *notices({ recentNotices }: Snapshot, read: Read): AsyncGenerator<string> {
    const [last] = recentNotices
    if (!last) return
    // What is still to be shown is nobody's business.
    for await (const id of await read(['notice'], async (db) => noticeIds(db, last.shownFrom))) yield `/notices/${id}`
  },
  *components({ listed }: Snapshot): Generator<string> {
    for (const { slug } of listed) yield `/components/${encodeURIComponent(slug)}`
  },
  instances({ groups }: Snapshot): string[] {
    return groups.flatMap(({ instanceKey }) =>
      instanceKey === null ? [] : [`/instances/${encodeURIComponent(instanceKey)}`],
    )
  },
  *charts({ listed, site, measured }: Snapshot): Generator<string> {
    if (site.measuring.shown === 'no') return
    for (const { id, slug } of listed) {
      if (measured.has(id)) yield `/components/${encodeURIComponent(slug)}/charts`
    }
  },
  *metrics({ metrics }: Snapshot): Generator<string> {
    for (const { id } of metrics) yield `/charts/${id}`
  },
  /** Of the days on which something happened, and of today; the others have a page too, which says that nothing did. */
  *days({ listed, bars, today }: Snapshot): Generator<string> {
    for (const { id, slug } of listed) {
      for (const day of bars.get(id)?.days ?? []) {
        if (day && (day.day === today || !isQuiet(day))) yield `/components/${encodeURIComponent(slug)}/${day.day}`
      }
    }
  },
}

/** Newest first, both ends among them. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = last; month >= first; month = monthBefore(month)) months.push(month)
  return months
}
