import type { Change } from '../src/domain/changes/change.ts'
import { announceMaintenance } from '../src/domain/maintenances/commands.ts'
import { announceSeries } from '../src/domain/maintenances/repeating.ts'
import { type Instant, later } from '../src/lib/clock.ts'
import { maintenance } from './stories.ts'

/** Planned work: what comes tomorrow, and what comes round every second Tuesday. */
export async function planWork(change: Change, from: Instant, idOf: (name: string) => string): Promise<void> {
  await announceMaintenance(change, {
    name: maintenance.name,
    body: maintenance.body,
    plannedFrom: from,
    plannedUntil: later(from, 2 * 3600),
    components: maintenance.components.map(idOf),
    translations: maintenance.translations,
  })
  await announceSeries(change, {
    name: 'Restore of a backup, as an exercise',
    body: 'Reports and exports wait until it is over. Nothing is lost.',
    plannedFrom: later(from, 5 * 3600),
    plannedUntil: later(from, 6 * 3600),
    components: [idOf('Reports and exports')],
    rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU',
  })
}
