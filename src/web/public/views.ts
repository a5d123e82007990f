import type { ComponentModel } from './component-page.ts'
import type { DayModel } from './day-page.ts'
import type { FrontModel } from './front.ts'
import type { HistoryModel } from './history-page.ts'
import type { IncidentModel, MaintenanceModel, MaintenancesModel, MissingModel } from './pages.ts'

/** Every template of the public face, and what each is given. */
export interface PublicViews {
  'public/front': FrontModel
  'public/history': HistoryModel
  'public/incident': IncidentModel
  'public/maintenances': MaintenancesModel
  'public/maintenance': MaintenanceModel
  'public/component': ComponentModel
  'public/day': DayModel
  'public/missing': MissingModel
  'public/empty': MissingModel
}
