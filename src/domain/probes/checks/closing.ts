import { type Db, type Tx, inTransaction } from '../../../database/database.ts'
import { takeSumsTurn } from '../../../database/dialect.ts'
import type { CheckRow } from '../../../database/tables/probes.ts'
import { breath } from '../../../lib/breath.ts'
import { type Clock, millisecondsOf } from '../../../lib/clock.ts'
import { readSite } from '../../site/queries.ts'
import { type CheckKey, afterKey, keyOf } from './check-keys.ts'
import { type HourCheck, type Packing, pack, packedChecks, packing, unpackedChecks } from './packed.ts'
import { closeDays, dayNumberOf } from './closing-days.ts'
import { pageOfRows, rowsInTransaction, writeRows } from './portions.ts'
import { keepSums, sumsByHour } from './roll-ups.ts'
import { type HourSum, type Sum, addCheck, closed, hourSum } from './sums.ts'

/** Checks come in a little after they were made; those that come later open their hour again. */
const graceSeconds = 90

/**
 * Packs the checks of hours that are over, and sums them up by hour and by day. Safe to run twice, to miss, and to be
 * killed in: checks are deleted only once their hour is written, and an hour that is closed again is put together from
 * what was packed and what came since. Reads the hours that are not closed, and never those before.
 */
export async function closeHours(db: Db, clock: Clock): Promise<void> {
  const now = Math.floor(millisecondsOf(clock.now()) / 1000) - graceSeconds
  const { zone, measuring } = await readSite(db)
  const thisHour = Math.floor(now / 3600)
  for (;;) {
    const first = await db.selectFrom('checks').select('t').orderBy('t').limit(1).executeTakeFirst()
    const hour = Math.floor((first?.t ?? now) / 3600)
    if (hour >= thisHour) break
    await closeHour(db, hour, { day: dayNumberOf(hour, zone), clock })
  }
  await closeDays(db, { from: thisHour - measuring.hourDays * 24, until: thisHour, zone })
}

/** What one probe found from one place in the hour. */
interface Open {
  readonly probe: number
  readonly place: number
  readonly packing: Packing
  readonly sum: HourSum
}

/** The last row of a page, and how many rows it has. */
interface Page {
  readonly last: CheckKey
  readonly rows: number
}

async function closeHour(db: Db, hour: number, { day, clock }: { day: number; clock: Clock }): Promise<void> {
  const { open, pages } = await readHour(db, hour)
  const inOrder = [...open.values()].toSorted((a, b) => a.probe - b.probe || a.place - b.place)
  for (let from = 0; from < inOrder.length; from += rowsInTransaction) {
    const chunk = inOrder.slice(from, from + rowsInTransaction)
    await inTransaction(db, async (tx) => {
      // Before it is read what is there: another process may be closing this hour too.
      await takeSumsTurn(tx)
      const due = { day, hour_closed_at: clock.now() }
      await tx
        .insertInto('check_days_due')
        .values(due)
        .onConflict((conflict) => conflict.column('day').doUpdateSet(due))
        .execute()
      await writeHour(tx, hour, await withBefore(tx, hour, chunk))
    })
    await breath()
  }
  await forgetHot(db, hour, pages)
}

/** Packs as it reads: ten thousand probes leave six hundred thousand checks an hour, which as objects would fill the memory. */
async function readHour(db: Db, hour: number): Promise<{ open: Map<number, Open>; pages: Page[] }> {
  const intervals = await intervalsOf(db)
  const open = new Map<number, Open>()
  const pages: Page[] = []
  let last: CheckKey = { t: hour * 3600 - 1, probe: 0, place: 0 }
  for (;;) {
    const rows = await checksAfter(db, last, (hour + 1) * 3600)
    for (const row of rows) {
      const key = keyOf(row)
      const one = open.get(key) ?? {
        probe: row.probe,
        place: row.place,
        packing: packing(),
        sum: hourSum(intervals.get(row.probe) ?? 60),
      }
      open.set(key, one)
      const check: HourCheck = { second: row.t - hour * 3600, outcome: row.outcome, ms: row.ms, code: row.code }
      pack(one.packing, check)
      addCheck(one.sum, check)
    }
    const end = rows.at(-1)
    if (!end) return { open, pages }
    last = { t: end.t, probe: end.probe, place: end.place }
    pages.push({ last, rows: rows.length })
    await breath()
  }
}

function checksAfter(db: Db, last: CheckKey, until: number): Promise<CheckRow[]> {
  return db
    .selectFrom('checks')
    .selectAll()
    .where('t', '>=', last.t)
    .where('t', '<', until)
    .where((eb) => afterKey(eb, last))
    .orderBy('t')
    .orderBy('probe')
    .orderBy('place')
    .limit(pageOfRows)
    .execute()
}

async function intervalsOf(db: Db): Promise<Map<number, number>> {
  const rows = await db.selectFrom('probes').select(['number', 'interval_seconds']).execute()
  return new Map(rows.map((row) => [row.number, row.interval_seconds]))
}

interface Closed {
  readonly probe: number
  readonly place: number
  readonly packed: Uint8Array
  readonly sum: Sum
}

/** The hours as they are now: with what was packed before, where they are opened again. */
async function withBefore(tx: Tx, hour: number, chunk: readonly Open[]): Promise<Closed[]> {
  const probes = [...new Set(chunk.map(({ probe }) => probe))]
  const summed = await sumsByHour(tx, probes, { first: hour, end: hour + 1 })
  const samples = await tx
    .selectFrom('check_samples')
    .select(['probe', 'place', 'packed'])
    .where('hour', '=', hour)
    .where('probe', 'in', probes)
    .execute()
  const isSummed = new Set(summed.map(keyOf))
  const before = new Map(samples.map((row) => [keyOf(row), row.packed]))
  return chunk.flatMap((open) => {
    const { probe, place, packing, sum } = open
    const bytes = Uint8Array.from(packing.bytes)
    if (!isSummed.has(keyOf(open))) return [{ probe, place, packed: bytes, sum: closed(sum) }]
    const packed = before.get(keyOf(open))
    // Its checks are forgotten: what comes now cannot be told from what was counted.
    if (!packed) return []
    const checks = merged(unpackedChecks(packed), unpackedChecks(bytes))
    const whole = hourSum(sum.most / 2)
    for (const check of checks) addCheck(whole, check)
    return [{ probe, place, packed: packedChecks(checks), sum: closed(whole) }]
  })
}

/** Twice the same check is one. */
function merged(before: readonly HourCheck[], since: readonly HourCheck[]): HourCheck[] {
  const seconds = new Map(since.map((check) => [check.second, check]))
  for (const check of before) seconds.set(check.second, check)
  return [...seconds.values()].toSorted((a, b) => a.second - b.second)
}

async function writeHour(tx: Tx, hour: number, closed: readonly Closed[]): Promise<void> {
  await keepSums(
    tx,
    'check_hours',
    closed.map(({ probe, place, sum }) => ({ period: hour, probe, place, sum })),
  )
  await writeRows(
    tx,
    'check_samples',
    closed.map(({ probe, place, packed }) => ({ hour, probe, place, packed: Buffer.from(packed) })),
  )
}

/**
 * Deletes the checks that were read, page by page. If one came in between, its page stays, and the hour is closed once
 * more with it.
 */
async function forgetHot(db: Db, hour: number, pages: readonly Page[]): Promise<void> {
  let from: CheckKey = { t: hour * 3600 - 1, probe: 0, place: 0 }
  for (const { last, rows } of pages) {
    const start = from
    from = last
    await deletePage(db, start, { last, rows })
    await breath()
  }
}

class CameBetween extends Error {}

async function deletePage(db: Db, from: CheckKey, { last, rows }: Page): Promise<void> {
  try {
    await inTransaction(db, async (tx) => {
      const result = await tx
        .deleteFrom('checks')
        .where('t', '>=', from.t)
        .where('t', '<=', last.t)
        .where((eb) => afterKey(eb, from))
        .where((eb) => eb.not(afterKey(eb, last)))
        .executeTakeFirst()
      if (Number(result.numDeletedRows) !== rows) throw new CameBetween()
    })
  } catch (error) {
    if (!(error instanceof CameBetween)) throw error
  }
}
