import type { Selectable } from 'kysely'
import type { IncidentRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { type ComponentStatus, type DeclaredStatus, worse } from '../components/component.ts'
import { type Severity, severities, severityOf } from './incident.ts'

/** What every row of an incident begins with. */
export const blankIncident = {
  severity_override: null,
  probe_id: null,
  noticed_at: null,
  told_at: null,
  monitoring_at: null,
  mitigated_at: null,
  over_at: null,
  told_over_at: null,
  review_due_at: null,
  reviewed_at: null,
  next_update_by: null,
  no_promise_reason: null,
  publishes_at: null,
  dismissed_at: null,
  merged_into: null,
  recovered_at: null,
  latest_update_at: null,
  shortlink: null,
} satisfies Partial<Selectable<IncidentRow>>

/** The incident, if readers know of it. */
export async function toldIncident(change: Change, id: string): Promise<Selectable<IncidentRow>> {
  const row = await incidentRow(change, id)
  if (row.told_at === null) throw new Conflict('This incident is a draft: publish it first.')
  return row
}

/** The incident, while it is a draft that nobody published or dismissed. */
export async function waitingDraft(change: Change, id: string): Promise<Selectable<IncidentRow>> {
  const row = await incidentRow(change, id)
  if (row.told_at !== null) throw new Conflict('This incident is published already.')
  if (row.dismissed_at !== null) throw new Conflict('This draft was dismissed.')
  return row
}

export async function incidentRow(change: Change, id: string): Promise<Selectable<IncidentRow>> {
  const row = await change.tx.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new NotFound('There is no such incident.')
  return row
}

/** Whether a person, or a program in a person's name, makes this change. */
export function isByPerson({ actor }: Change): boolean {
  return actor.kind === 'operator' || actor.kind === 'token' || actor.kind === 'command'
}

/** Refuses facts that are said to have happened in the future. */
export function mustHaveHappened(change: Change, at: Instant, field: string): void {
  if (at > change.now) throw new Invalid('This time is still to come: choose one that has passed.', field)
}

/** Refuses times at which something should say itself and that have passed. */
export function mustBeToCome(change: Change, at: Instant, field: string): void {
  if (at <= change.now) throw new Invalid('This time has passed: publish it now, or choose a time to come.', field)
}

/** The severity after components reached these statuses: it rises and does not fall. */
export function risen(severity: Severity, components: readonly { readonly status: DeclaredStatus }[]): Severity {
  const worst = components.map((component) => component.status).reduce<ComponentStatus>(worse, 'operational')
  const reached = severityOf(worst)
  return rank(reached) > rank(severity) ? reached : severity
}

function rank(severity: Severity): number {
  return (severities as readonly Severity[]).indexOf(severity)
}
