import { AsyncLocalStorage } from 'node:async_hooks'
import type SQLite from 'better-sqlite3'
import { Kysely, type KyselyPlugin, type PluginTransformQueryArgs, type Transaction } from 'kysely'
import { openDialect } from './dialect.ts'
import type { Patience } from './postgres-pool.ts'
import type { Tables } from './tables.ts'

export type { Patience }

export type Db = Kysely<Tables>
/** A `Tx` is a `Db`, so one query serves inside and outside of a transaction. */
export type Tx = Transaction<Tables>

/** One step of the schema. */
export interface Migration {
  readonly name: string
  /** What takes a moment, in one transaction. From then on older programs refuse this database. */
  up(db: Db): Promise<void>
  /**
   * Where there are rows by the million: carries over some of them, a second's worth, after the last one that `after` names
   * (null: from the first), in one transaction with what it answers. Null: nothing is left, nor what it was carried from.
   * Killed at any instant, it is asked again for what is not written yet.
   */
  portion?(tx: Tx, after: string | null): Promise<Carried | null>
}

/** How far a step is that goes in portions. */
export interface Carried {
  readonly after: string | null
  /** Of all there is to carry, from 0 to 1. */
  readonly share: number
}

export interface OpenDatabase {
  readonly db: Db
  readonly kind: 'sqlite' | 'postgres'
  /** SQLite only. */
  readonly file: SQLite.Database | null
  close(): Promise<void>
}

/** Opens a file, `:memory:`, an image made by `serialize()`, or `postgres://…`. */
export function openDatabase(url: string | Buffer, patience?: Patience): OpenDatabase {
  const opened = openDialect(url, patience)
  const base = new Kysely<Tables>({ dialect: opened.dialect })
  const db = base.withPlugin(selfWaitGuard)
  bases.set(db, base)
  return { db, kind: opened.kind, file: opened.file, close: () => base.destroy() }
}

/** The same databases without the guard: transactions begin on these, so that their own statements pass. */
const bases = new WeakMap<Db, Db>()

const open = new AsyncLocalStorage<true>()

/**
 * On SQLite a query on `db` while a transaction is open in the same flow waits for itself, for ever and in silence.
 * This turns the hang into an error that names the remedy, on both databases.
 */
const selfWaitGuard: KyselyPlugin = {
  transformQuery(args: PluginTransformQueryArgs) {
    if (open.getStore()) {
      throw new Error('A query on `db` inside a transaction waits for itself. Use the `tx` (in a change: `change.tx`).')
    }
    return args.node
  },
  transformResult: (args) => Promise.resolve(args.result),
}

/** Runs `work` in one transaction: all of it is written, or nothing. For bookkeeping; whatever readers learn of is a change. */
export async function inTransaction<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (open.getStore()) throw new Error('Transactions do not nest: pass the `tx` you have.')
  return (bases.get(db) ?? db).transaction().execute((tx) => open.run(true, () => work(tx)))
}

/** Runs `work` on one unchanging view of the database: what it reads belongs together. */
export async function readTogether<T>(db: Db, work: (tx: Tx) => Promise<T>): Promise<T> {
  if (open.getStore()) throw new Error('Transactions do not nest: pass the `tx` you have.')
  return (bases.get(db) ?? db)
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => open.run(true, () => work(tx)))
}

/**
 * Throws unless an acknowledged write is on disk. Call it after a write: before the first one, better-sqlite3 in WAL
 * mode reports FULL whatever is the case.
 */
export function assertDurable({ file }: OpenDatabase): void {
  const synchronous = file?.pragma('synchronous', { simple: true })
  if (file && synchronous !== 2) {
    throw new Error(
      `SQLite runs with synchronous=${String(synchronous)}, not FULL (2): a power cut would lose acknowledged changes.`,
    )
  }
}
