import type { Db } from '../../database/database.ts'
import { type Instant, instantOf, millisecondsOf } from '../../lib/clock.ts'
import { addDays, startOfDay } from '../../lib/days.ts'
import { totalOf } from './latency.ts'
import { breath } from './portions.ts'
import { type Sum, addSum, noSum, sumIn } from './sums.ts'

const hourMs = 3_600_000

/** What an hour, or a day, of checks amounts to. */
export interface RollUp {
  readonly checks: number
  readonly failed: number
  readonly slow: number
  readonly inconclusive: number
  readonly msAverage: number | null
  readonly msMax: number | null
}

/** What one probe found from one place in an hour or a day; `period` counts those from 1970. */
export interface PlacedSum {
  readonly period: number
  readonly probe: number
  readonly place: number
  readonly sum: Sum
}

/** Hours that are looked up at once. */
const glance = 240

/**
 * What probes found from the first hour until before the end, in order. Each hour of each probe is looked up by its key:
 * the cost is hours × probes × places, whatever there is of others and of years before.
 */
export async function sumsByHour(
  db: Db,
  probes: readonly number[],
  { first, end }: { readonly first: number; readonly end: number },
): Promise<PlacedSum[]> {
  const sums: PlacedSum[] = []
  for (let from = first; from < end && probes.length > 0; from += glance) {
    const hours = Array.from({ length: Math.min(glance, end - from) }, (_, after) => from + after)
    const rows = await db
      .selectFrom('check_hours')
      .selectAll()
      .where('hour', 'in', hours)
      .where('probe', 'in', probes)
      .orderBy('hour')
      .orderBy('probe')
      .orderBy('place')
      .execute()
    sums.push(...rows.map((row) => ({ period: row.hour, probe: row.probe, place: row.place, sum: sumIn(row) })))
    await breath()
  }
  return sums
}

/** The same by day, the end not included. At most 400 look-ups for each probe and place. */
export async function sumsByDay(
  db: Db,
  probes: readonly number[],
  { first, end }: { readonly first: number; readonly end: number },
): Promise<PlacedSum[]> {
  if (probes.length === 0 || end <= first) return []
  const rows = await db
    .selectFrom('check_days')
    .selectAll()
    .where(
      'day',
      'in',
      Array.from({ length: end - first }, (_, after) => first + after),
    )
    .where('probe', 'in', probes)
    .orderBy('day')
    .orderBy('probe')
    .orderBy('place')
    .execute()
  return rows.map((row) => ({ period: row.day, probe: row.probe, place: row.place, sum: sumIn(row) }))
}

/** Each closed hour between two instants of what one probe found, from all places; hours without checks are not in it. */
export async function hoursBetween(
  db: Db,
  probe: number,
  { from, until }: { from: Instant; until: Instant },
): Promise<(RollUp & { readonly hour: Instant })[]> {
  const sums = await sumsByHour(db, [probe], {
    first: Math.floor(millisecondsOf(from) / hourMs),
    end: Math.ceil(millisecondsOf(until) / hourMs),
  })
  return [...Map.groupBy(sums, ({ period }) => period)].map(([hour, those]) => {
    const whole = noSum()
    for (const { sum } of those) addSum(whole, sum)
    return { hour: instantOf(hour * hourMs), ...rollUpOf(whole) }
  })
}

/** Each hour of one day in the site's zone of what one probe found. */
export function hoursOfDay(db: Db, probe: number, day: string, zone: string): ReturnType<typeof hoursBetween> {
  return hoursBetween(db, probe, { from: startOfDay(day, zone), until: startOfDay(addDays(day, 1), zone) })
}

function rollUpOf({ checks, failed, slow, inconclusive, counts, msSum, msMax }: Sum): RollUp {
  const timed = totalOf(counts)
  const msAverage = timed === 0 ? null : Math.round(msSum / timed)
  return { checks, failed, slow, inconclusive, msAverage, msMax: timed === 0 ? null : msMax }
}
