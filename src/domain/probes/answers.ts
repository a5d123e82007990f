import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { hoursBetween } from './roll-ups.ts'

/** What the probes of a component found in an hour, taken together. */
export interface AnsweredHour {
  readonly hour: Instant
  readonly checks: number
  readonly failed: number
  /** How long answers took on average, in milliseconds; null where nothing answered. */
  readonly ms: number | null
  readonly slowest: number | null
}

/** More probes than this watch no one thing. */
const mostProbes = 20

/** Each hour between two instants in which the probes that a component has were at work, in order. */
export async function answersOfComponent(
  db: Db,
  componentId: string,
  between: { readonly from: Instant; readonly until: Instant },
): Promise<AnsweredHour[]> {
  const probes = await db
    .selectFrom('probes')
    .select(['id', 'number'])
    .where('component_id', '=', componentId)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .limit(mostProbes)
    .execute()
  const hours = new Map<Instant, { checks: number; failed: number; answered: number; sum: number; slowest: number }>()
  for (const { number } of probes) {
    for (const one of await hoursBetween(db, number, between)) {
      const hour = hours.get(one.hour) ?? { checks: 0, failed: 0, answered: 0, sum: 0, slowest: 0 }
      const answered = one.msAverage === null ? 0 : one.checks - one.failed - one.inconclusive
      hour.checks += one.checks
      hour.failed += one.failed
      hour.answered += answered
      hour.sum += answered * (one.msAverage ?? 0)
      hour.slowest = Math.max(hour.slowest, one.msMax ?? 0)
      hours.set(one.hour, hour)
    }
  }
  return [...hours]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([hour, { checks, failed, answered, sum, slowest }]) => ({
      hour,
      checks,
      failed,
      ms: answered === 0 ? null : Math.round(sum / answered),
      slowest: answered === 0 ? null : slowest,
    }))
}
