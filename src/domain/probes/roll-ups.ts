import type { Db } from '../../database/database.ts'
import { breath } from './portions.ts'
import { type Sum, unpackedSum } from './sums.ts'

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
    sums.push(
      ...rows.map((row) => ({ period: row.hour, probe: row.probe, place: row.place, sum: unpackedSum(row.packed) })),
    )
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
  return rows.map((row) => ({ period: row.day, probe: row.probe, place: row.place, sum: unpackedSum(row.packed) }))
}
