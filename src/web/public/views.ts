import type { ChartsModel } from './charts-page.ts'
import type { ComponentModel } from './component-page.ts'
import type { DayModel } from './day-page.ts'
import type { EmbedModel } from './embed-page.ts'
import type { FrontModel } from './front.ts'
import type { HistoryModel } from './history-page.ts'
import type { InstanceModel } from './instance-page.ts'
import type { FoundModel, InstancesModel } from './instances-page.ts'
import type { IncidentModel } from './incident-page.ts'
import type { LedgerModel, VerifyModel } from './ledger-page.ts'
import type { MetricModel } from './metric-page.ts'
import type { NoticeModel } from './notice-page.ts'
import type { MaintenanceModel, MaintenancesModel } from './maintenance-page.ts'
import type { MissingModel } from './pages.ts'
import type { RecordMonthModel } from './record-month-page.ts'
import type { RecordModel } from './record-page.ts'
import type { ReportModel, ReportedModel } from './report-page.ts'
import type { SearchModel } from './search-page.ts'
import type { ConfirmModel, DoneModel, KnownModel, LeaveModel, ManageModel } from './subscribing/subscription-pages.ts'
import type { SentModel, SubscribeModel, TelegramModel } from './subscribing/subscribe-page.ts'

/** Every template of the public face, and what each is given. */
export interface PublicViews {
  'public/front': FrontModel
  'public/history': HistoryModel
  'public/search': SearchModel
  'public/subscribe': SubscribeModel
  'public/subscribe-sent': SentModel
  'public/subscribe-telegram': TelegramModel
  'public/subscription-confirm': ConfirmModel
  'public/subscription-done': DoneModel
  'public/subscription-manage': ManageModel
  'public/subscription-leave': LeaveModel
  'public/subscription-known': KnownModel
  'public/incident': IncidentModel
  'public/maintenances': MaintenancesModel
  'public/notice': NoticeModel
  'public/maintenance': MaintenanceModel
  'public/component': ComponentModel
  'public/charts': ChartsModel
  'public/metric': MetricModel
  'public/day': DayModel
  'public/instances': InstancesModel
  'public/instance': InstanceModel
  'public/found': FoundModel
  'public/embed': EmbedModel
  'public/ledger': LedgerModel
  'public/verify': VerifyModel
  'public/record': RecordModel
  'public/record-month': RecordMonthModel
  'public/report': ReportModel
  'public/reported': ReportedModel
  'public/missing': MissingModel
  'public/empty': MissingModel
}
