import { check } from '../../lib/check.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { readSite } from '../site/queries.ts'
import { announce } from './announcing.ts'
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
  const locale = given.locale ?? (await readSite(change.tx)).locale
  return announce(change, { ...given, locale, series: null })
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
