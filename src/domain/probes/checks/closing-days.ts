import { type Db, inTransaction } from '../../../database/database.ts'
import { takeSumsTurn } from '../../../database/dialect.ts'
import { instantOf, millisecondsOf } from '../../../lib/clock.ts'
import { type DayName, addDays, dayOf, startOfDay } from '../../../lib/days.ts'
import { keyOf } from './check-keys.ts'
import { inPortions } from './portions.ts'
import { type PlacedSum, keepSums, sumsByHour } from './roll-ups.ts'
import { addSum, noSum } from './sums.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000

/** Days of the calendar counted from 1 January 1970, as they stand in the table of days. */
export function numberOfDay(day: DayName): number {
  return millisecondsOf(startOfDay(day, 'UTC')) / dayMs
}

export function nameOfDay(number: number): DayName {
  return dayOf(instantOf(number * dayMs), 'UTC')
}

/** The day, in the site's zone, that an hour begins in. */
export function dayNumberOf(hour: number, zone: string): number {
  return numberOfDay(dayOf(instantOf(hour * hourMs), zone))
}

/** The hours that begin in a day, the last one not included. */
export function hoursIn(day: DayName, zone: string): { first: number; end: number } {
  const [first, end] = [day, addDays(day, 1)].map((one) => Math.ceil(millisecondsOf(startOfDay(one, zone)) / hourMs))
  return { first: first ?? 0, end: end ?? 0 }
}

/**
 * Sums up the days that are over and had an hour closed since. A day is made of its hours anew, so it does not matter
 * how often; one whose first hours are forgotten stays as it was.
 */
export async function closeDays(
  db: Db,
  { from, until, zone }: { readonly from: number; readonly until: number; readonly zone: string },
): Promise<void> {
  const due = await db.selectFrom('check_days_due').selectAll().orderBy('day').limit(1000).execute()
  for (const { day, hour_closed_at: seen } of due) {
    const { first, end } = hoursIn(nameOfDay(day), zone)
    if (end > until) return
    if (first >= from) await closeDay(db, day, { first, end })
    // If another process closed an hour of it meanwhile, the day is due once more.
    await db.deleteFrom('check_days_due').where('day', '=', day).where('hour_closed_at', '=', seen).execute()
  }
}

async function closeDay(db: Db, day: number, hours: { readonly first: number; readonly end: number }): Promise<void> {
  const probes = await db.selectFrom('probes').select('number').orderBy('number').execute()
  await inPortions(probes, (some) =>
    inTransaction(db, async (tx) => {
      // Before the hours are read: what is kept of them must be what they are when it is written.
      await takeSumsTurn(tx)
      const numbers = some.map(({ number }) => number)
      await keepSums(tx, 'check_days', addedUp(await sumsByHour(tx, numbers, hours), day))
    }),
  )
}

/** Of each probe and place one sum. */
function addedUp(hours: readonly PlacedSum[], day: number): PlacedSum[] {
  const sums = new Map<number, PlacedSum>()
  for (const { probe, place, sum } of hours) {
    const key = keyOf({ probe, place })
    const one = sums.get(key) ?? { period: day, probe, place, sum: noSum() }
    sums.set(key, one)
    addSum(one.sum, sum)
  }
  return [...sums.values()]
}
