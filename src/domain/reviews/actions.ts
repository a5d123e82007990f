import type { Selectable } from 'kysely'
import type { IncidentRow } from '../../database/tables.ts'
import { check } from '../../lib/check.ts'
import { type DayName, dayOf } from '../../lib/days.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Static, Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { readSite } from '../site/queries.ts'
import { together, translated, withoutFields } from '../site/translations.ts'
import { type ActionChanges, type NewAction, actionChanges, actionWord, maxActions, newAction } from './input.ts'
import { readAction } from './queries.ts'
import type { Action } from './review.ts'

/** Promises a further action of an incident whose review is published; answers its id. */
export async function addAction(change: Change, incidentId: string, input: Unchecked<NewAction>): Promise<string> {
  const given = check(newAction, input)
  const incident = await change.tx
    .selectFrom('incidents')
    .innerJoin('reviews', 'reviews.incident_id', 'incidents.id')
    .selectAll('incidents')
    .where('incidents.id', '=', incidentId)
    .where('incidents.reviewed_at', 'is not', null)
    .executeTakeFirst()
  if (!incident) throw new Conflict('Actions stand in a review: publish the review first.')
  const [action] = await insertActions(change, incident, [given])
  if (!action) throw new Error('No action was written.')
  await change.record({ type: 'action.added', subject: incidentId, data: { name: action.title, action: action.id } })
  return action.id
}

/** Writes actions down and answers them; who calls records them. */
export async function insertActions(
  change: Change,
  incident: Selectable<IncidentRow>,
  given: readonly NewAction[],
): Promise<{ readonly id: string; readonly title: string }[]> {
  if (given.length === 0) return []
  const { zone } = await readSite(change.tx)
  const { count } = await change.tx
    .selectFrom('actions')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('incident_id', '=', incident.id)
    .executeTakeFirstOrThrow()
  if (Number(count) + given.length > maxActions)
    throw new Invalid(`An incident has at most ${maxActions} actions.`, 'actions')
  const inserted = []
  await touch(change, incident.id)
  for (const [index, { title, dueOn, owner }] of given.entries()) {
    mustBeToCome(change, dueOn, { zone, field: `actions[${index}].dueOn` })
    const id = change.ids.next()
    await change.tx
      .insertInto('actions')
      .values({
        id,
        incident_id: incident.id,
        title,
        locale: incident.locale,
        translations: '{}',
        owner: owner ?? null,
        due_on: dueOn,
        first_due_on: dueOn,
        state: 'open',
        word: null,
        settled_at: null,
        overdue_at: null,
        created_at: change.now,
        updated_at: change.now,
      })
      .execute()
    inserted.push({ id, title })
  }
  return inserted
}

/** Changes what is given. A day that is moved stays readable as the one that was promised first. */
export async function changeAction(change: Change, id: string, input: Unchecked<ActionChanges>): Promise<void> {
  const given = check(actionChanges, input)
  const action = await existing(change, id)
  const title = given.title ?? action.title
  const dueOn = given.dueOn ?? action.dueOn
  if (dueOn !== action.dueOn) {
    if (action.state !== 'open') throw new Conflict('This action is settled: it is not due any more.', 'dueOn')
    mustBeToCome(change, dueOn, { zone: (await readSite(change.tx)).zone, field: 'dueOn' })
  }
  const titles = given.translations
    ? translated(given.translations, ['title'], action.locale)
    : withoutFields(action.translations, title === action.title ? ['word'] : ['title', 'word'])
  const translations = together(titles, withoutFields(action.translations, ['title']))
  const changed = {
    title,
    dueOn,
    owner: given.owner === undefined ? action.owner : given.owner,
    translations: JSON.stringify(translations),
  }
  const before = { ...action, translations: JSON.stringify(action.translations) }
  const fields = (Object.keys(changed) as (keyof typeof changed)[]).filter((key) => changed[key] !== before[key])
  if (fields.length === 0) return
  await change.tx
    .updateTable('actions')
    .set({
      title,
      due_on: dueOn,
      owner: changed.owner,
      translations: changed.translations,
      // A new day may pass too.
      ...(dueOn === action.dueOn ? {} : { overdue_at: null }),
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await touch(change, action.incidentId)
  await change.record(
    { type: 'action.changed', subject: action.incidentId, data: { name: title, action: id, fields } },
    differences(fields, before, changed),
  )
}

/** It is done, and readers are told what was done. */
export async function completeAction(
  change: Change,
  id: string,
  input: Unchecked<Static<typeof actionWord>>,
): Promise<void> {
  const { title, incidentId } = await settle(change, id, input, 'done')
  await change.record({ type: 'action.done', subject: incidentId, data: { name: title, action: id } })
}

/** It will not be done, and readers are told why. It stays on the page. */
export async function dropAction(
  change: Change,
  id: string,
  input: Unchecked<Static<typeof actionWord>>,
): Promise<void> {
  const { title, incidentId } = await settle(change, id, input, 'dropped')
  await change.record({ type: 'action.dropped', subject: incidentId, data: { name: title, action: id } })
}

async function settle(
  change: Change,
  id: string,
  input: Unchecked<Static<typeof actionWord>>,
  state: 'done' | 'dropped',
): Promise<Action> {
  const { word, translations } = check(actionWord, input)
  const action = await existing(change, id)
  if (action.state !== 'open') throw new Conflict('This action is settled already.')
  const words = translated(translations, ['word'], action.locale)
  const both = together(action.translations, words)
  await change.tx
    .updateTable('actions')
    .set({ state, word, translations: JSON.stringify(both), settled_at: change.now, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await touch(change, action.incidentId)
  return action
}

/** What the review says is not what it said: feeds and programs go by that. */
export async function touch({ tx, now }: Change, incidentId: string): Promise<void> {
  await tx.updateTable('reviews').set({ updated_at: now }).where('incident_id', '=', incidentId).execute()
  await tx.updateTable('incidents').set({ updated_at: now }).where('id', '=', incidentId).execute()
}

/** In each language the texts of both. */
async function existing(change: Change, id: string): Promise<Action> {
  const action = await readAction(change.tx, id)
  if (!action) throw new NotFound('There is no such action.')
  return action
}

function mustBeToCome(change: Change, day: DayName, { zone, field }: { zone: string; field: string }): void {
  if (day < dayOf(change.now, zone)) throw new Invalid('This day has passed: choose one that is still to come.', field)
}
