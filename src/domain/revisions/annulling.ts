import type { Selectable } from 'kysely'
import type { ImpactRow, IncidentRow } from '../../database/tables.ts'
import { check } from '../../lib/check.ts'
import { type Instant, instantOf } from '../../lib/clock.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { postUpdate } from '../incidents/commands.ts'
import { isByPerson, mustHaveHappened, toldIncident } from '../incidents/rules.ts'
import { authorOf } from '../incidents/updates.ts'
import { factsOf } from '../probes/engine/facts.ts'
import { laterWord } from '../probes/engine/words.ts'
import { oweReviews } from '../promises/commands.ts'
import type { Locale } from '../site/site.ts'
import { without } from './annulment.ts'
import { keepRevision } from './commands.ts'
import { type Annulling, annulling } from './input.ts'
import { reviseImpact } from './intervals.ts'
import { reasonOf } from './reasons.ts'
import type { Reason } from './revision.ts'

type Impact = Selectable<ImpactRow>
type Incident = Selectable<IncidentRow>

interface Gone {
  readonly id: string
  readonly component: string | null
  readonly from: Instant
  /** Null: all that is still so, too. */
  readonly until: Instant | null
  readonly reason: Reason
}

/**
 * Says that what our checks held for an outage was none: the whole of an incident, or what one of its components
 * suffered in a time. What is annulled no longer counts, and stays to be read with when and why; answers its id.
 */
export async function annul(change: Change, incidentId: string, input: Unchecked<Annulling>): Promise<string> {
  const given = check(annulling, input)
  const incident = await toldIncident(change, incidentId)
  if (incident.source !== 'probe')
    throw new Conflict('A person said this, not a probe: correct what was affected instead.')
  if (incident.annulled_at !== null) throw new Conflict('This incident is annulled already.')
  const component = given.component ?? null
  const isWhole = component === null && !given.beganAt && !given.endedAt
  const from = given.beganAt ?? incident.began_at
  const until = given.endedAt ?? null
  mustHaveHappened(change, from, 'beganAt')
  if (until) mustHaveHappened(change, until, 'endedAt')
  if (until !== null && until <= from) throw new Invalid('It must end after it began.', 'endedAt')
  const reason = reasonOf(given, incident.locale as Locale)
  const gone = { id: change.ids.next(), component, from: isWhole ? instantOf(0) : from, until, reason }
  const impacts = await feltIn(change, incident.id, gone)
  if (impacts.length === 0)
    throw new Invalid('Nothing was said to be affected then: choose another time or system.', 'beganAt')

  const components = [...new Set(impacts.map((impact) => impact.component_id))]
  // While it is open, the word that says so ends it; what was said of its end stays.
  if (isWhole && incident.over_at === null) await sayIt(change, incident, { components, stage: 'resolved' })
  for (const impact of await feltIn(change, incident.id, gone)) await cut(change, impact, gone)
  await change.tx
    .insertInto('annulments')
    .values({
      id: gone.id,
      incident_id: incident.id,
      component_id: component,
      from_at: from,
      until_at: until ?? incident.over_at ?? change.now,
      at: change.now,
      author: authorOf(change, null),
      reason: reason.reason,
      translations: JSON.stringify(reason.translations),
    })
    .execute()
  if (isWhole) await closeWhole(change, incident, { gone, components })
  else await settle(change, incident)
  await change.record({
    type: 'incident.annulled',
    subject: incident.id,
    data: { name: incident.name, annulment: gone.id, whole: isWhole ? 'yes' : 'no' },
  })
  return gone.id
}

/** What was said to be felt in that time, oldest first. */
function feltIn(change: Change, incidentId: string, { component, from, until }: Gone): Promise<Impact[]> {
  let query = change.tx
    .selectFrom('impacts')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .where('said_at', 'is not', null)
    .where('status', '!=', 'operational')
    .where((eb) => eb.or([eb('ended_at', 'is', null), eb('ended_at', '>', from)]))
  if (component !== null) query = query.where('component_id', '=', component)
  if (until !== null) query = query.where('began_at', '<', until)
  return query.orderBy('began_at').orderBy('id').execute()
}

async function cut(change: Change, impact: Impact, gone: Gone): Promise<void> {
  const [first, second] = without([impact.began_at, impact.ended_at], [gone.from, gone.until])
  const piece = (stretch: typeof first): Impact | null =>
    stretch ? { ...impact, began_at: stretch[0], ended_at: stretch[1] } : null
  const common = { reason: gone.reason, annulment: gone.id }
  await reviseImpact(change, { before: impact, after: piece(first), ...common, shown: 'yes' })
  const rest = piece(second)
  if (!rest) return
  // The other half of one correction: the first says it.
  await reviseImpact(change, { before: null, after: { ...rest, id: change.ids.next() }, ...common, shown: 'no' })
}

/** A false alarm harmed nobody, so it is as severe as nothing and owes no review; its own words stay. */
async function closeWhole(
  change: Change,
  incident: Incident,
  { gone, components }: { gone: Gone; components: readonly string[] },
): Promise<void> {
  const severity = incident.severity_override ?? incident.severity
  if (severity !== 'none') {
    await keepRevision(change, {
      of: 'incident',
      subject: incident.id,
      reason: gone.reason,
      annulment: gone.id,
      before: { severity },
      after: { severity: 'none' },
    })
  }
  await change.tx
    .updateTable('incidents')
    .set({ severity_override: 'none', annulled_at: change.now })
    .where('id', '=', incident.id)
    .execute()
  if (incident.over_at !== null) await sayIt(change, incident, { components, stage: 'update' })
  await settle(change, incident)
  await oweReviews(change, incident.id)
}

async function sayIt(
  change: Change,
  incident: Incident,
  { components, stage }: { components: readonly string[]; stage: 'resolved' | 'update' },
): Promise<void> {
  const { body, translations } = laterWord('annulled', await factsOf(change.tx, components, incident.began_at))
  await postUpdate(change, incident.id, { stage, body, translations })
}

/** When the last of what stands was no longer felt; from now on a person holds it. */
async function settle(change: Change, incident: Incident): Promise<void> {
  const felt = await change.tx
    .selectFrom('impacts')
    .select('ended_at')
    .where('incident_id', '=', incident.id)
    .where('status', '!=', 'operational')
    .execute()
  const ends = felt.flatMap((impact) => impact.ended_at ?? []).toSorted()
  await change.tx
    .updateTable('incidents')
    .set({
      ...(felt.length > 0 ? { mitigated_at: ends.length < felt.length ? null : (ends.at(-1) ?? null) } : {}),
      ...(isByPerson(change) ? { held_by: 'person' as const } : {}),
      updated_at: change.now,
    })
    .where('id', '=', incident.id)
    .execute()
}
