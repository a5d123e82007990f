import type { Selectable } from 'kysely'
import type { Db } from '../../../database/database.ts'
import type { IncidentRow } from '../../../database/tables.ts'
import { type Instant, later } from '../../../lib/clock.ts'
import { type DeclaredStatus, worse } from '../../components/component.ts'
import { type Case, reopenSeconds } from './deciding.ts'
import { isProven } from '../verdicts/proven.ts'

/** More are never open at once; what is beyond is a mistake that must not slow verdicts. */
const most = 300

/** Incidents that a failure could belong to: those that are open, those that were over a moment ago, and some by id. */
export async function casesAround(db: Db, since: Instant, ids: readonly string[]): Promise<Case[]> {
  const rows = await db
    .selectFrom('incidents')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb('over_at', 'is', null), eb('dismissed_at', 'is', null)]),
        eb.and([eb('over_at', '>=', later(since, -reopenSeconds)), eb('held_by', '=', 'engine')]),
        ...(ids.length > 0 ? [eb('id', 'in', ids)] : []),
      ]),
    )
    .orderBy('began_at', 'desc')
    .orderBy('id')
    .limit(most)
    .execute()
  return withWhatTheySay(db, rows)
}

export async function caseById(db: Db, id: string): Promise<Case | null> {
  const rows = await db.selectFrom('incidents').selectAll().where('id', '=', id).execute()
  return (await withWhatTheySay(db, rows))[0] ?? null
}

async function withWhatTheySay(db: Db, rows: readonly Selectable<IncidentRow>[]): Promise<Case[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const impacts = await db
    .selectFrom('impacts')
    .select(['incident_id', 'component_id', 'status', 'ended_at'])
    .where('incident_id', 'in', ids)
    .orderBy('began_at')
    .orderBy('id')
    .execute()
  const words = await db
    .selectFrom('updates')
    .select((eb) => ['incident_id', eb.fn.countAll<number>().as('count')])
    .where('incident_id', 'in', ids)
    .where('source', '=', 'probe')
    .groupBy('incident_id')
    .execute()
  const said = new Map(words.map(({ incident_id: id, count }) => [id, Number(count)]))
  const unproven = await unprovenOf(db, rows)
  return rows.map((row) => {
    const says = new Map<string, DeclaredStatus | null>()
    for (const { component_id: id, status, ended_at: ended } of impacts.filter((one) => one.incident_id === row.id)) {
      const known = says.get(id) ?? null
      const now = ended === null && status !== 'operational' ? (status as DeclaredStatus) : null
      says.set(id, now === null ? known : known === null ? now : (worse(known, now) as DeclaredStatus))
    }
    return { ...toCase(row), words: said.get(row.id) ?? 0, says, proven: unproven.has(row.id) ? 'no' : 'yes' }
  })
}

/**
 * Drafts of the engine's about what was never found well until then. They stay so: what came to work since may fail in
 * earnest while others of the same draft are still mistaken, and that is published.
 */
async function unprovenOf(db: Db, rows: readonly Selectable<IncidentRow>[]): Promise<Set<string>> {
  const found = new Set<string>()
  for (const { id, probe_id: probe, held_by: heldBy, created_at: drafted, ...row } of rows) {
    // One that publishes itself was proven when it was drafted.
    if (probe === null || heldBy !== 'engine' || row.told_at !== null || row.publishes_at !== null) continue
    if (!(await isProven(db, probe, drafted))) found.add(id)
  }
  return found
}

function toCase(row: Selectable<IncidentRow>): Omit<Case, 'words' | 'says' | 'proven'> {
  return {
    id: row.id,
    heldBy: row.held_by,
    toldAt: row.told_at,
    beganAt: row.began_at,
    recoveredAt: row.recovered_at,
    overAt: row.over_at,
    dismissedAt: row.dismissed_at,
    intermittentAt: row.intermittent_at,
    cameBack: JSON.parse(row.came_back) as Instant[],
    lastWordAt: row.latest_update_at,
  }
}
