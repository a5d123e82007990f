import { mkdirSync, statfsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import SQLite from 'better-sqlite3'
import {
  type ColumnDefinitionBuilder,
  type Dialect,
  type Kysely,
  type RawBuilder,
  type SelectQueryBuilder,
  PostgresAdapter,
  PostgresDialect,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import { type Clock, type Instant, later } from '../lib/clock.ts'
import { PatientDriver } from './patient-driver.ts'
import { type Patience, postgresPool } from './postgres-pool.ts'
import type { Tables } from './tables.ts'
import { explainedAtOnce, explaining } from './unavailable.ts'

/** The only file that asks which database this is. */
export interface OpenedDialect {
  readonly dialect: Dialect
  readonly kind: 'sqlite' | 'postgres'
  /** SQLite only: the file's own connection, for backups and images. */
  readonly file: SQLite.Database | null
}

/** Opens a file, `:memory:`, an image of a database, or `postgres://…`. */
export function openDialect(url: string | Buffer, patience: Patience = 'for readers'): OpenedDialect {
  if (typeof url === 'string' && isPostgresUrl(url)) return openPostgres(url, patience)
  const file = explainedAtOnce(() => openFile(url))
  const dialect: Dialect = {
    createDriver: () => explaining(new PatientDriver(file)),
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
  return { dialect, kind: 'sqlite', file }
}

export function isPostgresUrl(url: string): boolean {
  return url.startsWith('postgres://') || url.startsWith('postgresql://')
}

/** Network file systems, on which SQLite's locks and its shared memory do not work: magic numbers of statfs(2). */
const networkFileSystems = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB2'],
  [0xff534d42, 'CIFS'],
  [0x01021997, '9P'],
  [0x73757245, 'Coda'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
])

/** The name of the network file system of these statfs(2) magic numbers, or null for a local one. */
export function networkFileSystem(magic: number): string | null {
  return networkFileSystems.get(magic >>> 0) ?? null
}

function openFile(url: string | Buffer): SQLite.Database {
  if (typeof url === 'string' && url !== ':memory:') {
    const folder = dirname(resolve(url))
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const network = networkFileSystem(statfsSync(folder).type)
    if (network) {
      throw new Error(
        `The database file ${url} would lie on a network file system (${network}), where SQLite can lose data. ` +
          'Put it on a local disk, or set CANDOR_DATABASE_URL to a postgres:// address.',
      )
    }
  }
  const file = new SQLite(url, { timeout: 5000 })
  try {
    return prepared(file)
  } catch (error) {
    // Whoever tries again every few seconds would have it open as often.
    file.close()
    throw error
  }
}

function prepared(file: SQLite.Database): SQLite.Database {
  // Takes effect only while the file has no table yet; later it would wait for whoever writes, for nothing.
  if (file.pragma('page_count', { simple: true }) === 0) file.pragma('auto_vacuum = INCREMENTAL')
  file.pragma('journal_mode = WAL')
  // better-sqlite3 is compiled so that WAL quietly means NORMAL from the first write on; an acknowledged change must be on disk.
  file.pragma('synchronous = FULL')
  file.pragma('foreign_keys = ON')
  // From here on the driver waits, without blocking.
  file.pragma('busy_timeout = 0')
  return file
}

/** While a server may only be read for long, its connections are not all made anew for each thing that it refuses. */
const betweenTurnsMs = 10_000

function openPostgres(url: string, patience: Patience): OpenedDialect {
  const turns = { taken: 0, at: -Infinity }
  const base = new PostgresDialect({ pool: () => postgresPool(url, patience, turns) })
  const dialect: Dialect = {
    createDriver: () =>
      explaining(base.createDriver(), (lack) => {
        const now = performance.now()
        if (lack !== 'a server to write to' || now - turns.at < betweenTurnsMs) return
        turns.taken += 1
        turns.at = now
      }),
    createAdapter: () => base.createAdapter(),
    createQueryCompiler: () => base.createQueryCompiler(),
    createIntrospector: (db) => base.createIntrospector(db),
  }
  return { dialect, kind: 'postgres', file: null }
}

const turn = 0x63616e64 // 'cand', as a lock's number.

/**
 * One change at a time. On PostgreSQL the lock is the first statement of a change, so that event numbers are the true
 * order of commits: without it a reader that follows the sequence misses events. SQLite has one connection anyway.
 */
export async function takeTurn(tx: Kysely<Tables>): Promise<void> {
  if (isPostgres(tx)) await sql`select pg_advisory_xact_lock(${turn})`.execute(tx)
}

/** Migrations of several processes that start at once run one after the other. */
export async function takeMigrationTurn(tx: Kysely<Tables>): Promise<void> {
  if (isPostgres(tx)) await sql`select pg_advisory_xact_lock(${turn + 1})`.execute(tx)
}

/** Those who take deliveries upon them do so one after the other; nobody else waits for them. */
export async function takeClaimTurn(tx: Kysely<Tables>): Promise<void> {
  if (isPostgres(tx)) await sql`select pg_advisory_xact_lock(${turn + 2})`.execute(tx)
}

/** Those who keep what checks amount to do so one after the other: they read rows that several sums share, and write them. */
export async function takeSumsTurn(tx: Kysely<Tables>): Promise<void> {
  if (isPostgres(tx)) await sql`select pg_advisory_xact_lock(${turn + 3})`.execute(tx)
}

/** Takes the rows that it finds for this transaction alone, without those that another has: of a file there is one at a time. */
export function whereFree<Query extends Lockable>(db: Kysely<Tables>, query: Query): Query {
  return isPostgres(db) ? query.forUpdate().skipLocked() : query
}

/**
 * How many rows a job treats in one transaction: a file has one connection, for which readers and writers wait meanwhile; a
 * server has others, and each portion costs the ways there and back.
 */
export function portionOf(db: Kysely<Tables>, rows: { readonly ofFile: number; readonly ofServer: number }): number {
  return isPostgres(db) ? rows.ofServer : rows.ofFile
}

interface Lockable {
  forUpdate(): this
  skipLocked(): this
}

/**
 * A table of one column, `value`, with these in it, each as JSON. One parameter: many rows that are written as such are no work
 * for whoever compiles statements, which is most of what they cost.
 */
export function eachOf(db: Kysely<Tables>, values: readonly unknown[]): RawBuilder<unknown> {
  const json = JSON.stringify(values)
  return isPostgres(db) ? sql`json_array_elements(${json}::json) as each` : sql`json_each(${json}) as each`
}

/** The instant so many seconds from now, by the one clock that all who ask have: the server's, or that of the file's machine. */
export function instantForAll(db: Kysely<Tables>, clock: Clock, seconds = 0): RawBuilder<Instant> {
  if (!isPostgres(db)) return sql`${later(clock.now(), seconds)}`
  return sql`to_char((clock_timestamp() + make_interval(secs => ${seconds})) at time zone 'UTC',
    'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

/** The type of a number that the database counts up by itself. */
export function serialColumn(db: Kysely<Tables>): {
  type: 'integer' | 'bigserial'
  build: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder
} {
  return isPostgres(db)
    ? { type: 'bigserial', build: (column) => column.primaryKey() }
    : { type: 'integer', build: (column) => column.primaryKey().autoIncrement() }
}

/** The type of packed bytes. */
export function bytesColumn(db: Kysely<Tables>): 'blob' | 'bytea' {
  return isPostgres(db) ? 'bytea' : 'blob'
}

/** The end of a table of many small rows that are always read along its key: there, a second copy of the key is saved. */
export function inKeyOrder(db: Kysely<Tables>): RawBuilder<unknown> {
  return isPostgres(db) ? sql`` : sql`without rowid`
}

/** From here on the database itself refuses to change or remove a row of this table, whoever asks. */
export async function onlyAddedTo(db: Kysely<Tables>, table: keyof Tables): Promise<void> {
  const name = sql.table(table)
  const why = sql.lit(`${table} is only ever added to.`)
  if (!isPostgres(db)) {
    for (const [verb, trigger] of [
      [sql`update`, `${table}_unchanged`],
      [sql`delete`, `${table}_kept`],
    ] as const) {
      await sql`create trigger ${sql.id(trigger)} before ${verb} on ${name} begin select raise(abort, ${why}); end`.execute(
        db,
      )
    }
    return
  }
  await sql`
    create function only_added_to() returns trigger language plpgsql as
    $$ begin raise exception '% is only ever added to.', tg_table_name; end $$`.execute(db)
  await sql`
    create trigger ${sql.id(`${table}_kept`)} before update or delete or truncate on ${name}
    for each statement execute function only_added_to()`.execute(db)
}

/** Gives back to the disk at most so many pages that stand empty. PostgreSQL sees to that by itself. */
export async function giveBackSpace(db: Kysely<Tables>, pages: number): Promise<void> {
  if (!isPostgres(db)) await sql`pragma incremental_vacuum(${sql.raw(String(pages))})`.execute(db)
}

/** Rows in portions, read while they are taken: the table as a whole is never held. Within a transaction. */
export async function* inPortions(
  tx: Kysely<Tables>,
  query: SelectQueryBuilder<Tables, never, unknown>,
  atOnce: number,
): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]> {
  if (!isPostgres(tx)) {
    let rows: Record<string, unknown>[] = []
    for await (const result of tx.getExecutor().stream<Record<string, unknown>>(query.compile(), atOnce)) {
      rows.push(...result.rows)
      if (rows.length < atOnce) continue
      yield rows
      rows = []
    }
    yield rows
    return
  }
  await sql`declare portions no scroll cursor for ${query}`.execute(tx)
  for (;;) {
    const { rows } = await sql<Record<string, unknown>>`fetch forward ${sql.raw(String(atOnce))} from portions`.execute(
      tx,
    )
    if (rows.length === 0) break
    yield rows
  }
  await sql`close portions`.execute(tx)
}

/** How to order by a column so that both databases do it alike: text by its bytes. */
export function orderedBy(db: Kysely<Tables>, column: string, holds: 'text' | 'number'): RawBuilder<unknown> {
  return holds === 'text' && isPostgres(db) ? sql`${sql.ref(column)} collate "C"` : sql`${sql.ref(column)}`
}

/** Numbers that a column counts up go on after the highest there is, although rows came with theirs. */
export async function countOn(db: Kysely<Tables>, table: string, column: string): Promise<void> {
  if (!isPostgres(db)) return
  await sql`
    select setval(pg_get_serial_sequence(${table}, ${column}), coalesce(max(${sql.ref(column)}), 0) + 1, false)
    from ${sql.table(table)}`.execute(db)
}

/** How to ask whether a table exists. */
export function tableExists(db: Kysely<Tables>, name: string): RawBuilder<{ found: number }> {
  return isPostgres(db)
    ? sql`select 1 as found from information_schema.tables where table_schema = current_schema() and table_name = ${name}`
    : sql`select 1 as found from sqlite_master where type = 'table' and name = ${name}`
}

function isPostgres(db: Kysely<Tables>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter
}
