import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { MaintenanceRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import { addDays, startOfDay } from '../../lib/days.ts'
import type { Severity, Update } from '../incidents/incident.ts'
import { updatesOf } from '../incidents/rows.ts'
import { revisionsByOwner, withdrawnOf } from '../revisions/queries.ts'
import type { Locale, Translations } from '../site/site.ts'
import type { Maintenance, MaintenanceStage } from './maintenance.ts'

const mostOpen = 200

export async function readMaintenance(db: Db, id: string): Promise<Maintenance | null> {
  const rows = await announced(db).where('id', '=', id).execute()
  return (await withWords(db, rows))[0] ?? null
}

/** In progress or verifying, then scheduled, each by its planned beginning. */
export async function openMaintenances(db: Db): Promise<Maintenance[]> {
  const rows = await announced(db)
    .where('ended_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .orderBy('planned_from')
    .orderBy('id')
    .limit(mostOpen)
    .execute()
  const isUnderWay = (row: Selectable<MaintenanceRow>): boolean => row.began_at !== null
  return withWords(db, [...rows.filter(isUnderWay), ...rows.filter((row) => !isUnderWay(row))])
}

/** Those with the latest word, newest word first. */
export async function recentMaintenances(db: Db, limit: number): Promise<Maintenance[]> {
  const rows = await announced(db)
    .where('latest_update_at', 'is not', null)
    .orderBy('latest_update_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return withWords(db, rows)
}

/** Of these, those that were announced, latest beginning first. */
export async function maintenancesById(db: Db, ids: readonly string[]): Promise<Maintenance[]> {
  if (ids.length === 0) return []
  const rows = await announced(db)
    .where('id', 'in', ids)
    .orderBy('planned_from', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return withWords(db, rows)
}

/** Planned to begin before another, or the last ones of all; latest beginning first. A page of the whole of history. */
export async function maintenancesBefore(
  db: Db,
  other: { readonly at: Instant; readonly id: string } | null,
  limit: number,
): Promise<Maintenance[]> {
  let query = announced(db)
  if (other) query = query.where((eb) => eb(eb.refTuple('planned_from', 'id'), '<', eb.tuple(other.at, other.id)))
  const rows = await query.orderBy('planned_from', 'desc').orderBy('id', 'desc').limit(limit).execute()
  return withWords(db, rows)
}

/** Planned to begin at `from` or later and before `until`, latest beginning first. */
export async function maintenancesPlannedBetween(
  db: Db,
  from: Instant,
  until: Instant,
  limit: number,
): Promise<Maintenance[]> {
  const rows = await announced(db)
    .where('planned_from', '>=', from)
    .where('planned_from', '<', until)
    .orderBy('planned_from', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return withWords(db, rows)
}

/** Planned to begin in a month, `2026-11`, of the site's zone, latest beginning first. */
export async function maintenancesOfMonth(db: Db, month: string, zone: string): Promise<Maintenance[]> {
  const first = `${month}-01`
  const next = `${addDays(first, 31).slice(0, 7)}-01`
  return maintenancesPlannedBetween(db, startOfDay(first, zone), startOfDay(next, zone), 500)
}

/** Those of a component whose planned or actual window touches the time between two instants; latest beginning first. */
export async function maintenancesOfComponent(
  db: Db,
  componentId: string,
  from: Instant,
  until: Instant,
): Promise<Maintenance[]> {
  const rows = await announced(db)
    .where('id', 'in', (eb) =>
      eb.selectFrom('maintenance_components').select('maintenance_id').where('component_id', '=', componentId),
    )
    .where('planned_from', '<', until)
    .where((eb) => eb.or([eb('planned_until', '>', from), eb('ended_at', '>', from)]))
    .orderBy('planned_from', 'desc')
    .orderBy('id', 'desc')
    .limit(500)
    .execute()
  return withWords(db, rows)
}

function announced(db: Db) {
  return db.selectFrom('maintenances').selectAll().where('announced_at', 'is not', null)
}

async function withWords(db: Db, rows: readonly Selectable<MaintenanceRow>[]): Promise<Maintenance[]> {
  const ids = rows.map((row) => row.id)
  const updates = await updatesOf(db, 'maintenance_id', ids, 'readers')
  const components = await componentsOf(db, ids)
  const withdrawn = await withdrawnOf(db, 'maintenance_id', ids)
  const revisions = await revisionsByOwner(db, ids)
  return rows.map((row) => ({
    ...toMaintenance(row, components.get(row.id) ?? [], updates.get(row.id) ?? []),
    withdrawn: withdrawn.get(row.id) ?? [],
    revisions: revisions.get(row.id) ?? [],
  }))
}

/** Component ids by maintenance, as they stand on the page. */
async function componentsOf(db: Db, ids: readonly string[]): Promise<Map<string, string[]>> {
  const byMaintenance = new Map<string, string[]>()
  for (let at = 0; at < ids.length; at += 500) {
    const rows = await db
      .selectFrom('maintenance_components')
      .innerJoin('components', 'components.id', 'maintenance_components.component_id')
      .select(['maintenance_id', 'component_id'])
      .where('maintenance_id', 'in', ids.slice(at, at + 500))
      .orderBy('components.position')
      .orderBy('components.id')
      .execute()
    for (const row of rows) {
      const list = byMaintenance.get(row.maintenance_id)
      if (list) list.push(row.component_id)
      else byMaintenance.set(row.maintenance_id, [row.component_id])
    }
  }
  return byMaintenance
}

function toMaintenance(
  row: Selectable<MaintenanceRow>,
  componentIds: readonly string[],
  updates: readonly Update[],
): Omit<Maintenance, 'withdrawn' | 'revisions'> {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    locale: row.locale as Locale,
    translations: JSON.parse(row.translations) as Translations<'name'>,
    stage: row.stage as MaintenanceStage,
    severity: row.severity as Severity,
    plannedFrom: row.planned_from,
    plannedUntil: row.planned_until,
    beganAt: row.began_at,
    endedAt: row.ended_at,
    verifyingAt: row.verifying_at,
    originalUntil: row.original_until,
    announcedAt: row.announced_at,
    cancelledAt: row.cancelled_at,
    runsBy: row.runs_by,
    source: row.source,
    seriesId: row.series_id,
    latestUpdateAt: row.latest_update_at,
    shortlink: row.shortlink,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    componentIds,
    updates,
  }
}
