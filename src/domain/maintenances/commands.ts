import { check } from '../../lib/check.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { namesOf } from '../components/impacts.ts'
import { nextNumber } from '../incidents/updates.ts'
import { readSite } from '../site/queries.ts'
import { translated } from '../site/translations.ts'
import {
  type MaintenanceUpdate,
  type MaintenanceWord,
  type NewMaintenance,
  maintenanceUpdate,
  maintenanceWord,
  newMaintenance,
} from './input.ts'
import { begin, end, maintenanceNotOver, write } from './steps.ts'

/** Announces planned work; answers its id. */
export async function announceMaintenance(change: Change, input: Unchecked<NewMaintenance>): Promise<string> {
  const given = check(newMaintenance, input)
  mustBeWindow(change, given.plannedFrom, given.plannedUntil)
  const components = (given.components ?? []).map((id) => ({ id }))
  await namesOf(change, components)
  const locale = given.locale ?? (await readSite(change.tx)).locale
  const id = change.ids.next()
  await change.tx
    .insertInto('maintenances')
    .values({
      id,
      number: await nextNumber(change),
      name: given.name,
      locale,
      translations: JSON.stringify(translated(given.translations, ['name'], locale)),
      stage: 'scheduled',
      severity: 'maintenance',
      planned_from: given.plannedFrom,
      planned_until: given.plannedUntil,
      began_at: null,
      ended_at: null,
      verifying_at: null,
      announced_at: change.now,
      cancelled_at: null,
      runs_by: given.runsBy ?? 'clock',
      source: 'person',
      latest_update_at: change.now,
      shortlink: null,
      created_at: change.now,
      updated_at: change.now,
    })
    .execute()
  for (const component of components) {
    const named = { maintenance_id: id, component_id: component.id }
    await change.tx.insertInto('maintenance_components').values(named).execute()
  }
  const update = await write(change, { id, locale }, { word: given, stage: 'scheduled', affected: null })
  await change.record({ type: 'maintenance.announced', subject: id, data: { name: given.name, update } })
  return id
}

/** Begins the work by hand, whatever was planned. */
export async function beginMaintenance(change: Change, id: string, input: Unchecked<MaintenanceWord>): Promise<void> {
  const word = check(maintenanceWord, input)
  const maintenance = await maintenanceNotOver(change, id)
  if (maintenance.began_at !== null) throw new Conflict('This maintenance has begun already.')
  await begin(change, maintenance, { word, at: change.now })
}

/** A word in between; `verifying` says that the work is done and being looked at. Answers the update's id. */
export async function postMaintenanceUpdate(
  change: Change,
  id: string,
  input: Unchecked<MaintenanceUpdate>,
): Promise<string> {
  const { stage, ...word } = check(maintenanceUpdate, input)
  const maintenance = await maintenanceNotOver(change, id)
  const hasBegun = maintenance.began_at !== null
  if (!hasBegun && stage !== 'scheduled') throw new Conflict('This maintenance has not begun: begin it first.', 'stage')
  if (hasBegun && stage === 'scheduled') throw new Conflict('This maintenance has begun already.', 'stage')
  const update = await write(change, maintenance, { word, stage, affected: null })
  await change.tx
    .updateTable('maintenances')
    .set({
      stage,
      ...(stage === 'verifying' && maintenance.verifying_at === null ? { verifying_at: change.now } : {}),
      latest_update_at: change.now,
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await change.record({ type: 'maintenance.updated', subject: id, data: { name: maintenance.name, stage, update } })
  return update
}

/** Says that the work is over, early or late. */
export async function completeMaintenance(
  change: Change,
  id: string,
  input: Unchecked<MaintenanceWord>,
): Promise<void> {
  const word = check(maintenanceWord, input)
  const maintenance = await maintenanceNotOver(change, id)
  if (maintenance.began_at === null) throw new Conflict('This maintenance has not begun: cancel it instead.')
  await end(change, maintenance, { word, at: change.now, as: 'completed' })
}

/** Says that the work will not be done, or not to its end. */
export async function cancelMaintenance(change: Change, id: string, input: Unchecked<MaintenanceWord>): Promise<void> {
  const word = check(maintenanceWord, input)
  const maintenance = await maintenanceNotOver(change, id)
  await end(change, maintenance, { word, at: change.now, as: 'cancelled' })
}

export function mustBeWindow(change: Change, from: Instant, until: Instant): void {
  if (until <= from) throw new Invalid('The planned end must come after the planned beginning.', 'plannedUntil')
  if (until <= change.now) throw new Invalid('The planned end has passed already.', 'plannedUntil')
}
