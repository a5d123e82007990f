import { type Db, inTransaction } from '../../database/database.ts'
import { instantOf, millisecondsOf } from '../../lib/clock.ts'
import { type DayName, addDays, dayOf, startOfDay } from '../../lib/days.ts'
import { keyOf } from './check-keys.ts'
import { breath, pageOfRows, rowsInTransaction, writeRows } from './portions.ts'
import { type Sum, addSum, noSum, packedSum, unpackedSum } from './sums.ts'

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
  const due = await db.selectFrom('check_days_due').select('day').orderBy('day').limit(1000).execute()
  for (const { day } of due) {
    const { first, end } = hoursIn(nameOfDay(day), zone)
    if (end > until) return
    const sums = first < from ? new Map<number, DaySum>() : await sumsOfHours(db, first, end)
    const rows = [...sums.values()].toSorted((a, b) => a.probe - b.probe || a.place - b.place)
    for (let from = 0; from < rows.length; from += rowsInTransaction) {
      const chunk = rows.slice(from, from + rowsInTransaction)
      await inTransaction(db, (tx) =>
        writeRows(
          tx,
          'check_days',
          chunk.map(({ probe, place, sum }) => ({ day, probe, place, packed: packedSum(sum) })),
        ),
      )
      await breath()
    }
    await db.deleteFrom('check_days_due').where('day', '=', day).execute()
  }
}

interface DaySum {
  readonly probe: number
  readonly place: number
  readonly sum: Sum
}

async function sumsOfHours(db: Db, first: number, end: number): Promise<Map<number, DaySum>> {
  const sums = new Map<number, DaySum>()
  for (let hour = first; hour < end; hour += 1) {
    let after = { probe: 0, place: 0 }
    for (;;) {
      const rows = await db
        .selectFrom('check_hours')
        .selectAll()
        .where('hour', '=', hour)
        .where('probe', '>=', after.probe)
        .where((eb) => eb.or([eb('probe', '>', after.probe), eb('place', '>', after.place)]))
        .orderBy('probe')
        .orderBy('place')
        .limit(pageOfRows)
        .execute()
      for (const row of rows) {
        const key = keyOf(row)
        const one = sums.get(key) ?? { probe: row.probe, place: row.place, sum: noSum() }
        sums.set(key, one)
        addSum(one.sum, unpackedSum(row.packed))
      }
      await breath()
      const last = rows.at(-1)
      if (!last || rows.length < pageOfRows) break
      after = { probe: last.probe, place: last.place }
    }
  }
  return sums
}
