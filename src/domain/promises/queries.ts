import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { PromiseRow } from '../../database/tables/promises.ts'
import type { MadePromise } from './promise.ts'

/** A statement holds only so many values, and a plan for 500 serves for all. */
const atOnce = 500

/** All that was promised on these incidents, by incident, the one that was due first in front. */
export async function promisesOf(
  db: Db,
  incidentIds: readonly string[],
): Promise<ReadonlyMap<string, readonly MadePromise[]>> {
  const byIncident = new Map<string, MadePromise[]>()
  for (let at = 0; at < incidentIds.length; at += atOnce) {
    const rows = await db
      .selectFrom('promises')
      .selectAll()
      .where('incident_id', 'in', incidentIds.slice(at, at + atOnce))
      .orderBy('incident_id')
      .orderBy('due_at')
      .orderBy('id')
      .execute()
    for (const row of rows) {
      const list = byIncident.get(row.incident_id)
      if (list) list.push(toPromise(row))
      else byIncident.set(row.incident_id, [toPromise(row)])
    }
  }
  return byIncident
}

function toPromise(row: Selectable<PromiseRow>): MadePromise {
  return {
    id: row.id,
    incidentId: row.incident_id,
    kind: row.kind,
    madeBy: row.made_by,
    madeAt: row.made_at,
    dueAt: row.due_at,
    outcome: row.outcome,
    decidedAt: row.decided_at,
    decidedBy: row.decided_by,
    cameAt: row.came_at,
  }
}
