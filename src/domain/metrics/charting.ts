import type { Db } from '../../database/database.ts'
import { type Instant, instantOf, millisecondsOf } from '../../lib/clock.ts'
import { addDays, dayOf, startOfDay } from '../../lib/days.ts'
import { numberOfDay } from '../probes/checks/closing-days.ts'
import { type Range, ranges } from '../probes/checks/charting.ts'
import { type Amount, type Point, amountOf, together } from './metric.ts'
import { unpackedValues } from './points.ts'

/** What came in in a range, step by step; null where nothing did. */
export interface MetricCharted {
  readonly range: Range
  readonly bounds: readonly Instant[]
  readonly steps: readonly (Amount | null)[]
}

const hourMs = 3_600_000
const slotMs = 300_000

/** At most 288 slots, 720 hours and 365 days of one metric, each along its key; `now` is a whole hour. */
export async function chartedMetric(
  db: Db,
  metric: number,
  { now, zone }: { readonly now: Instant; readonly zone: string },
): Promise<MetricCharted[]> {
  const end = millisecondsOf(now)
  const slots = await db
    .selectFrom('metric_slots')
    .select(['slot', 'packed'])
    .where('metric', '=', metric)
    .where('slot', '>=', end / slotMs - 288)
    .where('slot', '<', end / slotMs)
    .orderBy('slot')
    .execute()
  const hours = await db
    .selectFrom('metric_hours')
    .selectAll()
    .where('metric', '=', metric)
    .where('hour', '>=', end / hourMs - 720)
    .where('hour', '<', end / hourMs)
    .orderBy('hour')
    .execute()
  const today = dayOf(instantOf(end - 1), zone)
  const number = numberOfDay(today)
  const days = await db
    .selectFrom('metric_days')
    .selectAll()
    .where('metric', '=', metric)
    .where('day', '>', number - 365)
    .where('day', '<=', number)
    .orderBy('day')
    .execute()
  const bySlot = slots.map(({ slot, packed }) => ({
    at: slot * slotMs,
    amount: amountOf(unpackedValues(packed).map(([, value]) => value)),
  }))
  const byHour = hours.map(({ hour, ...amount }) => ({ at: hour * hourMs, amount }))
  const even: Partial<Record<Range, readonly [steps: number, ms: number, of: readonly Dated[]]>> = {
    day: [288, slotMs, bySlot],
    week: [168, hourMs, byHour],
    month: [120, 6 * hourMs, byHour],
  }
  return ranges.map((range) => {
    const plan = even[range]
    if (plan) {
      const [count, ms, of] = plan
      const first = end - count * ms
      const bounds = Array.from({ length: count + 1 }, (_, step) => instantOf(first + step * ms))
      return { range, bounds, steps: stepsOf(of, count, (at) => Math.floor((at - first) / ms)) }
    }
    const count = range === 'quarter' ? 90 : 365
    const begins = Array.from({ length: count }, (_, step) => startOfDay(addDays(today, step + 1 - count), zone))
    const first = number + 1 - count
    const byDay = days.map(({ day, ...amount }) => ({ at: day, amount }))
    return { range, bounds: [...begins, now], steps: stepsOf(byDay, count, (day) => day - first) }
  })
}

interface Dated {
  readonly at: number
  readonly amount: Amount | null
}

function stepsOf(of: readonly Dated[], count: number, stepOf: (at: number) => number): (Amount | null)[] {
  const steps = Map.groupBy(of, ({ at }) => stepOf(at))
  return Array.from({ length: count }, (_, step) =>
    together((steps.get(step) ?? []).flatMap(({ amount }) => amount ?? [])),
  )
}

/** The newest value there is. */
export async function latestPoint(db: Db, metric: number): Promise<Point | null> {
  const row = await db
    .selectFrom('metric_slots')
    .select(['slot', 'packed'])
    .where('metric', '=', metric)
    .orderBy('slot', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (!row) return null
  const [last] = unpackedValues(row.packed).toSorted(([a], [b]) => b - a)
  return last ? { second: (row.slot * slotMs) / 1000 + last[0], value: last[1] } : null
}
