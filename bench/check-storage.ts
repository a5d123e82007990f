/**
 * What checks cost to keep: so many probes, a check a minute each with confirmations where they fail, for some hours.
 * Prints the bytes of a check until its hour is packed and after it, of the sum of an hour and of a day, how long closing
 * an hour takes and how long the loop that answers readers stood still meanwhile; then the same for forgetting, and for
 * what the desk and a chart read. SQLite by `dbstat`, PostgreSQL (CANDOR_DATABASE_URL of an empty one) by the size of
 * its relations, vacuumed after each hour as it does by itself within a minute.
 *
 *     node bench/check-storage.ts [probes] [hours]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { type OpenDatabase, inTransaction, openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { latestChecks } from '../src/domain/probes/checks/checks.ts'
import { closeHours } from '../src/domain/probes/checks/closing.ts'
import { forgetChecks } from '../src/domain/probes/checks/forgetting.ts'
import { keepSums, sumsByDay, sumsByHour } from '../src/domain/probes/checks/roll-ups.ts'
import { ensureSite } from '../src/domain/site/commands.ts'
import { changer } from '../src/domain/changes/change.ts'
import { type Instant, instantOf, later, wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'
import { vault } from '../src/lib/vault.ts'

const probes = Number(process.argv[2] ?? 10_000)
const hours = Number(process.argv[3] ?? 24)
const begin = Math.floor(Date.parse('2026-11-21T00:00:00.000Z') / 3_600_000)

const folder = mkdtempSync(join(tmpdir(), 'candor-checks-'))
const database = openDatabase(process.env['CANDOR_DATABASE_URL'] ?? join(folder, 'candor.db'))
try {
  await prepare(database)
  const closings: { readonly ms: number; readonly stall: number }[] = []
  let made = 0
  let hot = 0
  for (let hour = begin; hour < begin + hours; hour += 1) {
    const checks = await fill(database, hour)
    made += checks
    hot = (await bytesOf(database, 'checks')) / checks
    const at = instantOf((hour + 1) * 3_600_000 + 120_000)
    closings.push(await timed(() => closeHours(database.db, { now: () => at })))
    for (const table of ['checks', 'check_hours']) await cleanUp(database, table)
    process.stdout.write(`\rhour ${hour - begin + 1} of ${hours}`)
  }
  const packed = (await bytesOf(database, 'check_samples')) / made
  say('')
  say(`${probes} probes, ${hours} hours, ${made} checks, on ${database.kind}`)
  say(`a check until its hour is packed  ${hot.toFixed(1)} bytes`)
  say(`a check once packed               ${packed.toFixed(2)} bytes`)
  const usual = closings.map(({ ms }) => ms).toSorted((a, b) => a - b)
  say(`closing an hour                   median ${at(usual, 0.5)} ms, longest ${at(usual, 1)} ms`)
  const stalls = closings.map(({ stall }) => stall).toSorted((a, b) => a - b)
  say(`the loop stood still meanwhile    median of the longest ${at(stalls, 0.5)} ms, longest ${at(stalls, 1)} ms`)

  if (hours >= 24) {
    const night = instantOf((begin + hours) * 3_600_000 + 180_000)
    await database.db
      .insertInto('check_days_due')
      .values({ day: Math.floor(begin / 24), hour_closed_at: night })
      .execute()
    const day = await timed(() => closeHours(database.db, { now: () => night }))
    say(`summing a day up                  ${day.ms.toFixed(0)} ms, longest stall ${day.stall.toFixed(1)} ms`)
  }
  const end = instantOf((begin + hours) * 3_600_000)
  const looked = await timed(() => latestChecks(database.db, 'probe-7', later(end, -48 * 3600), 10))
  say(`the last ten checks of one probe  ${looked.ms.toFixed(1)} ms`)
  const charted = await timed(() => sumsByHour(database.db, [7], { first: begin + hours - 720, end: begin + hours }))
  say(`a month of hours of one probe     ${charted.ms.toFixed(1)} ms, longest stall ${charted.stall.toFixed(1)} ms`)
  say(`the sum of an hour                ${await bytesOfSums(database, 'check_hours', 7)} bytes`)
  if (hours >= 24) say(`the sum of a day                  ${await bytesOfSums(database, 'check_days', 3)} bytes`)
  const after = later(end, 60 * 86_400)
  const forgotten = await timed(() => forgetChecks(database.db, { now: () => after }))
  say(`forgetting all of it              ${forgotten.ms.toFixed(0)} ms, longest stall ${forgotten.stall.toFixed(1)} ms`)
} finally {
  await database.close()
  rmSync(folder, { recursive: true })
}

async function prepare({ db }: OpenDatabase): Promise<void> {
  await migrate(db, wallClock)
  const scribe = (): Promise<void> => Promise.resolve()
  const change = changer({ db, clock: wallClock, ids: randomIds, vault: vault('a key'), scribe, wake: () => undefined })
  await change({ kind: 'setup' }, (it) => ensureSite(it))
  await sql`insert into components (id, slug, name, translations, position, shown, created_at, updated_at)
    values ('c', 'c', 'C', '{}', 1, 'always', ${wallClock.now()}, ${wallClock.now()})`.execute(db)
  const now = wallClock.now()
  for (let from = 1; from <= probes; from += 500) {
    const rows = Array.from({ length: Math.min(500, probes - from + 1) }, (_, index) => probeRow(from + index, now))
    await db
      .insertInto('probes')
      .values(rows as never)
      .execute()
  }
}

function probeRow(number: number, now: Instant): object {
  const texts = { name: 'x', kind: 'http', spec: '{}', expects: '{}', down_status: 'major_outage', policy: 'draft' }
  const numbers = { interval_seconds: 60, timeout_ms: 10_000, failures_needed: 3, successes_needed: 3 }
  const rest = { publish_after_seconds: 300, created_at: now, updated_at: now }
  return { id: `probe-${number}`, number, component_id: 'c', ...texts, ...numbers, ...rest }
}

/** Rows as the prober leaves them: a fixed phase for each probe, now and then a second late, one in 200 failing. */
async function fill({ db }: OpenDatabase, hour: number): Promise<number> {
  const random = numbers(hour)
  let made = 0
  for (let minute = 0; minute < 60; minute += 1) {
    const rows = Array.from({ length: probes }, (_, index) => {
      const probe = index + 1
      const t = hour * 3600 + minute * 60 + ((probe * 7919) % 59) + (random() < 0.05 ? 1 : 0)
      const usual = 30 + ((probe * 104_729) % 400)
      const failed = random() < 0.005
      const ms = Math.round(usual * (0.8 + random() * 0.6 + (random() < 0.02 ? 4 * random() : 0)))
      return { t, probe, place: 0, outcome: failed ? 2 : 0, ms, code: failed ? 503 : 200 }
    }).toSorted((a, b) => a.t - b.t || a.probe - b.probe)
    made += rows.length
    await inTransaction(db, async (tx) => {
      for (let from = 0; from < rows.length; from += 500) {
        await tx
          .insertInto('checks')
          .values(rows.slice(from, from + 500))
          .execute()
      }
    })
  }
  return made
}

/** The same at each run. */
function numbers(seed: number): () => number {
  let state = seed % 2_147_483_647 || 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

/**
 * How long it took, and the longest that the loop was kept busy at a stretch: in time of this thread's own processor, so
 * that other programs on a shared machine are not taken for us.
 */
async function timed(work: () => Promise<unknown>): Promise<{ ms: number; stall: number }> {
  let [stall, last, isOver] = [0, busyMs(), false]
  const look = (): void => {
    const now = busyMs()
    stall = Math.max(stall, now - last)
    last = now
    if (!isOver) setImmediate(look)
  }
  setImmediate(look)
  const began = performance.now()
  await work()
  const ms = performance.now() - began
  isOver = true
  await new Promise((resolve) => setImmediate(resolve))
  return { ms, stall }
}

function busyMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

async function bytesOf({ db, kind }: OpenDatabase, table: string): Promise<number> {
  const { rows } =
    kind === 'sqlite'
      ? await sql<{ bytes: number }>`select sum(pgsize) as bytes from dbstat
          where name in (select name from sqlite_master where tbl_name = ${table})`.execute(db)
      : await sql<{ bytes: number }>`select pg_total_relation_size(${table}) as bytes`.execute(db)
  return Number(rows[0]?.bytes ?? 0)
}

/** Of one, after what is there was kept again and again, one at a time, until each probe has so many rows. */
async function bytesOfSums(database: OpenDatabase, table: 'check_hours' | 'check_days', rows: number): Promise<string> {
  const { db } = database
  const [read, inRow, today] =
    table === 'check_hours' ? ([sumsByHour, 24, begin] as const) : ([sumsByDay, 32, Math.floor(begin / 24)] as const)
  const numbers = Array.from({ length: probes }, (_, index) => index + 1)
  const sums = await read(db, numbers, { first: today, end: today + 1 })
  await db.deleteFrom(table).execute()
  const first = Math.ceil(today / inRow) * inRow
  for (let period = first; period < first + rows * inRow; period += 1) {
    for (let from = 0; from < sums.length; from += 500) {
      const some = sums.slice(from, from + 500).map((sum) => ({ ...sum, period }))
      await inTransaction(db, (tx) => keepSums(tx, table, some))
    }
    await cleanUp(database, table)
  }
  return ((await bytesOf(database, table)) / (sums.length * rows * inRow)).toFixed(1)
}

/** PostgreSQL would do it, but what an hour brings here comes within a second. */
async function cleanUp({ db, kind }: OpenDatabase, table: string): Promise<void> {
  if (kind === 'postgres') await sql`vacuum ${sql.table(table)}`.execute(db)
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0).toFixed(1)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
