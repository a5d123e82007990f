import { incidentIds, maintenanceIds } from '../../domain/history/ids.ts'
import { firstMonth } from '../../domain/site/first-month.ts'
import { countedSince, stripDays } from '../../domain/status/days.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { addDays, dayOf, daysFrom } from '../../lib/days.ts'
import { monthBefore } from '../../lib/dates.ts'
import type { Read } from '../shared/publication.ts'

/** Every address of each kind of page, in the site's own language: for the mirror and the site map. */
export const addresses = {
  async *months({ site, today }: Snapshot, read: Read): AsyncGenerator<string> {
    const first = await read(['incident', 'maintenance'], (db) => firstMonth(db, site))
    for (const month of monthsBetween(first, today.slice(0, 7))) yield `/history/${month}`
  },
  async *incidents(_: Snapshot, read: Read): AsyncGenerator<string> {
    for await (const id of await read(['incident'], async (db) => incidentIds(db))) yield `/incidents/${id}`
  },
  async *maintenances(_: Snapshot, read: Read): AsyncGenerator<string> {
    for await (const id of await read(['maintenance'], async (db) => maintenanceIds(db))) yield `/maintenances/${id}`
  },
  *components({ components }: Snapshot): Generator<string> {
    for (const { slug } of components) yield `/components/${encodeURIComponent(slug)}`
  },
  /** Of the days that bars lead to; older ones have a page too, that no link leads to but that of an incident. */
  *days({ components, site, today }: Snapshot): Generator<string> {
    const first = addDays(today, 1 - stripDays)
    for (const component of components) {
      const began = dayOf(countedSince(component, site.zone), site.zone)
      for (const day of daysFrom(began > first ? began : first, today))
        yield `/components/${encodeURIComponent(component.slug)}/${day}`
    }
  },
}

/** Newest first, both ends among them. */
export function monthsBetween(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = last; month >= first; month = monthBefore(month)) months.push(month)
  return months
}
