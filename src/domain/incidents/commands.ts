import { check } from '../../lib/check.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { oweReviews, promiseNext } from '../promises/commands.ts'
import { keepRevision } from '../revisions/commands.ts'
import { reasonOf } from '../revisions/reasons.ts'
import { type Facts, type Reason, isFresh } from '../revisions/revision.ts'
import { readSite } from '../site/queries.ts'
import type { Locale, Translations } from '../site/site.ts'
import { translated, withoutFields } from '../site/translations.ts'
import { changeImpacts, endImpacts, endManualImpacts, namesOf, setImpacts } from '../components/impacts.ts'
import type { Instant } from '../../lib/clock.ts'
import {
  type IncidentChanges,
  type NewIncident,
  type NewUpdate,
  type Reopening,
  incidentChanges,
  newIncident,
  newUpdate,
  reopening,
} from './input.ts'
import { blankIncident, isByPerson, mustHaveHappened, risen, toldIncident } from './rules.ts'
import { say } from './say.ts'
import { moveBeginning, moveEnd, mustBeInOrder } from './times.ts'
import { insertUpdate, nextNumber, nothingOwed, promised, saidNow } from './updates.ts'

/** Says in public that something is wrong; answers the incident's id. */
export async function openIncident(change: Change, input: Unchecked<NewIncident>): Promise<string> {
  const given = check(newIncident, input)
  const components = given.components ?? []
  const beganAt = given.beganAt ?? change.now
  const noticedAt = given.noticedAt ?? change.now
  const overAt = given.overAt ?? change.now
  mustHaveHappened(change, beganAt, 'beganAt')
  mustHaveHappened(change, noticedAt, 'noticedAt')
  mustHaveHappened(change, overAt, 'overAt')
  if (overAt < beganAt) throw new Invalid('It cannot have been over before it began.', 'overAt')
  const names = await namesOf(change, components)
  const locale = given.locale ?? (await readSite(change.tx)).locale
  const severity = risen('none', components)
  const shown = given.severityOverride ?? severity
  const isOver = given.stage === 'resolved'
  if (given.overAt && !isOver) throw new Invalid('Only one that is resolved says when it was over.', 'overAt')
  const promise = isOver ? nothingOwed : await promised(change, given, shown)

  const id = change.ids.next()
  await change.tx
    .insertInto('incidents')
    .values({
      ...blankIncident,
      ...promise,
      id,
      number: await nextNumber(change),
      name: given.name,
      locale,
      translations: JSON.stringify(translated(given.translations, ['name'], locale)),
      stage: given.stage,
      severity,
      severity_override: given.severityOverride ?? null,
      source: 'person',
      held_by: 'person',
      began_at: beganAt,
      noticed_at: noticedAt,
      told_at: change.now,
      monitoring_at: given.stage === 'monitoring' ? change.now : null,
      mitigated_at: isOver ? overAt : null,
      over_at: isOver ? overAt : null,
      told_over_at: isOver ? change.now : null,
      latest_update_at: change.now,
      created_at: change.now,
      updated_at: change.now,
    })
    .execute()
  const affected = await changeImpacts(change, names, beganAt, async () => {
    if (isByPerson(change)) await endManualImpacts(change, [...names.keys()])
    await setImpacts(change, { incident: id }, components, { at: beganAt, saidAt: change.now })
    if (isOver) await endImpacts(change, { incident: id }, { at: overAt })
  })
  const update = await insertUpdate(change, {
    of: { incident: id },
    stage: given.stage,
    ...saidNow(change, given, { locale, promise }),
    affected,
  })
  await promiseNext(change, { incident: id, by: update, dueAt: promise.next_update_by })
  await oweReviews(change, id)
  await change.record({ type: 'incident.opened', subject: id, data: { name: given.name, severity: shown, update } })
  return id
}

/**
 * Says the next word of a public incident; answers the update's id. A resolved one takes only a later `update`: going
 * back to work is `reopenIncident`, so that two people at once cannot undo each other by chance.
 */
export async function postUpdate(change: Change, id: string, input: Unchecked<NewUpdate>): Promise<string> {
  const given = check(newUpdate, input)
  const incident = await toldIncident(change, id)
  if (incident.over_at !== null) {
    if (given.stage === 'resolved') throw new Conflict('This incident is resolved already.', 'stage')
    if (given.stage !== 'update')
      throw new Conflict('This incident is resolved: reopen it, or post a later word as “update”.', 'stage')
    if (given.components?.length)
      throw new Conflict('This incident is resolved: reopen it to change what it affects.', 'components')
  }
  if (given.overAt) {
    if (given.stage !== 'resolved') throw new Invalid('Only an update that resolves says when it was over.', 'overAt')
    mustHaveHappened(change, given.overAt, 'overAt')
    if (given.overAt < incident.began_at) throw new Invalid('It cannot have been over before it began.', 'overAt')
    if (isByPerson(change)) await mustNotBeFeltAfter(change, id, given.overAt)
  }
  return say(change, incident, given)
}

/** Of what had ended it was said until when it was felt: that is corrected with a reason, and not in passing. */
async function mustNotBeFeltAfter(change: Change, incidentId: string, at: Instant): Promise<void> {
  const later = await change.tx
    .selectFrom('impacts')
    .select('id')
    .where('incident_id', '=', incidentId)
    .where('status', '!=', 'operational')
    .where('ended_at', '>', at)
    .limit(1)
    .executeTakeFirst()
  if (later)
    throw new Invalid('A system was still affected then: choose a later time, or correct that interval.', 'overAt')
}

/** Goes back to work on a resolved incident; answers the update's id. What it affects begins now: the gap stays a gap. */
export async function reopenIncident(change: Change, id: string, input: Unchecked<Reopening>): Promise<string> {
  const given = check(reopening, input)
  const incident = await toldIncident(change, id)
  if (incident.over_at === null) throw new Conflict('This incident is not resolved: post an update instead.')
  return say(change, incident, given)
}

/** Corrects the facts of a public incident. A new beginning moves the impacts that began with it. */
export async function changeIncident(change: Change, id: string, input: Unchecked<IncidentChanges>): Promise<void> {
  const given = check(incidentChanges, input)
  const incident = await toldIncident(change, id)
  const name = given.name ?? incident.name
  const beganAt = given.beganAt ?? incident.began_at
  const noticedAt = given.noticedAt ?? incident.noticed_at
  const overAt = given.overAt ?? incident.over_at
  mustBeInOrder(change, incident, { beganAt, noticedAt, overAt })
  const isRenamed = name !== incident.name
  const names = JSON.parse(incident.translations) as Translations<'name'>
  const locale = incident.locale as Locale
  const translations = given.translations
    ? translated(given.translations, ['name'], locale)
    : withoutFields(names, isRenamed ? ['name'] : [])
  const isRetranslated = !isRenamed && isSaidOtherwise(names, translations)
  const fields = [
    ...(isRenamed ? ['name'] : []),
    ...(beganAt === incident.began_at ? [] : ['beganAt']),
    ...(noticedAt === incident.noticed_at ? [] : ['noticedAt']),
    ...(overAt === incident.over_at ? [] : ['overAt']),
    ...(given.severityOverride === undefined || given.severityOverride === incident.severity_override
      ? []
      : ['severityOverride']),
    ...(given.translations && JSON.stringify(translations) !== incident.translations ? ['translations'] : []),
  ]
  if (fields.length === 0) return
  const override = given.severityOverride === undefined ? incident.severity_override : given.severityOverride
  const reason = reasonOfFacts(given, { fields: isRetranslated ? [...fields, 'name'] : fields, locale })
  const before = {
    name: incident.name,
    beganAt: incident.began_at,
    noticedAt: incident.noticed_at,
    overAt: incident.over_at,
    severityOverride: incident.severity_override,
    severity: incident.severity_override ?? incident.severity,
    translations: names,
  }
  const severity = override ?? incident.severity
  const after = { name, beganAt, noticedAt, overAt, severityOverride: override, severity, translations }
  const revision = await keepRevision(change, {
    of: 'incident',
    subject: id,
    reason,
    ...changedFacts([...fields, ...(fields.includes('severityOverride') ? ['severity'] : [])], before, after),
    shown:
      (reason === null && isFresh(incident.told_at, change.now)) ||
      (fields.join() === 'translations' && !isRetranslated)
        ? 'no'
        : 'yes',
  })
  await change.tx
    .updateTable('incidents')
    .set({
      name,
      translations: JSON.stringify(translations),
      began_at: beganAt,
      noticed_at: noticedAt,
      over_at: overAt,
      severity_override: override,
      ...(isByPerson(change) ? { held_by: 'person' } : {}),
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  if (beganAt !== incident.began_at) await moveBeginning(change, incident, { beganAt, reason })
  if (overAt !== null && overAt !== incident.over_at) await moveEnd(change, incident, { overAt, reason })
  if (fields.includes('severityOverride')) await oweReviews(change, id)
  await change.record(
    { type: 'incident.changed', subject: id, data: { name, fields, revision } },
    differences(fields, before, after),
  )
}

/** What is said otherwise now, before and after. */
function changedFacts(fields: readonly string[], before: Facts, after: Facts): { before: Facts; after: Facts } {
  const of = (facts: Facts): Facts => Object.fromEntries(fields.map((field) => [field, facts[field]]))
  return { before: of(before), after: of(after) }
}

/** Whether readers of some language knew it by another name. One that is new to them, or goes, says nothing else. */
function isSaidOtherwise(before: Translations<'name'>, after: Translations<'name'>): boolean {
  return Object.entries(before).some(([locale, known]) => {
    const name = after[locale as Locale]?.name
    return known?.name !== undefined && name !== undefined && name !== known.name
  })
}

/** A time or a severity is never a typing error to who planned by it; a title may be one. */
function reasonOfFacts(
  { reason, reasons, typing }: IncidentChanges,
  { fields, locale }: { readonly fields: readonly string[]; readonly locale: Locale },
): Reason | null {
  const isFact = fields.some((field) => ['beganAt', 'noticedAt', 'overAt', 'severityOverride'].includes(field))
  if (!isFact && (typing === 'yes' || !fields.includes('name'))) return null
  if (reason) return reasonOf({ reason, reasons }, locale)
  const orTyping = isFact ? '' : ', or that it is only a typing error'
  throw new Invalid(`Say why you correct it${orTyping}.`, 'reason')
}
