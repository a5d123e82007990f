import type { Selectable } from 'kysely'
import type { MaintenanceRow } from '../../database/tables.ts'
import { check } from '../../lib/check.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { type Names, changeImpacts, endImpacts, namesOf } from '../components/impacts.ts'
import type { Affected } from '../incidents/incident.ts'
import { keepRevision } from '../revisions/commands.ts'
import { type Locale, type Translations, locales } from '../site/site.ts'
import { translated, withoutFields } from '../site/translations.ts'
import { mustBeWindow } from './commands.ts'
import {
  type MaintenanceChanges,
  type MaintenanceExtension,
  maintenanceChanges,
  maintenanceExtension,
} from './input.ts'
import type { MaintenanceStage } from './maintenance.ts'
import { componentsOf, maintenanceNotOver, putUnderMaintenance, write } from './steps.ts'

/**
 * Changes an announced maintenance. Another window or other components are owed a word to readers; it may be extended
 * while it is under way, but a beginning that has been is a fact.
 */
export async function changeMaintenance(
  change: Change,
  id: string,
  input: Unchecked<MaintenanceChanges>,
): Promise<void> {
  const given = check(maintenanceChanges, input)
  const maintenance = await maintenanceNotOver(change, id)
  const former = await componentsOf(change, id)
  const named = given.components
    ? await namesOf(
        change,
        given.components.map((component) => ({ id: component })),
      )
    : former
  const changed = {
    name: given.name ?? maintenance.name,
    planned_from: given.plannedFrom ?? maintenance.planned_from,
    planned_until: given.plannedUntil ?? maintenance.planned_until,
    runs_by: given.runsBy ?? maintenance.runs_by,
  }
  const isMoved =
    changed.planned_from !== maintenance.planned_from || changed.planned_until !== maintenance.planned_until
  const isOther = [...named.keys()].toSorted().join() !== [...former.keys()].toSorted().join()
  if (isMoved) mustBeWindow(change, changed.planned_from, changed.planned_until)
  if (maintenance.began_at !== null && changed.planned_from !== maintenance.planned_from) {
    throw new Conflict('This maintenance has begun: its beginning cannot be planned any more.', 'plannedFrom')
  }
  if ((isMoved || isOther) && !given.body) throw new Invalid('Tell readers what changes: write a word on it.', 'body')
  if (!given.body && locales.some((locale) => given.translations?.[locale]?.body)) {
    throw new Invalid('A translation needs its original: write the word in your own language as well.', 'body')
  }
  const translations = given.translations
    ? translated(given.translations, ['name'], maintenance.locale as Locale)
    : withoutFields(
        JSON.parse(maintenance.translations) as Translations<'name'>,
        changed.name === maintenance.name ? [] : ['name'],
      )
  const fields = [
    ...(changed.name === maintenance.name ? [] : ['name']),
    ...(changed.planned_from === maintenance.planned_from ? [] : ['plannedFrom']),
    ...(changed.planned_until === maintenance.planned_until ? [] : ['plannedUntil']),
    ...(changed.runs_by === maintenance.runs_by ? [] : ['runsBy']),
    ...(isOther ? ['components'] : []),
    ...(given.translations && JSON.stringify(translations) !== maintenance.translations ? ['translations'] : []),
  ]
  if (fields.length === 0 && !given.body) return

  await keepPlan(change, maintenance, changed)
  const affected = isOther
    ? await replaceComponents(change, { id, hasBegun: maintenance.began_at }, former, named)
    : null
  await change.tx
    .updateTable('maintenances')
    .set({
      ...changed,
      translations: JSON.stringify(translations),
      ...(isMoved ? { window_said_at: change.now } : {}),
      ...(given.body ? { latest_update_at: change.now } : {}),
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  const { name } = changed
  const isExtended = maintenance.began_at !== null && changed.planned_until > maintenance.planned_until
  if (isExtended) {
    const data = { name, from: maintenance.planned_until, until: changed.planned_until }
    await change.record({ type: 'maintenance.extended', subject: id, data })
  }
  const others = fields.filter((field) => !isExtended || field !== 'plannedUntil')
  if (others.length > 0) {
    await change.record(
      { type: 'maintenance.changed', subject: id, data: { name, fields: others } },
      differences(
        others,
        wholeOf(maintenance, former),
        wholeOf({ ...maintenance, ...changed, translations: JSON.stringify(translations) }, named),
      ),
    )
  }
  if (!given.body) return
  const stage = maintenance.stage as MaintenanceStage
  const update = await write(change, maintenance, { word: { ...given, body: given.body }, stage, affected })
  const gone = [...former.keys()].filter((component) => !named.has(component))
  const data = { name, stage, update, ...(gone.length > 0 ? { former: gone } : {}) }
  await change.record({ type: 'maintenance.updated', subject: id, data })
}

/** The fields that can be changed, by the names that the log knows. */
function wholeOf(row: Selectable<MaintenanceRow>, components: Names): Readonly<Record<string, unknown>> {
  const { name, planned_from: plannedFrom, planned_until: plannedUntil, runs_by: runsBy, translations } = row
  return { name, plannedFrom, plannedUntil, runsBy, translations, components: [...components.values()].join(', ') }
}

type Plan = Pick<Selectable<MaintenanceRow>, 'name' | 'planned_from' | 'planned_until'>

/** What readers were told of it before: its title, and its window until it began. What is extended says so by itself. */
async function keepPlan(change: Change, before: Selectable<MaintenanceRow>, after: Plan): Promise<void> {
  const isMoved =
    before.began_at === null &&
    (before.planned_from !== after.planned_from || before.planned_until !== after.planned_until)
  const said = (plan: Plan) => ({
    ...(before.name === after.name ? {} : { name: plan.name }),
    ...(isMoved ? { plannedFrom: plan.planned_from, plannedUntil: plan.planned_until } : {}),
  })
  if (Object.keys(said(after)).length === 0) return
  await keepRevision(change, {
    of: 'maintenance',
    subject: before.id,
    reason: null,
    before: said(before),
    after: said(after),
  })
}

/** Work under way takes longer: readers are told until when, and the first plan stays on the page. */
export async function extendMaintenance(
  change: Change,
  id: string,
  input: Unchecked<MaintenanceExtension>,
): Promise<void> {
  const given = check(maintenanceExtension, input)
  const maintenance = await maintenanceNotOver(change, id)
  if (maintenance.began_at === null) throw new Conflict('This maintenance has not begun: change its plan instead.')
  if (given.plannedUntil <= maintenance.planned_until) {
    throw new Invalid('An extension ends after the end that is planned now.', 'plannedUntil')
  }
  await changeMaintenance(change, id, given)
}

/** Names other components; under way, those that came are under maintenance and those that went are not, from now on. */
async function replaceComponents(
  change: Change,
  { id, hasBegun }: { id: string; hasBegun: string | null },
  former: Names,
  named: Names,
): Promise<Affected[] | null> {
  await change.tx.deleteFrom('maintenance_components').where('maintenance_id', '=', id).execute()
  for (const component of named.keys()) {
    await change.tx
      .insertInto('maintenance_components')
      .values({ maintenance_id: id, component_id: component })
      .execute()
  }
  if (hasBegun === null) return null
  const gone = new Set([...former.keys()].filter((component) => !named.has(component)))
  return changeImpacts(change, new Map([...former, ...named]), change.now, async () => {
    await endImpacts(change, { maintenance: id }, { at: change.now, only: gone })
    await putUnderMaintenance(change, id, named, change.now)
  })
}
