import type { RecordedUpdate } from '../../domain/import/recording.ts'
import type { IncidentStage } from '../../domain/incidents/incident.ts'
import type { MaintenanceStage } from '../../domain/maintenances/maintenance.ts'
import type { TrustEvent, TrustIncident, TrustMaintenance } from './trust-documents.ts'
import { checkedInstant as at } from './foreign-fields.ts'

/** `performanceDegradationSubset` and `Financial_Services_Cloud` as people write them. */
export function inWords(key: string): string {
  const spaced = key.replaceAll('_', ' ').trim()
  if (/\s/.test(spaced) || !/^[a-z]+[A-Z]/.test(spaced)) return spaced
  const words = spaced.replaceAll(/([a-z\d])(?=[A-Z])/g, '$1 ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What was said on an incident, oldest first. */
export function wordsOfIncident(incident: TrustIncident): RecordedUpdate[] {
  const { id, IncidentImpacts: impacts, IncidentEvents: events, createdAt, updatedAt } = incident
  const said = (key: string, stage: string, body: string, on: string) => update(`${id}-${key}`, stage, body, on)
  const updates = [
    ...impacts.flatMap((impact) =>
      impact.text
        ? [said(`impact-${impact.id}`, 'investigating', impact.text, impact.startTimeCreatedAt ?? impact.createdAt)]
        : [],
    ),
    ...textOf(incident.additionalInformation, (body) => said('information', 'update', body, createdAt)),
    ...(events ?? []).flatMap((event) =>
      textOf(event.message, (body) => said(`event-${event.id}`, stageOfEvent(event), body, event.createdAt)),
    ),
    ...textOf(reviewOf(incident), (body) => said('review', 'postmortem', body, updatedAt)),
  ]
  return updates.toSorted(byTime)
}

/** What was said on a maintenance, oldest first. */
export function wordsOfMaintenance(maintenance: TrustMaintenance): RecordedUpdate[] {
  const { id, MaintenanceEvents: events, createdAt } = maintenance
  // Numbers of incidents and maintenances are counted apart.
  const said = (key: string, stage: string, body: string, on: string) => update(`m${id}-${key}`, stage, body, on)
  const updates = [
    ...textOf(maintenance.additionalInformation, (body) => said('information', 'scheduled', body, createdAt)),
    ...(events ?? []).flatMap((event) =>
      textOf(event.message, (body) => said(`event-${event.id}`, stageOfWork(event), body, event.createdAt)),
    ),
  ]
  return updates.toSorted(byTime)
}

/** The cause, in their words or by the key of one of their sentences. */
function reviewOf({ message }: TrustIncident): string {
  const { rootCause, actionPlan, pathToResolution } = message ?? {}
  return [rootCause, pathToResolution, actionPlan].flatMap((text) => textOf(text, inWords)).join('\n\n')
}

function stageOfEvent({ type }: TrustEvent): IncidentStage | 'update' {
  if (/^(issueIsolated|implementingSolution)/.test(type ?? '')) return 'identified'
  if (/monitoring/i.test(type ?? '')) return 'monitoring'
  if (/resolved/i.test(type ?? '')) return 'resolved'
  return /investigating/i.test(type ?? '') ? 'investigating' : 'update'
}

function stageOfWork({ type }: TrustEvent): MaintenanceStage {
  const kind = type ?? ''
  if (/cancel/i.test(kind)) return 'cancelled'
  if (/completed|featuresEnabled/i.test(kind)) return 'completed'
  if (/isLive|extended|readOnly|emergency|inProgress|started/i.test(kind)) return 'in_progress'
  return 'scheduled'
}

function textOf<Of>(text: string | null | undefined, make: (text: string) => Of): Of[] {
  return text && text.trim() !== '' ? [make(text)] : []
}

function update(id: string, stage: string, body: string, on: string): RecordedUpdate {
  const instant = at(on)
  // Whether anybody was mailed, no answer says.
  return {
    id,
    stage,
    body,
    displayedAt: instant,
    createdAt: instant,
    updatedAt: instant,
    affected: null,
    delivered: 'no',
  }
}

function byTime(a: RecordedUpdate, b: RecordedUpdate): number {
  if (a.displayedAt !== b.displayedAt) return a.displayedAt < b.displayedAt ? -1 : 1
  return a.id < b.id ? -1 : 1
}
