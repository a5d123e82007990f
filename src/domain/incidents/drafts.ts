import { check } from '../../lib/check.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { keepRevision } from '../revisions/commands.ts'
import { usualReasonOf } from '../revisions/reasons.ts'
import { promiseNext } from '../promises/commands.ts'
import { readSite } from '../site/queries.ts'
import type { Locale, Translations } from '../site/site.ts'
import { translated, withoutFields } from '../site/translations.ts'
import {
  type Named,
  changeImpacts,
  endManualImpacts,
  namesOf,
  openImpactsOf,
  setImpacts,
} from '../components/impacts.ts'
import { mustBeSecond, withdrawQuestion } from './confirming.ts'
import type { Severity, UpdateText } from './incident.ts'
import { type DraftChanges, type NewDraft, type Widening, draftChanges, newDraft, widening } from './input.ts'
import { blankIncident, incidentRow, isByPerson, mustBeToCome, mustHaveHappened, risen, waitingDraft } from './rules.ts'
import { authorOf, insertUpdate, nextNumber, nothingOwed, promised, sourceOf, textsIn } from './updates.ts'

/** Prepares the first word of an incident, which readers do not see yet; answers the incident's id. */
export async function draftIncident(change: Change, input: Unchecked<NewDraft>): Promise<string> {
  const given = check(newDraft, input)
  mustHaveHappened(change, given.beganAt, 'beganAt')
  if (given.noticedAt) mustHaveHappened(change, given.noticedAt, 'noticedAt')
  await namesOf(change, given.components)
  const locale = given.locale ?? (await readSite(change.tx)).locale
  const byProbe = Boolean(given.probeId)
  if (given.publishesAt && !byProbe) mustBeToCome(change, given.publishesAt, 'publishesAt')
  const id = change.ids.next()
  await change.tx
    .insertInto('incidents')
    .values({
      ...blankIncident,
      id,
      number: await nextNumber(change),
      name: given.name,
      locale,
      translations: JSON.stringify(translated(given.translations, ['name'], locale)),
      stage: given.stage ?? 'investigating',
      severity: risen('none', given.components),
      source: byProbe ? 'probe' : 'person',
      held_by: byProbe ? 'engine' : 'person',
      probe_id: given.probeId ?? null,
      began_at: given.beganAt,
      noticed_at: given.noticedAt ?? change.now,
      publishes_at: given.publishesAt ?? null,
      next_update_by: given.nextUpdateBy ?? null,
      no_promise_reason: given.noPromiseReason ?? null,
      created_at: change.now,
      updated_at: change.now,
    })
    .execute()
  await setImpacts(change, { incident: id }, given.components, { at: given.beganAt, saidAt: null })
  await insertUpdate(change, {
    of: { incident: id },
    stage: given.stage ?? 'investigating',
    body: given.body,
    locale,
    translations: translated(given.translations, textsIn(given.noPromiseReason ?? null), locale),
    author: byProbe ? null : authorOf(change, null),
    source: byProbe ? 'probe' : sourceOf(change),
    affected: null,
    deliver: 'yes',
    promise: nothingOwed,
    displayedAt: null,
  })
  await change.record({
    type: 'incident.drafted',
    subject: id,
    data: { name: given.name, probe: given.probeId ?? null },
  })
  return id
}

/** Says a draft in public, as it stands. Whoever confirms words does not take them over: the engine still holds its own. */
export async function publishDraft(change: Change, id: string): Promise<void> {
  const draft = await waitingDraft(change, id)
  await mustBeSecond(change, id)
  const update = await draftedUpdate(change, id)
  const severity = (draft.severity_override ?? draft.severity) as Severity
  const kept = draft.next_update_by && draft.next_update_by > change.now ? draft.next_update_by : null
  const promise = await promised(change, { nextUpdateBy: kept, noPromiseReason: draft.no_promise_reason }, severity)
  const names = await namesOf(change, await namedBy(change, id))

  const affected = await changeImpacts(change, names, draft.began_at, async () => {
    if (isByPerson(change)) await endManualImpacts(change, [...names.keys()])
    await change.tx.updateTable('impacts').set({ said_at: change.now }).where('incident_id', '=', id).execute()
  })
  await change.tx
    .updateTable('incidents')
    .set({
      ...promise,
      told_at: change.now,
      publishes_at: null,
      monitoring_at: draft.stage === 'monitoring' ? change.now : null,
      latest_update_at: change.now,
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await change.tx
    .updateTable('updates')
    .set({ ...promise, affected: JSON.stringify(affected), displayed_at: change.now, updated_at: change.now })
    .where('id', '=', update.id)
    .execute()
  await promiseNext(change, { incident: id, by: update.id, dueAt: promise.next_update_by })
  await change.record({ type: 'incident.opened', subject: id, data: { name: draft.name, severity, update: update.id } })
}

/**
 * Changes a draft's words or facts. From then on it is a person's, and waits for a person: it publishes itself only if
 * the edit names a time.
 */
export async function editDraft(change: Change, id: string, input: Unchecked<DraftChanges>): Promise<void> {
  const given = check(draftChanges, input)
  const draft = await waitingDraft(change, id)
  const update = await draftedUpdate(change, id)
  const name = given.name ?? draft.name
  const body = given.body ?? update.body
  const locale = given.locale ?? (draft.locale as Locale)
  const beganAt = given.beganAt ?? draft.began_at
  mustHaveHappened(change, beganAt, 'beganAt')
  if (given.publishesAt) {
    mustBeToCome(change, given.publishesAt, 'publishesAt')
    await mustBeSecond(change, id)
  }
  if (given.nextUpdateBy || given.noPromiseReason) await promised(change, given, 'none')
  const severity = given.components
    ? await replaceComponents(change, id, given.components, beganAt)
    : (draft.severity as Severity)
  if (!given.components && beganAt !== draft.began_at) {
    await change.tx.updateTable('impacts').set({ began_at: beganAt }).where('incident_id', '=', id).execute()
  }

  const reason = given.noPromiseReason === undefined ? draft.no_promise_reason : given.noPromiseReason
  const texts = <Field extends string>(
    stored: string,
    fields: readonly Field[],
    rewritten: readonly Field[],
  ): string => {
    if (given.translations) return JSON.stringify(translated(given.translations, fields, locale))
    return JSON.stringify(withoutFields(JSON.parse(stored) as Translations<Field>, rewritten))
  }
  const rewritten: UpdateText[] = [
    ...(body === update.body ? [] : ['body' as const]),
    ...(reason === draft.no_promise_reason ? [] : ['noPromiseReason' as const]),
  ]
  await change.tx
    .updateTable('incidents')
    .set({
      name,
      locale,
      translations: texts(draft.translations, ['name'], name === draft.name ? [] : ['name']),
      stage: given.stage ?? draft.stage,
      severity,
      ...(given.severityOverride === undefined ? {} : { severity_override: given.severityOverride }),
      ...(given.nextUpdateBy === undefined ? {} : { next_update_by: given.nextUpdateBy }),
      no_promise_reason: reason,
      began_at: beganAt,
      publishes_at: given.publishesAt ?? null,
      ...(isByPerson(change) ? { held_by: 'person' } : {}),
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await change.tx
    .updateTable('updates')
    .set({
      body,
      locale,
      translations: texts(update.translations, textsIn(reason), rewritten),
      stage: given.stage ?? update.stage,
      author: authorOf(change, given.author),
      source: sourceOf(change),
      updated_at: change.now,
    })
    .where('id', '=', update.id)
    .execute()
  const fields = Object.keys(given).filter((key) => given[key as keyof DraftChanges] !== undefined)
  const was = { name: draft.name, stage: draft.stage, body: update.body, beganAt: draft.began_at }
  const is = { name, stage: given.stage ?? draft.stage, body, beganAt }
  const differing = (['name', 'stage', 'body', 'beganAt'] as const).filter((field) => is[field] !== was[field])
  await change.record(
    { type: 'incident.changed', subject: id, data: { name, fields } },
    differences(differing, was, is),
  )
}

/** Decides that a draft says nothing true. It is kept, as a false alarm, and never shown. */
export async function dismissDraft(change: Change, id: string): Promise<void> {
  const draft = await waitingDraft(change, id)
  await change.tx
    .updateTable('incidents')
    .set({ dismissed_at: change.now, publishes_at: null, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await change.tx
    .updateTable('impacts')
    .set({ ended_at: change.now })
    .where('incident_id', '=', id)
    .where('ended_at', 'is', null)
    .execute()
  await withdrawQuestion(change, id)
  await change.record({ type: 'incident.dismissed', subject: id, data: { name: draft.name } })
}

/** Names further components, or worse statuses, without a word of its own: what a probe does with the incident it holds. */
export async function widenIncident(change: Change, id: string, input: Unchecked<Widening>): Promise<void> {
  const given = check(widening, input)
  const incident = await incidentRow(change, id)
  if (incident.dismissed_at !== null) throw new NotFound('There is no such incident.')
  if (incident.over_at !== null) throw new Conflict('This incident is resolved already.')
  const at = given.beganAt ?? change.now
  mustHaveHappened(change, at, 'beganAt')
  const names = await namesOf(change, given.components)
  const saidAt = incident.told_at === null ? null : change.now
  const widened = () => setImpacts(change, { incident: id }, given.components, { at, saidAt })
  // Not even the time of a component's last change tells readers of a draft.
  if (saidAt === null) await widened()
  else await changeImpacts(change, names, at, widened)
  await change.tx
    .updateTable('incidents')
    .set({
      severity: risen(incident.severity as Severity, given.components),
      began_at: at < incident.began_at ? at : incident.began_at,
      recovered_at: null,
      ...((await openImpactsOf(change, { incident: id })).length > 0 ? { mitigated_at: null } : {}),
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  if (saidAt !== null && at < incident.began_at) {
    await keepRevision(change, {
      of: 'incident',
      subject: id,
      reason: usualReasonOf('correction.foundEarlier', incident.locale as Locale),
      before: { beganAt: incident.began_at },
      after: { beganAt: at },
    })
  }
  await change.record({
    type: 'incident.widened',
    subject: id,
    data: { name: incident.name, components: [...names.values()] },
  })
}

/** The one word that a draft has. */
async function draftedUpdate(change: Change, id: string) {
  return change.tx
    .selectFrom('updates')
    .selectAll()
    .where('incident_id', '=', id)
    .orderBy('created_at')
    .orderBy('id')
    .executeTakeFirstOrThrow()
}

/** The components that a draft names, without those that were removed since. */
async function namedBy(change: Change, id: string): Promise<{ id: string }[]> {
  return change.tx
    .selectFrom('impacts')
    .innerJoin('components', 'components.id', 'impacts.component_id')
    .select('components.id')
    .distinct()
    .where('impacts.incident_id', '=', id)
    .where('components.removed_at', 'is', null)
    .orderBy('components.id')
    .execute()
}

/** Names other components instead; answers the severity that follows. Nobody has seen the former ones, so they go without a trace. */
async function replaceComponents(
  change: Change,
  id: string,
  components: readonly Named[],
  beganAt: Instant,
): Promise<Severity> {
  await namesOf(change, components)
  await change.tx.deleteFrom('impacts').where('incident_id', '=', id).execute()
  await setImpacts(change, { incident: id }, components, { at: beganAt, saidAt: null })
  return risen('none', components)
}
