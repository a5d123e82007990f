import type { Db, Tx } from '../../../database/database.ts'
import { takeSumsTurn } from '../../../database/dialect.ts'
import { breath } from '../../../lib/breath.ts'
import { inPortions, writeRows } from './portions.ts'
import { type Sum, packedSum, unpackedSum } from './sums.ts'

/** What one probe found from one place in an hour or a day; `period` counts those from 1970. */
export interface PlacedSum {
  readonly period: number
  readonly probe: number
  readonly place: number
  readonly sum: Sum
}

/**
 * So many hours or days of a probe and a place stand in one row: alone, each would cost more for its key than for what is
 * in it. Counted from 1970 too, so a row holds the hours of a day in UTC.
 */
const periodsInRow = { check_hours: 24, check_days: 32 } as const
type RollUp = keyof typeof periodsInRow

/** The row, among those of a probe and a place, that a period stands in. */
export function spanOf(table: RollUp, period: number): number {
  return Math.floor(period / periodsInRow[table])
}

/** Rows of each probe and place that are looked up at once. */
const glance = 10

/** What probes found from the first hour until before the end; of each probe and place in order. */
export function sumsByHour(db: Db, probes: readonly number[], range: Range): Promise<PlacedSum[]> {
  return sumsBetween(db, 'check_hours', probes, range)
}

/** The same by day. */
export function sumsByDay(db: Db, probes: readonly number[], range: Range): Promise<PlacedSum[]> {
  return sumsBetween(db, 'check_days', probes, range)
}

interface Range {
  readonly first: number
  /** Not included. */
  readonly end: number
}

/**
 * Each row of each probe is looked up by its key: the cost is days × probes × places for hours, and a thirty-second of
 * that for days, whatever there is of others and of years before.
 */
async function sumsBetween(
  db: Db,
  table: RollUp,
  probes: readonly number[],
  { first, end }: Range,
): Promise<PlacedSum[]> {
  const sums: PlacedSum[] = []
  if (probes.length === 0 || end <= first) return sums
  const last = spanOf(table, end - 1)
  for (let from = spanOf(table, first); from <= last; from += glance) {
    const spans = Array.from({ length: Math.min(glance, last - from + 1) }, (_, after) => from + after)
    await inPortions(await rowsOf(db, table, { spans, probes }), (some) => {
      for (const row of some) sums.push(...sumsIn(table, row, { first, end }))
      return Promise.resolve()
    })
    await breath()
  }
  return sums
}

function sumsIn(table: RollUp, { span, probe, place, parts }: Row, { first, end }: Range): PlacedSum[] {
  return [...parts]
    .map(([at, bytes]) => ({ period: span * periodsInRow[table] + at, bytes }))
    .filter(({ period }) => period >= first && period < end)
    .map(({ period, bytes }) => ({ period, probe, place, sum: unpackedSum(bytes) }))
}

/** Keeps sums in the rows that they belong to, each over the one that was kept of its period. */
export async function keepSums(tx: Tx, table: RollUp, sums: readonly PlacedSum[]): Promise<void> {
  const spans = [...new Set(sums.map(({ period }) => spanOf(table, period)))]
  const probes = [...new Set(sums.map(({ probe }) => probe))]
  if (sums.length === 0) return
  await takeSumsTurn(tx)
  const before = new Map((await rowsOf(tx, table, { spans, probes })).map((row) => [nameOf(row), row]))
  const changed = new Map<string, Row>()
  for (const { period, probe, place, sum } of sums) {
    const span = spanOf(table, period)
    const name = nameOf({ span, probe, place })
    const row = before.get(name) ?? changed.get(name) ?? { span, probe, place, parts: new Map() }
    changed.set(name, row)
    row.parts.set(period - span * periodsInRow[table], packedSum(sum))
  }
  await writeRows(
    tx,
    table,
    [...changed.values()].map(({ parts, ...key }) => ({ ...key, packed: packedParts(parts) })),
  )
}

/** A row, opened: its sums as bytes, by their place in the span. */
interface Row {
  readonly span: number
  readonly probe: number
  readonly place: number
  readonly parts: Map<number, Uint8Array>
}

function nameOf({ span, probe, place }: Omit<Row, 'parts'>): string {
  return `${span} ${probe} ${place}`
}

async function rowsOf(
  db: Db,
  table: RollUp,
  { spans, probes }: { readonly spans: readonly number[]; readonly probes: readonly number[] },
): Promise<Row[]> {
  const rows = await db
    .selectFrom(table)
    .select(['span', 'probe', 'place', 'packed'])
    .where('span', 'in', spans)
    .where('probe', 'in', probes)
    .orderBy('span')
    .orderBy('probe')
    .orderBy('place')
    .execute()
  return rows.map(({ packed, ...key }) => ({ ...key, parts: partsOf(packed) }))
}

/** One after the other: a byte says which period of the span, one how long its sum is, and then that. */
function packedParts(parts: ReadonlyMap<number, Uint8Array>): Buffer {
  const inOrder = [...parts].toSorted(([a], [b]) => a - b)
  return Buffer.concat(inOrder.flatMap(([at, bytes]) => [Uint8Array.of(at, bytes.length), bytes]))
}

function partsOf(packed: Uint8Array): Map<number, Uint8Array> {
  const parts = new Map<number, Uint8Array>()
  for (let from = 0; from < packed.length;) {
    const [at = 0, length = 0] = packed.subarray(from, from + 2)
    parts.set(at, packed.subarray(from + 2, from + 2 + length))
    from += 2 + length
  }
  return parts
}
