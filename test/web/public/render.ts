import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import { componentModel } from '../../../src/web/public/component-page.ts'
import { dayModel } from '../../../src/web/public/day-page.ts'
import { frontModel } from '../../../src/web/public/front.ts'
import { historyModel } from '../../../src/web/public/history-page.ts'
import {
  emptyModel,
  incidentModel,
  maintenanceModel,
  maintenancesModel,
  missingModel,
} from '../../../src/web/public/pages.ts'
import type { PublicViews } from '../../../src/web/public/views.ts'
import { readerOf } from '../../../src/web/shared/i18n.ts'
import type { Locale } from '../../../src/domain/site/site.ts'

const eta = new Eta({ views: fileURLToPath(new URL('../../../views', import.meta.url)), autoEscape: true, cache: true })
const url = 'https://status.example'

/** Every public template with what it shows of a snapshot. */
export function models(snapshot: Snapshot, locale: Locale): PublicViews {
  const reader = readerOf(snapshot, locale)
  const [incident] = snapshot.recentIncidents
  const [maintenance] = snapshot.recentMaintenances
  const component = snapshot.components.find(({ status }) => status !== 'operational') ?? snapshot.components[0]
  if (!incident || !maintenance || !component) throw new Error('The sample has nothing to show.')
  const impacts = incident.impacts.filter(({ componentId }) => componentId === component.id)
  const month = {
    month: snapshot.today.slice(0, 7),
    first: '2025-03',
    incidents: snapshot.pastDays,
    maintenances: [maintenance],
  }
  const day = { component, day: snapshot.today, impacts, incidents: [incident] }
  return {
    'public/front': frontModel(snapshot, reader, url),
    'public/history': historyModel(month, snapshot, reader, url),
    'public/incident': incidentModel(incident, snapshot, reader, url),
    'public/maintenances': maintenancesModel(snapshot, reader, url),
    'public/maintenance': maintenanceModel(maintenance, snapshot, reader, url),
    'public/component': componentModel(component, snapshot.pastDays, snapshot, reader, url),
    'public/day': dayModel(day, snapshot, reader, url),
    'public/missing': missingModel(snapshot, reader, url),
    'public/empty': emptyModel(snapshot, reader, url),
  }
}

export function draw<Name extends keyof PublicViews>(name: Name, model: PublicViews[Name]): string {
  return eta.render(name, model)
}
