import type { Selectable } from 'kysely'
import type { MaintenanceRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { type Names, changeImpacts, endImpacts, setImpacts } from '../components/impacts.ts'
import type { Affected } from '../incidents/incident.ts'
import { authorOf, insertUpdate, nothingOwed, sourceOf } from '../incidents/updates.ts'
import type { Locale } from '../site/site.ts'
import { translated } from '../site/translations.ts'
import type { MaintenanceWord } from './input.ts'
import type { MaintenanceStage } from './maintenance.ts'

type Row = Selectable<MaintenanceRow>

export async function maintenanceNotOver(change: Change, id: string): Promise<Row> {
  const row = await change.tx.selectFrom('maintenances').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new NotFound('There is no such maintenance.')
  if (row.cancelled_at !== null) throw new Conflict('This maintenance was cancelled.')
  if (row.ended_at !== null) throw new Conflict('This maintenance is completed already.')
  return row
}

/** The work begins at `at`; from then on its components are under maintenance. */
export async function begin(
  change: Change,
  maintenance: Row,
  { word, at }: { word: MaintenanceWord; at: Instant },
): Promise<void> {
  const { id, name } = maintenance
  const names = await componentsOf(change, id)
  const affected = await changeImpacts(change, names, at, () => putUnderMaintenance(change, id, names, at))
  const update = await write(change, maintenance, { word, stage: 'in_progress', affected })
  await change.tx
    .updateTable('maintenances')
    .set({
      stage: 'in_progress',
      began_at: at,
      original_until: maintenance.planned_until,
      latest_update_at: change.now,
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await change.record({ type: 'maintenance.began', subject: id, data: { name, update } })
}

/** The work ends at `at`, or is given up before or while it is done. */
export async function end(
  change: Change,
  maintenance: Row,
  { word, at, as }: { word: MaintenanceWord; at: Instant; as: 'completed' | 'cancelled' },
): Promise<void> {
  const { id, name } = maintenance
  const names = maintenance.began_at === null ? new Map<string, string>() : await componentsOf(change, id)
  const affected = await changeImpacts(change, names, at, () => endImpacts(change, { maintenance: id }, { at }))
  const update = await write(change, maintenance, { word, stage: as, affected })
  await change.tx
    .updateTable('maintenances')
    .set({
      stage: as,
      ended_at: maintenance.began_at === null ? null : at,
      cancelled_at: as === 'cancelled' ? change.now : null,
      latest_update_at: change.now,
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await change.record({ type: `maintenance.${as}`, subject: id, data: { name, update } })
}

/** Writes a word on a maintenance down; answers its id. */
export async function write(
  change: Change,
  maintenance: { readonly id: string; readonly locale: string },
  { word, stage, affected }: { word: MaintenanceWord; stage: MaintenanceStage; affected: readonly Affected[] | null },
): Promise<string> {
  const locale = maintenance.locale as Locale
  return insertUpdate(change, {
    of: { maintenance: maintenance.id },
    stage,
    body: word.body,
    locale,
    translations: translated(word.translations, ['body'], locale),
    author: authorOf(change, word.author),
    source: sourceOf(change),
    affected,
    deliver: word.deliver ?? 'yes',
    promise: nothingOwed,
    displayedAt: change.now,
  })
}

export async function putUnderMaintenance(change: Change, id: string, names: Names, at: Instant): Promise<void> {
  const components = [...names.keys()].map((component) => ({ id: component, status: 'under_maintenance' as const }))
  await setImpacts(change, { maintenance: id }, components, { at, saidAt: change.now })
}

/** The names of its components, without those that were removed since. */
export async function componentsOf(change: Change, id: string): Promise<Names> {
  const rows = await change.tx
    .selectFrom('maintenance_components')
    .innerJoin('components', 'components.id', 'maintenance_components.component_id')
    .select(['components.id', 'components.name'])
    .where('maintenance_components.maintenance_id', '=', id)
    .where('components.removed_at', 'is', null)
    .orderBy('components.position')
    .orderBy('components.id')
    .execute()
  return new Map(rows.map((row) => [row.id, row.name]))
}
