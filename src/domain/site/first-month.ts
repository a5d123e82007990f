import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import type { Site } from './site.ts'

/** The month in which the record begins. */
export async function firstMonth(db: Db, site: Site): Promise<string> {
  return dayOf(await recordBegan(db, site), site.zone).slice(0, 7)
}

/** When the record begins: with the first thing that happened, or with the page itself. Two indexed reads. */
export async function recordBegan(db: Db, site: Site): Promise<Instant> {
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
  return beginnings.toSorted()[0] ?? site.createdAt
}
