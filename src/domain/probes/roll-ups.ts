import { Buffer } from 'node:buffer'
import { type Db, inTransaction } from '../../database/database.ts'
import type { CheckRollUpRow, CheckRow } from '../../database/tables/probes.ts'
import { type Clock, type Instant, instantOf, millisecondsOf } from '../../lib/clock.ts'
import { addDays, dayOf, startOfDay } from '../../lib/days.ts'
import { readSite } from '../site/queries.ts'
import { chunk, forgetChecksBefore, outcomes } from './checks.ts'

const hourMs = 3_600_000
const hotHours = 2
const hoursKept = 35 * 24
const daysKept = 400

/** What an hour, or a day, of checks amounts to. */
export interface RollUp {
  readonly checks: number
  readonly failed: number
  readonly slow: number
  readonly inconclusive: number
  readonly msAverage: number | null
  readonly msMax: number | null
}

/** The upper ends, in milliseconds, of all buckets of latency but the last. */
const buckets = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000]

/**
 * Sums the checks that are there up by hour and by day. Safe to run twice and safe to miss; a sum never shrinks, so rows
 * that were forgotten meanwhile do no harm.
 */
export async function rollUp(db: Db, clock: Clock): Promise<void> {
  const first = await db
    .selectFrom('checks')
    .select((eb) => eb.fn.min('t').as('t'))
    .executeTakeFirst()
  if (first?.t === null || first?.t === undefined) return
  const { zone } = await readSite(db)
  const now = clock.now()
  const days = new Set<string>()
  for (let hour = Math.floor(Number(first.t) / 3600); hour * hourMs <= millisecondsOf(now); hour += 1) {
    if (await rollUpHour(db, hour)) days.add(dayOf(instantOf(hour * hourMs), zone))
  }
  for (const day of days) await rollUpDay(db, day, zone)
}

async function rollUpHour(db: Db, hour: number): Promise<boolean> {
  const sums = new Map<string, Sum>()
  let after: Mark = { t: hour * 3600, probe: '', place: 0 }
  for (;;) {
    const rows = await checksAfter(db, after, (hour + 1) * 3600)
    for (const row of rows) add(sumOf(sums, row.probe_id), row)
    const last = rows.at(-1)
    if (!last || rows.length < chunk) break
    after = { t: last.t, probe: last.probe_id, place: last.place }
    await breath()
  }
  await write(db, 'check_hours', hour, sums)
  return sums.size > 0
}

interface Mark {
  readonly t: number
  readonly probe: string
  readonly place: number
}

function checksAfter(db: Db, { t, probe, place }: Mark, until: number): Promise<CheckRow[]> {
  return db
    .selectFrom('checks')
    .selectAll()
    .where('t', '>=', t)
    .where('t', '<', until)
    .where((eb) =>
      eb.or([eb('t', '>', t), eb('probe_id', '>', probe), eb('probe_id', '=', probe).and('place', '>', place)]),
    )
    .orderBy('t')
    .orderBy('probe_id')
    .orderBy('place')
    .limit(chunk)
    .execute()
}

/** A day is the hours that begin in it, in the site's zone. */
async function rollUpDay(db: Db, day: string, zone: string): Promise<void> {
  const [from, until] = [startOfDay(day, zone), startOfDay(addDays(day, 1), zone)].map((instant) =>
    Math.ceil(millisecondsOf(instant) / hourMs),
  ) as [number, number]
  const rows = await db
    .selectFrom('check_hours')
    .selectAll()
    .where('hour', '>=', from)
    .where('hour', '<', until)
    .execute()
  const sums = new Map<string, Sum>()
  for (const row of rows) addUp(sumOf(sums, row.probe_id), row)
  await write(db, 'check_days', day, sums)
}

/** Forgets checks after two hours, hours after 35 days, days after 400: each only when it is summed up. */
export async function forgetChecks(db: Db, clock: Clock): Promise<void> {
  await rollUp(db, clock)
  const thisHour = Math.floor(millisecondsOf(clock.now()) / hourMs)
  await forgetChecksBefore(db, (thisHour - hotHours) * 3600)
  const { zone } = await readSite(db)
  await forgetRollUps(db, 'check_hours', 'hour', thisHour - hoursKept)
  await forgetRollUps(db, 'check_days', 'day', addDays(dayOf(clock.now(), zone), -daysKept))
}

async function forgetRollUps(
  db: Db,
  table: 'check_hours' | 'check_days',
  period: 'hour' | 'day',
  before: number | string,
): Promise<void> {
  for (;;) {
    const oldest = await db
      .selectFrom(table)
      .select(period as never)
      .where(period as never, '<', before as never)
      .orderBy(period as never)
      .limit(1)
      .executeTakeFirst()
    if (!oldest) return
    const value = oldest[period] as never
    await inTransaction(db, (tx) =>
      tx
        .deleteFrom(table)
        .where(period as never, '=', value)
        .where('probe_id', 'in', (eb) =>
          eb
            .selectFrom(table)
            .select('probe_id')
            .where(period as never, '=', value)
            .orderBy('probe_id')
            .limit(chunk),
        )
        .execute(),
    )
    await breath()
  }
}

/** Each hour between two instants of what one probe found; hours without checks are not in it. */
export async function hoursBetween(
  db: Db,
  probeId: string,
  { from, until }: { from: Instant; until: Instant },
): Promise<(RollUp & { readonly hour: Instant })[]> {
  const rows = await db
    .selectFrom('check_hours')
    .selectAll()
    .where('probe_id', '=', probeId)
    .where('hour', '>=', Math.floor(millisecondsOf(from) / hourMs))
    .where('hour', '<', Math.ceil(millisecondsOf(until) / hourMs))
    .orderBy('hour')
    .limit(1000)
    .execute()
  return rows.map((row) => ({ hour: instantOf(row.hour * hourMs), ...toRollUp(row) }))
}

/** Each hour of one day in the site's zone of what one probe found. */
export function hoursOfDay(db: Db, probeId: string, day: string, zone: string): ReturnType<typeof hoursBetween> {
  return hoursBetween(db, probeId, { from: startOfDay(day, zone), until: startOfDay(addDays(day, 1), zone) })
}

function toRollUp(row: CheckRollUpRow): RollUp {
  const { checks, failed, slow, inconclusive, ms_sum: sum, ms_max: max } = row
  const timed = timings(row.histogram).reduce((a, b) => a + b, 0)
  const msAverage = timed === 0 ? null : Math.round(sum / timed)
  return { checks, failed, slow, inconclusive, msAverage, msMax: timed === 0 ? null : max }
}

type Sum = Omit<CheckRollUpRow, 'probe_id' | 'histogram'> & { timings: number[] }

function sumOf(sums: Map<string, Sum>, probeId: string): Sum {
  const known = sums.get(probeId)
  if (known) return known
  const timings = Array.from({ length: buckets.length + 1 }, () => 0)
  const sum = { checks: 0, failed: 0, slow: 0, inconclusive: 0, ms_sum: 0, ms_max: 0, timings }
  sums.set(probeId, sum)
  return sum
}

function add(sum: Sum, { outcome, ms }: CheckRow): void {
  const word = outcomes[outcome]
  sum.checks += 1
  if (word === 'fail') sum.failed += 1
  if (word === 'slow') sum.slow += 1
  if (word === 'inconclusive') sum.inconclusive += 1
  // How long a failure took says nothing about how fast answers are.
  if (ms < 0 || (word !== 'pass' && word !== 'slow')) return
  sum.ms_sum += ms
  sum.ms_max = Math.max(sum.ms_max, ms)
  const bucket = buckets.findIndex((end) => ms <= end)
  const at = bucket === -1 ? buckets.length : bucket
  sum.timings[at] = (sum.timings[at] ?? 0) + 1
}

function addUp(sum: Sum, row: CheckRollUpRow): void {
  for (const key of ['checks', 'failed', 'slow', 'inconclusive', 'ms_sum'] as const) sum[key] += row[key]
  sum.ms_max = Math.max(sum.ms_max, row.ms_max)
  timings(row.histogram).forEach((count, at) => (sum.timings[at] = (sum.timings[at] ?? 0) + count))
}

function timings(histogram: Uint8Array): number[] {
  const bytes = Buffer.from(histogram)
  return buckets.concat(0).map((_, at) => bytes.readUInt32LE(at * 4))
}

function packed(counts: readonly number[]): Buffer {
  const bytes = Buffer.alloc(counts.length * 4)
  counts.forEach((count, at) => bytes.writeUInt32LE(count, at * 4))
  return bytes
}

async function write(
  db: Db,
  table: 'check_hours' | 'check_days',
  period: number | string,
  sums: Map<string, Sum>,
): Promise<void> {
  const key = table === 'check_hours' ? 'hour' : 'day'
  const rows = [...sums].map(([probe_id, { timings, ...sum }]) => ({
    probe_id,
    [key]: period,
    ...sum,
    histogram: packed(timings),
  }))
  for (let from = 0; from < rows.length; from += 500) {
    await inTransaction(db, (tx) =>
      tx
        .insertInto(table)
        .values(rows.slice(from, from + 500) as never)
        .onConflict((conflict) =>
          conflict
            .columns(['probe_id', key as never])
            .doUpdateSet((eb) =>
              Object.fromEntries([...summed, 'histogram'].map((name) => [name, eb.ref(`excluded.${name}` as never)])),
            )
            .whereRef(`${table}.checks` as never, '<=', 'excluded.checks' as never),
        )
        .execute(),
    )
    await breath()
  }
}

const summed = ['checks', 'failed', 'slow', 'inconclusive', 'ms_sum', 'ms_max']

/** Lets requests in between: a database in this process answers without waiting, so a long loop would stop them. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
