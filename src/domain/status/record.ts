import type { Db } from '../../database/database.ts'

/** What there is to be found by its id in public, newest first; no more than anybody walks through. */
export async function recordedIds(db: Db): Promise<{ incidents: string[]; maintenances: string[] }> {
  const incidents = await db
    .selectFrom('incidents')
    .select('id')
    .where('told_at', 'is not', null)
    .where('dismissed_at', 'is', null)
    .orderBy('began_at', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  const maintenances = await db
    .selectFrom('maintenances')
    .select('id')
    .where('announced_at', 'is not', null)
    .orderBy('planned_from', 'desc')
    .orderBy('id', 'desc')
    .limit(most)
    .execute()
  return { incidents: incidents.map(({ id }) => id), maintenances: maintenances.map(({ id }) => id) }
}

const most = 10_000
