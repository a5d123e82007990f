import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { ClockEntryRow, ClockRow } from '../../database/tables/regulators.ts'
import { readSite } from '../site/queries.ts'
import { type Entry, type RegulatorsClock, clockOf } from './clock.ts'

/** More are never open at once. */
const mostOpen = 500

/** The clocks of an incident, oldest first. Costs the incident's clocks. */
export async function clocksOf(db: Db, incidentId: string): Promise<RegulatorsClock[]> {
  const rows = await db
    .selectFrom('clocks')
    .selectAll()
    .where('incident_id', '=', incidentId)
    .orderBy('created_at')
    .orderBy('id')
    .limit(mostOpen)
    .execute()
  return withEntries(db, rows)
}

/** The clocks on which something is owed, oldest first. Costs what is open, whatever there was before. */
export async function openClocks(db: Db): Promise<RegulatorsClock[]> {
  const rows = await db
    .selectFrom('clocks')
    .selectAll()
    .where('ended_at', 'is', null)
    .orderBy('created_at')
    .orderBy('id')
    .limit(mostOpen)
    .execute()
  return withEntries(db, rows)
}

export async function readClock(db: Db, id: string): Promise<RegulatorsClock | null> {
  const rows = await db.selectFrom('clocks').selectAll().where('id', '=', id).execute()
  return (await withEntries(db, rows))[0] ?? null
}

async function withEntries(db: Db, rows: readonly Selectable<ClockRow>[]): Promise<RegulatorsClock[]> {
  if (rows.length === 0) return []
  const { zone } = await readSite(db)
  const entries = await db
    .selectFrom('clock_entries')
    .selectAll()
    .where(
      'clock_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('clock_id')
    .orderBy('place')
    .execute()
  return rows.map((row) =>
    clockOf(
      {
        id: row.id,
        incidentId: row.incident_id,
        regime: row.regime,
        endedAt: row.ended_at,
        custom: customOf(row),
        entries: entries.filter(({ clock_id: of }) => of === row.id).map(toEntry),
      },
      zone,
    ),
  )
}

function customOf({ name, amount, unit, runs_from: from }: Selectable<ClockRow>) {
  return name === null || amount === null || unit === null || from === null
    ? null
    : { name, term: { amount, unit, from } }
}

function toEntry(row: Selectable<ClockEntryRow>): Entry {
  return {
    kind: row.kind,
    at: row.at,
    author: row.author,
    report: row.report,
    happenedAt: row.happened_at,
    note: row.note,
  }
}
