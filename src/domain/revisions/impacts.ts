import type { Selectable } from 'kysely'
import type { ImpactRow, IncidentRow } from '../../database/tables.ts'
import { check } from '../../lib/check.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import type { DeclaredStatus } from '../components/component.ts'
import { namesOf } from '../components/impacts.ts'
import type { Severity } from '../incidents/incident.ts'
import { isByPerson, mustHaveHappened, risen, toldIncident } from '../incidents/rules.ts'
import { oweReviews } from '../promises/commands.ts'
import type { Locale } from '../site/site.ts'
import { keepRevision } from './commands.ts'
import {
  type ImpactCorrection,
  type ImpactRemoval,
  type NewImpact,
  impactCorrection,
  impactRemoval,
  newImpact,
} from './input.ts'
import { reviseImpact } from './intervals.ts'
import { reasonOf } from './reasons.ts'
import type { Reason } from './revision.ts'

type Impact = Selectable<ImpactRow>
type Incident = Selectable<IncidentRow>

/** Corrects what a component suffered from, or from when to when, because of an incident. */
export async function correctImpact(change: Change, id: string, input: Unchecked<ImpactCorrection>): Promise<void> {
  const given = check(impactCorrection, input)
  const before = await impactOf(change, id)
  const incident = await toldIncident(change, before.incident_id)
  const after = {
    ...before,
    status: given.status ?? before.status,
    began_at: given.beganAt ?? before.began_at,
    ended_at: given.endedAt === undefined ? before.ended_at : given.endedAt,
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return
  await mustFit(change, incident, after)
  const reason = reasonOf(given, incident.locale as Locale)
  const revision = await reviseImpact(change, { before, after, reason, shown: 'yes' })
  await follow(change, incident, { impact: after, reason })
  await recordCorrection(change, incident, { impact: before, revision, how: 'changed' })
}

/** Adds an interval that was not said; answers its id. */
export async function addImpact(change: Change, incidentId: string, input: Unchecked<NewImpact>): Promise<string> {
  const given = check(newImpact, input)
  const incident = await toldIncident(change, incidentId)
  await mustExist(change, given.component)
  const after: Impact = {
    id: change.ids.next(),
    component_id: given.component,
    status: given.status,
    began_at: given.beganAt,
    ended_at: given.endedAt ?? null,
    said_at: change.now,
    incident_id: incident.id,
    maintenance_id: null,
    probe_id: null,
  }
  await mustFit(change, incident, after)
  const reason = reasonOf(given, incident.locale as Locale)
  const revision = await reviseImpact(change, { before: null, after, reason, shown: 'yes' })
  await follow(change, incident, { impact: after, reason })
  await recordCorrection(change, incident, { impact: after, revision, how: 'added' })
  return after.id
}

/** Takes an interval back: the component did not suffer from this. The severity stays, unless a person says otherwise. */
export async function removeImpact(change: Change, id: string, input: Unchecked<ImpactRemoval>): Promise<void> {
  const given = check(impactRemoval, input)
  const before = await impactOf(change, id)
  const incident = await toldIncident(change, before.incident_id)
  const reason = reasonOf(given, incident.locale as Locale)
  const revision = await reviseImpact(change, { before, after: null, reason, shown: 'yes' })
  await follow(change, incident, { impact: null, reason })
  await recordCorrection(change, incident, { impact: before, revision, how: 'removed' })
}

async function impactOf(change: Change, id: string): Promise<Impact & { incident_id: string }> {
  const row = await change.tx.selectFrom('impacts').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || row.incident_id === null || row.said_at === null) {
    throw new NotFound('There is no such interval of an incident: somebody may have taken it back.')
  }
  return { ...row, incident_id: row.incident_id }
}

async function mustExist(change: Change, component: string): Promise<void> {
  try {
    await namesOf(change, [{ id: component }])
  } catch (error) {
    throw error instanceof Invalid ? new Invalid(error.message, 'component') : error
  }
}

async function mustFit(change: Change, incident: Incident, impact: Impact): Promise<void> {
  const { began_at: beganAt, ended_at: endedAt } = impact
  mustHaveHappened(change, beganAt, 'beganAt')
  if (endedAt === null && incident.over_at !== null) {
    throw new Invalid('The incident is over, so this is too: say when it ended.', 'endedAt')
  }
  if (endedAt !== null) {
    mustHaveHappened(change, endedAt, 'endedAt')
    if (endedAt <= beganAt) throw new Invalid('It must end after it began.', 'endedAt')
    if (incident.over_at !== null && endedAt > incident.over_at)
      throw new Invalid('The incident was over by then: choose an end that lies within it.', 'endedAt')
  }
  const others = await change.tx
    .selectFrom('impacts')
    .select(['began_at', 'ended_at'])
    .where('incident_id', '=', incident.id)
    .where('component_id', '=', impact.component_id)
    .where('id', '!=', impact.id)
    .where('status', '!=', 'operational')
    .orderBy('began_at')
    .execute()
  const isBefore = (a: Instant | null, b: Instant): boolean => a !== null && a <= b
  if (others.some((other) => !isBefore(other.ended_at, beganAt) && !isBefore(endedAt, other.began_at))) {
    throw new Conflict(
      'The incident has another interval of this system then: change or remove that one first.',
      'beganAt',
    )
  }
}

/** What follows for the incident: it began with the first harm, is as severe as the worst, and mitigated after the last. */
async function follow(
  change: Change,
  incident: Incident,
  { impact, reason }: { impact: Impact | null; reason: Reason },
): Promise<void> {
  const beganAt = impact && impact.began_at < incident.began_at ? impact.began_at : incident.began_at
  const severity = risen(incident.severity as Severity, impact ? [{ status: impact.status as DeclaredStatus }] : [])
  if (beganAt !== incident.began_at) {
    const facts = { before: { beganAt: incident.began_at }, after: { beganAt } }
    await keepRevision(change, { of: 'incident', subject: incident.id, reason, ...facts })
  }
  await change.tx
    .updateTable('incidents')
    .set({
      severity,
      began_at: beganAt,
      mitigated_at: await mitigatedAt(change, incident),
      ...(isByPerson(change) ? { held_by: 'person' } : {}),
      updated_at: change.now,
    })
    .where('id', '=', incident.id)
    .execute()
  if (severity !== incident.severity) await oweReviews(change, incident.id)
}

async function mitigatedAt(change: Change, incident: Incident): Promise<Instant | null> {
  const felt = await change.tx
    .selectFrom('impacts')
    .select('ended_at')
    .where('incident_id', '=', incident.id)
    .where('status', '!=', 'operational')
    .execute()
  if (felt.length === 0) return incident.mitigated_at
  const ends = felt.flatMap((impact) => impact.ended_at ?? [])
  return ends.length < felt.length ? null : (ends.toSorted().at(-1) ?? null)
}

async function recordCorrection(
  change: Change,
  incident: Incident,
  { impact, revision, how }: { impact: Impact; revision: string; how: 'added' | 'changed' | 'removed' },
): Promise<void> {
  await change.record({
    type: 'impact.corrected',
    subject: incident.id,
    data: { name: incident.name, impact: impact.id, component: impact.component_id, revision, how },
  })
}
