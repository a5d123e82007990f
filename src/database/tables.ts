import type { Generated } from 'kysely'
import type { Instant } from '../lib/clock.ts'
import type { AlertTables } from './tables/alerts.ts'
import type { BackupRow } from './tables/backups.ts'
import type { EventAddressRow, EventRow } from './tables/audit.ts'
import type { JargonRow } from './tables/coach.ts'
import type { ConfirmationRow, ScratchRow, TemplateRow, WaitingUpdateRow } from './tables/composing.ts'
import type { ChallengeRow, CodeAppRow, HalfSignInRow, PasskeyRow, RecoveryCodeRow } from './tables/factors.ts'
import type { ComponentDayRow } from './tables/days.ts'
import type { ProbeHeartbeatRow } from './tables/heartbeats.ts'
import type { AnnulmentRow, EngineColumns, IncidentEvidenceRow, ProbeMuteRow } from './tables/incident-engine.ts'
import type { DeliveryTables } from './tables/deliveries.ts'
import type { IdentityTables } from './tables/identities.ts'
import type { LedgerRow } from './tables/ledger.ts'
import type { MetadataRow } from './tables/metadata.ts'
import type { MetricRow, MetricSlotRow, MetricSumRow } from './tables/metrics.ts'
import type { MaintenanceInFull, MaintenanceSeriesRow, NoticeInFull } from './tables/maintenance.ts'
import type { AccountRow, InvitationRow, SessionRow, TokenRow } from './tables/people.ts'
import type { PlaceRow } from './tables/places.ts'
import type { PromiseRow } from './tables/promises.ts'
import type {
  CheckRollUpRow,
  CheckRow,
  CheckSampleRow,
  ProbeRow,
  ProbeSecretRow,
  ProbeStateRow,
  ProbeVerdictRow,
} from './tables/probes.ts'
import type { ClockEntryRow, ClockRow } from './tables/regulators.ts'
import type { ReportBurstRow, ReportHourRow, ReportRow } from './tables/reports.ts'
import type { ActionRow, ReviewRow } from './tables/reviews.ts'
import type { ExplanationRow } from './tables/record.ts'
import type { RequestOnceRow } from './tables/requests-once.ts'
import type { RevisionRow } from './tables/revisions.ts'
import type { SubscriberTables } from './tables/subscribers.ts'

/**
 * A row type for every table. Two databases, one representation: instants are text, flags are nullable instants,
 * choices are words, JSON is text. `Json` columns are written and parsed by the noun's own queries.
 */
export interface Tables extends IdentityTables, SubscriberTables, DeliveryTables, AlertTables {
  schema_versions: { version: number; name: string; applied_at: Instant; under_way: Json | null }
  heartbeats: { name: string; at: Instant }
  leases: { name: string; holder: string; until: Instant }
  backups: BackupRow
  events: EventRow
  event_addresses: EventAddressRow
  sites: SiteRow
  logos: { name: string; content_type: string; bytes: Uint8Array }
  groups: GroupRow
  components: ComponentRow
  impacts: ImpactRow
  incidents: IncidentRow
  annulments: AnnulmentRow
  incident_evidence: IncidentEvidenceRow
  updates: UpdateRow
  maintenances: MaintenanceRow
  maintenance_series: MaintenanceSeriesRow
  maintenance_components: { maintenance_id: string; component_id: string }
  notices: NoticeRow
  explanations: ExplanationRow
  jargon: JargonRow
  clocks: ClockRow
  clock_entries: ClockEntryRow
  requests_once: RequestOnceRow
  revisions: RevisionRow
  reviews: ReviewRow
  reports: ReportRow
  report_hours: ReportHourRow
  report_bursts: ReportBurstRow
  actions: ActionRow
  ledger: LedgerRow
  component_days: ComponentDayRow
  component_strips: { component_id: string; last_day: string; days: Uint8Array }
  probes: ProbeRow
  probe_secrets: ProbeSecretRow
  probe_mutes: ProbeMuteRow
  probe_heartbeats: ProbeHeartbeatRow
  places: PlaceRow
  probe_states: ProbeStateRow
  probe_verdicts: ProbeVerdictRow
  checks: CheckRow
  check_hours: CheckRollUpRow
  check_days: CheckRollUpRow
  /** `hour_closed_at`: of its hours the last time; empty: before anybody noted it. */
  check_days_due: { day: number; hour_closed_at: string }
  check_samples: CheckSampleRow
  metadata: MetadataRow
  metrics: MetricRow
  metric_slots: MetricSlotRow
  metric_hours: MetricSumRow & { hour: number }
  metric_days: MetricSumRow & { day: number }
  accounts: AccountRow
  invitations: InvitationRow
  sessions: SessionRow
  code_apps: CodeAppRow
  recovery_codes: RecoveryCodeRow
  passkeys: PasskeyRow
  challenges: ChallengeRow
  half_sign_ins: HalfSignInRow
  tokens: TokenRow
  promises: PromiseRow
  scratches: ScratchRow
  waiting_updates: WaitingUpdateRow
  confirmations: ConfirmationRow
  templates: TemplateRow
  sign_in_failures: { key: string; failures: number; last_at: Instant }
}

/** JSON as text. */
type Json = string

export interface SiteRow {
  id: string
  name: string
  description: string | null
  zone: string
  locale: string
  translations: Json
  accent: string | null
  accent_dark: string | null
  css: string | null
  logo: Json | null
  /** What is promised where nobody chooses; null: as the product does. */
  terms: Json | null
  /** How readers are asked; null: as the product does. */
  reports: Json | null
  /** How long what was measured is kept, and whether readers see it; null: as the product does. */
  measuring: Json | null
  /** Whether readers see on incidents what was measured. */
  evidence: Generated<'yes' | 'no'>
  /** Whether everybody at the desk needs one. */
  second_factor: Generated<'optional' | 'required'>
  set_up_at: Instant | null
  created_at: Instant
  updated_at: Instant
}

export interface GroupRow {
  id: string
  name: string
  description: string | null
  translations: Json
  position: number
  /** What makes a group an instance: the key customers know it by, `EU42`. */
  instance_key: string | null
  location: string | null
  environment: string | null
  /** Customers' own domains and account ids. Never shown: they say who the customers are. */
  aliases: Json
  /** What else is known of an instance: `[{ "type", "value" }]`. */
  tags: Json
  created_at: Instant
  updated_at: Instant
}

export interface ComponentRow {
  id: string
  slug: string
  group_id: string | null
  name: string
  description: string | null
  translations: Json
  position: number
  /** Since when the bars are not shown. */
  bars_hidden_at: Instant | null
  shown: 'always' | 'degraded'
  /** The first day that counts for uptime. */
  start_date: string | null
  /** Which of its probes must fail: `any`, `all`, or how many. */
  measured_rule: Generated<string>
  created_at: Instant
  updated_at: Instant
  removed_at: Instant | null
}

/** What a component suffered from when to when, and because of what. */
export interface ImpactRow {
  id: string
  component_id: string
  status: string
  began_at: Instant
  ended_at: Instant | null
  /** When it became public; null while its incident is a draft. */
  said_at: Instant | null
  /** At most one of the next three; none of them: an operator set the status by hand. */
  incident_id: string | null
  maintenance_id: string | null
  probe_id: string | null
}

export interface IncidentRow extends EngineColumns {
  id: string
  /** A stable integer, for feeds. */
  number: number
  name: string
  locale: string
  translations: Json
  stage: string
  severity: string
  severity_override: string | null
  source: 'person' | 'probe' | 'readers' | 'import'
  /** `engine` writes on it until a person does; then `person`, for good. */
  held_by: 'engine' | 'person'
  probe_id: string | null
  began_at: Instant
  noticed_at: Instant | null
  /** First public word. Null: a draft. */
  told_at: Instant | null
  monitoring_at: Instant | null
  mitigated_at: Instant | null
  over_at: Instant | null
  told_over_at: Instant | null
  review_due_at: Instant | null
  reviewed_at: Instant | null
  next_update_by: Instant | null
  /** Why no next update was promised. */
  no_promise_reason: string | null
  /** When a draft publishes itself. */
  publishes_at: Instant | null
  dismissed_at: Instant | null
  /** The incident that a draft turned out to be part of. */
  merged_into: string | null
  /** When the engine saw everything recover; it resolves some time later. */
  recovered_at: Instant | null
  latest_update_at: Instant | null
  shortlink: string | null
  created_at: Instant
  updated_at: Instant
}

export interface UpdateRow {
  id: string
  /** Exactly one of the two. */
  incident_id: string | null
  maintenance_id: string | null
  stage: string
  body: string
  locale: string
  translations: Json
  /** The public name of who said it. */
  author: string | null
  source: 'person' | 'api' | 'probe' | 'clock' | 'import'
  /** Null or what each component went from and to: `[{ "id", "name", "from", "to" }]`. */
  affected: Json | null
  delivered: 'yes' | 'no'
  next_update_by: Instant | null
  no_promise_reason: string | null
  /** The instant readers see. Null: part of a draft. */
  displayed_at: Instant | null
  withdrawn_at: Instant | null
  withdrawn_reason: string | null
  /** Of that reason. */
  withdrawn_translations: Json
  /** How many times the original text was corrected in more than its spelling. */
  revision: number
  /** Which of these revisions each translation translates, by language; left out: the first. */
  translates: Json
  created_at: Instant
  updated_at: Instant
}

export interface MaintenanceRow extends MaintenanceInFull {
  id: string
  number: number
  name: string
  locale: string
  translations: Json
  stage: string
  severity: string
  planned_from: Instant
  planned_until: Instant
  began_at: Instant | null
  ended_at: Instant | null
  verifying_at: Instant | null
  announced_at: Instant | null
  cancelled_at: Instant | null
  /** Whether the clock or a hand begins and ends it. */
  runs_by: 'clock' | 'hand'
  source: 'person' | 'import'
  latest_update_at: Instant | null
  shortlink: string | null
  created_at: Instant
  updated_at: Instant
}

export interface NoticeRow extends NoticeInFull {
  id: string
  name: string
  body: string
  locale: string
  translations: Json
  shown_from: Instant
  shown_until: Instant | null
  created_at: Instant
  updated_at: Instant
}
