import type { Db } from '../../../database/database.ts'
import { type Instant, instantOf, millisecondsOf } from '../../../lib/clock.ts'
import { type DayName, addDays, dayOf, startOfDay } from '../../../lib/days.ts'
import { hoursIn, numberOfDay } from './closing-days.ts'
import { type PlacedSum, sumsByDay, sumsByHour } from './roll-ups.ts'
import { type Sum, addSum, noSum } from './sums.ts'

/** How far back a chart goes, and how much time one step of it is. */
export const ranges = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Range = (typeof ranges)[number]

const plans: Record<Range, { readonly steps: number; readonly hours: number | null }> = {
  day: { steps: 24, hours: 1 },
  week: { steps: 168, hours: 1 },
  month: { steps: 120, hours: 6 },
  // A day each, as the site counts them.
  quarter: { steps: 90, hours: null },
  year: { steps: 365, hours: null },
}

/** What was found from one place, step by step; null where nothing was measured. */
export interface PlaceSteps {
  readonly place: number
  readonly steps: readonly (Sum | null)[]
}

/** What probes found in a range, by place. */
export interface Charted {
  readonly range: Range
  /** The beginning of each step, and at last the end of all of them. */
  readonly bounds: readonly Instant[]
  readonly places: readonly PlaceSteps[]
}

/** More probes than this watch no one thing. */
const mostProbes = 20

/** The numbers of the probes that a component has. */
export async function probesOfComponent(db: Db, componentId: string): Promise<number[]> {
  const rows = await db
    .selectFrom('probes')
    .select('number')
    .where('component_id', '=', componentId)
    .where('removed_at', 'is', null)
    .orderBy('id')
    .limit(mostProbes)
    .execute()
  return rows.map(({ number }) => number)
}

/** Sums by the hour and by the day are all that is read: at most 31 and 13 rows for each probe and place. */
export async function chartedRanges(
  db: Db,
  probes: readonly number[],
  { now, zone, of }: { readonly now: Instant; readonly zone: string; readonly of: readonly Range[] },
): Promise<Charted[]> {
  if (probes.length === 0) return []
  const end = await lastClosed(db, Math.floor(millisecondsOf(now) / hourMs))
  const today = dayOf(instantOf((end - 1) * hourMs), zone)
  const hoursBack = Math.max(0, ...of.map((range) => (plans[range].hours ?? 0) * plans[range].steps))
  const daysBack = Math.max(0, ...of.map((range) => (plans[range].hours === null ? plans[range].steps : 0)))
  // Today is not summed up yet: it is made of its hours.
  const begun = daysBack > 0 ? hoursIn(today, zone).first : end
  const hours = await sumsByHour(db, probes, { first: Math.min(end - hoursBack, begun), end })
  const number = numberOfDay(today)
  const days = daysBack > 0 ? await sumsByDay(db, probes, { first: number + 1 - daysBack, end: number }) : []
  return of.map((range) => {
    const { steps, hours: size } = plans[range]
    if (size !== null) {
      const first = end - steps * size
      const bounds = Array.from({ length: steps + 1 }, (_, step) => instantOf((first + step * size) * hourMs))
      return { range, bounds, places: stepsOf(hours, steps, ({ period }) => Math.floor((period - first) / size)) }
    }
    const first = number + 1 - steps
    const ofToday = hours.filter(({ period }) => period >= begun).map((one) => ({ ...one, period: number }))
    const bounds = [...daysBefore(today, steps - 1, zone), instantOf(end * hourMs)]
    return { range, bounds, places: stepsOf([...days, ...ofToday], steps, ({ period }) => period - first) }
  })
}

const hourMs = 3_600_000

/** An hour that has just ended may not be summed up yet: then the charts end before it. */
async function lastClosed(db: Db, hour: number): Promise<number> {
  const last = await db.selectFrom('check_samples').select('hour').orderBy('hour', 'desc').limit(1).executeTakeFirst()
  return last?.hour === hour - 1 ? hour : hour - 1
}

function daysBefore(today: DayName, days: number, zone: string): Instant[] {
  const first = addDays(today, -days)
  return Array.from({ length: days + 1 }, (_, after) => startOfDay(addDays(first, after), zone))
}

function stepsOf(sums: readonly PlacedSum[], count: number, stepOf: (sum: PlacedSum) => number): PlaceSteps[] {
  const places = new Map<number, (Sum | null)[]>()
  for (const one of sums) {
    const step = stepOf(one)
    if (step < 0 || step >= count) continue
    const steps = places.get(one.place) ?? Array.from({ length: count }, () => null)
    places.set(one.place, steps)
    const sum = steps[step] ?? noSum()
    addSum(sum, one.sum)
    steps[step] = sum
  }
  return [...places].toSorted(([a], [b]) => a - b).map(([place, steps]) => ({ place, steps }))
}

/** All places together. */
export function together(places: readonly PlaceSteps[]): (Sum | null)[] {
  const count = places[0]?.steps.length ?? 0
  return Array.from({ length: count }, (_, step) => {
    const those = places.flatMap(({ steps }) => steps[step] ?? [])
    if (those.length === 0) return null
    const sum = noSum()
    for (const one of those) addSum(sum, one)
    return sum
  })
}

/** The share of the measured time in which it answered; null: nothing was measured. */
export function availabilityOf({ seconds, failedSeconds }: Pick<Sum, 'seconds' | 'failedSeconds'>): number | null {
  return seconds === 0 ? null : 1 - failedSeconds / seconds
}

/** What a chart needs: what was found, and what the places are called that it was found from. */
export interface ChartFacts {
  readonly charted: readonly Charted[]
  readonly places: ReadonlyMap<number, string>
}

export async function chartFacts(
  db: Db,
  probes: readonly number[],
  about: Parameters<typeof chartedRanges>[2],
): Promise<ChartFacts> {
  const rows = await db.selectFrom('places').select(['number', 'name']).orderBy('number').limit(1000).execute()
  return {
    charted: await chartedRanges(db, probes, about),
    places: new Map(rows.map(({ number, name }) => [number, name])),
  }
}
