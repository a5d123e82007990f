import type { Db } from '../../database/database.ts'
import type { Site } from './site.ts'
import { dayOf } from '../../lib/days.ts'

/** The month in which the record begins: with the first thing that happened, or with the page itself. */
export async function firstMonth(db: Db, site: Site): Promise<string> {
  const incident = await db
    .selectFrom('incidents')
    .select('began_at')
    .where('told_at', 'is not', null)
    .where('dismissed_at', 'is', null)
    .orderBy('began_at')
    .limit(1)
    .executeTakeFirst()
  const maintenance = await db
    .selectFrom('maintenances')
    .select('planned_from')
    .where('announced_at', 'is not', null)
    .orderBy('planned_from')
    .limit(1)
    .executeTakeFirst()
  const beginnings = [incident?.began_at, maintenance?.planned_from, site.createdAt].filter((at) => at !== undefined)
  return dayOf(beginnings.toSorted()[0] ?? site.createdAt, site.zone).slice(0, 7)
}
