import { type DeclaredStatus, worse } from '../../domain/components/component.ts'
import type { RecordedImpact, RecordedIncident, RecordedMaintenance } from '../../domain/import/recording.ts'
import { type Severity, impliedBy } from '../../domain/incidents/incident.ts'
import type { Instant } from '../../lib/clock.ts'
import { checkedInstant as at } from './foreign-fields.ts'
import type { TrustIncident, TrustMaintenance } from './trust-documents.ts'
import { inWords, wordsOfIncident, wordsOfMaintenance } from './trust-words.ts'

/** The components of these instances that an incident or a maintenance hits. */
export type Hit = (happening: TrustIncident | TrustMaintenance) => readonly string[]

/** An incident is over when each of its impacts is; its impacts are known to the second. */
export function recordedIncident(incident: TrustIncident, hit: Hit): RecordedIncident {
  const { IncidentImpacts: impacts } = incident
  const updates = wordsOfIncident(incident)
  const ends = impacts.map(({ endTime }) => (endTime ? at(endTime) : null))
  const isOpen = ends.includes(null)
  const stages = updates.flatMap(({ stage }) => (stage === 'identified' || stage === 'monitoring' ? [stage] : []))
  const componentIds = hit(incident)
  return {
    ...thing(incident),
    name: nameOf(incident),
    stage: isOpen ? (stages.at(-1) ?? 'investigating') : 'resolved',
    severity: worstOf(impacts.map(({ severity }) => severityOf(severity))),
    beganAt: earliest(impacts.map(({ startTime }) => at(startTime))) ?? at(incident.createdAt),
    monitoringAt: updates.find(({ stage }) => stage === 'monitoring')?.displayedAt ?? null,
    overAt: isOpen ? null : (latest(ends) ?? at(incident.updatedAt)),
    components: [],
    impacts: impacts.flatMap((impact) => {
      const [beganAt, endedAt] = [at(impact.startTime), impact.endTime ? at(impact.endTime) : null]
      const span = {
        status: impliedBy(severityOf(impact.severity)),
        beganAt,
        endedAt: endedAt && endedAt < beganAt ? beganAt : endedAt,
        saidAt: at(impact.startTimeCreatedAt ?? impact.createdAt),
      }
      return componentIds.map((componentId): RecordedImpact => ({ componentId, ...span }))
    }),
    updates,
  }
}

/** Planned and actual times are different facts: work without an impact was announced, and nothing says that it was done. */
export function recordedMaintenance(maintenance: TrustMaintenance, hit: Hit): RecordedMaintenance {
  const impacts = maintenance.MaintenanceImpacts ?? []
  const ends = impacts.map(({ endTime }) => (endTime ? at(endTime) : null))
  const stage = stageOf(maintenance, ends)
  return {
    ...thing(maintenance),
    name: maintenance.name ?? inWords(maintenance.message?.maintenanceType ?? `Maintenance ${maintenance.id}`),
    stage,
    severity: 'maintenance',
    announcedAt: at(maintenance.createdAt),
    plannedFrom: at(maintenance.plannedStartTime),
    plannedUntil: at(maintenance.plannedEndTime),
    beganAt: earliest(impacts.map(({ startTime }) => at(startTime))),
    verifyingAt: null,
    endedAt: ends.includes(null) ? null : latest(ends),
    cancelledAt: stage === 'cancelled' ? at(maintenance.updatedAt) : null,
    components: hit(maintenance).map((componentId) => ({ componentId, status: 'under_maintenance' })),
    updates: wordsOfMaintenance(maintenance),
  }
}

function stageOf({ message, status }: TrustMaintenance, ends: readonly (Instant | null)[]): string {
  const said = `${message?.eventStatus ?? ''} ${status ?? ''}`
  if (/cancel/i.test(said)) return 'cancelled'
  if (ends.length > 0) return ends.includes(null) ? 'in_progress' : 'completed'
  return /completed|resolved/i.test(said) ? 'completed' : 'scheduled'
}

function thing({ id, createdAt, updatedAt }: TrustIncident | TrustMaintenance) {
  return { id: String(id), createdAt: at(createdAt), updatedAt: at(updatedAt), shortlink: null }
}

/** Their incidents have no names: what happened says it, in their words where the answer holds them. */
function nameOf({ id, IncidentImpacts: impacts }: TrustIncident): string {
  const [first] = impacts
  return first?.label ?? (first?.type ? inWords(first.type) : `Incident ${id}`)
}

function severityOf(word: string | null | undefined): Severity {
  return severities.find((severity) => severity === word) ?? 'none'
}

/** From worst to best. */
const severities = ['critical', 'major', 'minor', 'maintenance', 'none'] as const

function worstOf(given: readonly Severity[]): Severity {
  return severities.find((severity) => given.includes(severity)) ?? 'none'
}

/** What components suffer from at the end of the recording. */
export function openStatuses(
  incidents: readonly RecordedIncident[],
  maintenances: readonly RecordedMaintenance[],
): ReadonlyMap<string, DeclaredStatus> {
  const open = new Map<string, DeclaredStatus>()
  const add = (id: string, status: DeclaredStatus): void => {
    const worst = worse(open.get(id) ?? 'operational', status)
    open.set(id, worst === 'unknown' ? 'operational' : worst)
  }
  for (const { impacts } of incidents) {
    for (const { componentId, status, endedAt } of impacts ?? []) if (endedAt === null) add(componentId, status)
  }
  for (const { beganAt, endedAt, components } of maintenances) {
    if (beganAt && !endedAt) for (const { componentId } of components) add(componentId, 'under_maintenance')
  }
  return open
}

function earliest(instants: readonly Instant[]): Instant | null {
  return instants.toSorted()[0] ?? null
}

export function latest(instants: readonly (Instant | null)[]): Instant | null {
  return (
    instants
      .filter((instant) => instant !== null)
      .toSorted()
      .at(-1) ?? null
  )
}
