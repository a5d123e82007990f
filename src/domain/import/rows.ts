import type { IncidentRow, MaintenanceRow, UpdateRow } from '../../database/tables.ts'
import { type DeclaredStatus, worse } from '../components/component.ts'
import { severityOf } from '../incidents/incident.ts'
import type { Harm } from './harm.ts'
import type { RecordedIncident, RecordedMaintenance, RecordedUpdate } from './recording.ts'

/** What a recording does not know: an operator may translate it here, and a second import does not undo that. */
export type InsertedOnly = 'locale' | 'translations'

/** What the engine knows, and what a person annulled: of no recording. */
type OurOwn = 'number' | 'came_back' | 'intermittent_at' | 'annulled_at'

/** An incident's row, without the number that only we can give. */
export function incidentRow(
  incident: RecordedIncident,
  harms: readonly Harm[],
): Omit<IncidentRow, OurOwn | InsertedOnly> {
  const first = incident.updates[0]
  const last = incident.updates.at(-1)
  return {
    id: incident.id,
    name: incident.name,
    stage: incident.stage,
    severity: incident.severity,
    // Kept as it was said where it does not follow from what the components suffered.
    severity_override: severityOf(worstOf(harms)) === incident.severity ? null : incident.severity,
    source: 'import',
    held_by: 'person',
    probe_id: null,
    began_at: incident.beganAt,
    noticed_at: null,
    told_at: first?.displayedAt ?? incident.createdAt,
    monitoring_at: incident.monitoringAt,
    mitigated_at: null,
    over_at: incident.overAt,
    told_over_at: incident.overAt,
    review_due_at: null,
    reviewed_at: incident.updates.find((update) => update.stage === 'postmortem')?.displayedAt ?? null,
    next_update_by: null,
    no_promise_reason: null,
    publishes_at: null,
    dismissed_at: null,
    merged_into: null,
    recovered_at: null,
    latest_update_at: last?.displayedAt ?? incident.createdAt,
    shortlink: incident.shortlink,
    created_at: incident.createdAt,
    updated_at: incident.updatedAt,
  }
}

function worstOf(harms: readonly Harm[]): DeclaredStatus {
  const worst = harms.map((harm) => harm.status).reduce(worse, 'operational')
  return worst === 'unknown' ? 'operational' : worst
}

/** A maintenance's row, without its number and without who ends it: an operator may have chosen since. */
export function maintenanceRow(
  maintenance: RecordedMaintenance,
): Omit<MaintenanceRow, 'number' | 'runs_by' | 'series_id' | 'occurrence' | 'reminded_at' | InsertedOnly> {
  return {
    id: maintenance.id,
    name: maintenance.name,
    stage: maintenance.stage,
    severity: maintenance.severity,
    planned_from: maintenance.plannedFrom,
    planned_until: maintenance.plannedUntil,
    began_at: maintenance.beganAt,
    ended_at: maintenance.endedAt,
    verifying_at: maintenance.verifyingAt,
    announced_at: maintenance.announcedAt,
    original_until: maintenance.beganAt && maintenance.plannedUntil,
    window_said_at: maintenance.announcedAt,
    cancelled_at: maintenance.cancelledAt,
    source: 'import',
    latest_update_at: maintenance.updates.at(-1)?.displayedAt ?? maintenance.createdAt,
    shortlink: maintenance.shortlink,
    created_at: maintenance.createdAt,
    updated_at: maintenance.updatedAt,
  }
}

export function updateRow(
  update: RecordedUpdate,
  of: Pick<UpdateRow, 'incident_id' | 'maintenance_id'>,
): Omit<UpdateRow, InsertedOnly> {
  return {
    ...of,
    id: update.id,
    stage: update.stage,
    body: update.body,
    author: null,
    source: 'import',
    affected: update.affected && JSON.stringify(update.affected),
    delivered: update.delivered,
    next_update_by: null,
    no_promise_reason: null,
    displayed_at: update.displayedAt,
    withdrawn_at: null,
    withdrawn_reason: null,
    withdrawn_translations: '{}',
    revision: 0,
    translates: '{}',
    created_at: update.createdAt,
    updated_at: update.updatedAt,
  }
}
