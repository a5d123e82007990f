import type { Db } from '../../database/database.ts'
import { type Instant, secondsBetween } from '../../lib/clock.ts'
import { type DayName, addDays, daysFrom, startOfDay } from '../../lib/days.ts'
import type { Component } from '../components/component.ts'
import { countedSince, quiet, secondsOf, since, tallyBetween } from './days.ts'
import type { Day } from './snapshot-types.ts'
import { publicSpans } from './strips.ts'

/**
 * Each day of a component from `first`, or from its own first one, to the day of `now`: worked out from its impacts,
 * because a day that an open one goes on through is in no roll-up yet.
 */
export async function longRecord(
  db: Db,
  component: Pick<Component, 'id' | 'startDate' | 'createdAt'>,
  { first, today, zone, now }: { first: DayName; today: DayName; zone: string; now: Instant },
): Promise<Day[]> {
  const began = countedSince(component, zone)
  const starts = daysFrom(first, addDays(today, 1)).map((day) => ({ day, at: startOfDay(day, zone) }))
  const read = await publicSpans(db, [component.id], starts[0]?.at ?? now)
  const spans = since(read.get(component.id) ?? [], began)
  return starts.slice(0, -1).flatMap(({ day, at }, index) => {
    const next = starts[index + 1]?.at ?? now
    if (next <= began || at >= now) return []
    const until = next < now ? next : now
    const touching = spans.filter((span) => span.beganAt < until && (span.endedAt === null || span.endedAt > at))
    const isWhole = at >= began && next <= now
    const seconds = isWhole ? secondsBetween(at, next) : secondsOf(day, zone, began, now)
    return [{ day, seconds, ...(touching.length > 0 ? tallyBetween(touching, at, until) : quiet) }]
  })
}
