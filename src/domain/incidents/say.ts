import type { Selectable } from 'kysely'
import type { IncidentRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import { oweReviews, promiseNext } from '../promises/commands.ts'
import type { Locale } from '../site/site.ts'
import {
  type Named,
  changeImpacts,
  endImpacts,
  endManualImpacts,
  namesOf,
  openImpactsOf,
  setImpacts,
  setManualImpact,
} from '../components/impacts.ts'
import type { Affected, Severity } from './incident.ts'
import type { NewUpdate } from './input.ts'
import { isByPerson, risen } from './rules.ts'
import { insertUpdate, nothingOwed, promised, saidNow } from './updates.ts'

type Incident = Selectable<IncidentRow>

/** Writes down a word on a public incident, with all that follows from its stage and components; answers its id. */
export async function say(change: Change, incident: Incident, given: NewUpdate): Promise<string> {
  const resolves = given.stage === 'resolved'
  const staysOver = incident.over_at !== null && given.stage === 'update'
  const reopens = incident.over_at !== null && !staysOver
  const overAt = given.overAt ?? change.now
  const locale = given.locale ?? (incident.locale as Locale)
  const severity = risen(incident.severity as Severity, given.components ?? [])
  const shown = (incident.severity_override as Severity | null) ?? severity
  const promise = resolves || staysOver ? nothingOwed : await promised(change, given, shown)

  const affected = await moveImpacts(change, incident, {
    components: given.components ?? [],
    endsAt: resolves ? overAt : null,
  })
  const update = await insertUpdate(change, {
    of: { incident: incident.id },
    stage: given.stage,
    ...saidNow(change, given, { locale, promise }),
    affected,
  })
  await change.tx
    .updateTable('incidents')
    .set({
      ...promise,
      severity,
      ...(given.stage === 'update' ? {} : { stage: given.stage }),
      ...(given.stage === 'monitoring' && incident.monitoring_at === null ? { monitoring_at: change.now } : {}),
      ...(resolves ? { over_at: overAt, told_over_at: change.now } : {}),
      ...(reopens ? { over_at: null, told_over_at: null, recovered_at: null } : {}),
      ...(staysOver ? {} : { mitigated_at: await mitigatedAt(change, incident, resolves ? overAt : null) }),
      ...(isByPerson(change) ? { held_by: 'person' } : {}),
      latest_update_at: change.now,
      updated_at: change.now,
    })
    .where('id', '=', incident.id)
    .execute()

  await promiseNext(change, { incident: incident.id, by: update, dueAt: promise.next_update_by })
  if (resolves || reopens) await oweReviews(change, incident.id)
  const data = { name: incident.name, update }
  if (resolves) await change.record({ type: 'incident.resolved', subject: incident.id, data })
  else if (reopens) await change.record({ type: 'incident.reopened', subject: incident.id, data })
  else await change.record({ type: 'incident.updated', subject: incident.id, data: { ...data, stage: given.stage } })
  return update
}

/**
 * Changes what the incident's components suffer from. At its end everything of it ends; a component that is named as
 * still impaired then stays so, set by hand.
 */
async function moveImpacts(
  change: Change,
  incident: Incident,
  { components, endsAt }: { components: readonly Named[]; endsAt: Instant | null },
): Promise<Affected[]> {
  const named = await namesOf(change, components)
  const open = endsAt ? await openImpactsOf(change, { incident: incident.id }) : []
  const ending = await namesOf(
    change,
    [...new Set(open.map((impact) => impact.component_id))].map((id) => ({ id })),
  )
  const goOn = endsAt ? components.filter(({ status }) => status !== 'operational') : []
  const own = components.map(({ id, status }): Named => ({ id, status: endsAt ? 'operational' : status }))
  return changeImpacts(change, new Map([...named, ...ending]), change.now, async () => {
    if (isByPerson(change)) await endManualImpacts(change, [...named.keys()])
    await setImpacts(change, { incident: incident.id }, own, { at: endsAt ?? change.now, saidAt: change.now })
    if (endsAt) await endImpacts(change, { incident: incident.id }, { at: endsAt })
    for (const component of goOn) await setManualImpact(change, component, endsAt ?? change.now)
  })
}

/** Since when nothing of it is felt any more; null while something is. */
async function mitigatedAt(change: Change, incident: Incident, overAt: Instant | null): Promise<Instant | null> {
  if ((await openImpactsOf(change, { incident: incident.id })).length > 0) return null
  if (overAt) return incident.mitigated_at ?? overAt
  const felt = await change.tx
    .selectFrom('impacts')
    .select('id')
    .where('incident_id', '=', incident.id)
    .where('status', '!=', 'operational')
    .limit(1)
    .executeTakeFirst()
  return felt ? (incident.mitigated_at ?? change.now) : null
}
