import { statSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type SQLite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  type SqliteDatabase,
  SqliteDriver,
  type TransactionSettings,
} from 'kysely'
import { LRUCache } from 'lru-cache'
import { shareOfTurn } from '../lib/share-of-turn.ts'

/** Longer than the import of a large recording holds the file. */
const patienceMs = 30_000

/**
 * SQLite for a file that other processes write to as well: the commands beside a server. Where it is locked we wait
 * without blocking the loop that answers readers, which SQLite's own busy timeout would do.
 */
export class PatientDriver extends SqliteDriver {
  readonly #file: SQLite.Database
  readonly #inode: number | null
  #connection: DatabaseConnection | null = null

  constructor(file: SQLite.Database) {
    super({ database: compiledOnce(file) })
    this.#file = file
    this.#inode = inodeOf(file)
  }

  /** What is written to a file that nobody finds any more would be acknowledged and lost: SQLite itself does not look. */
  #assertUnmoved(): void {
    if (this.#inode !== null && inodeOf(this.#file) !== this.#inode) {
      throw Object.assign(new Error('The database file was moved or replaced.'), { code: 'SQLITE_READONLY_DBMOVED' })
    }
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return (this.#connection ??= patient(await super.acquireConnection()))
  }

  /** One that may write takes its turn at once: having read, it would be refused where another process wrote meanwhile. */
  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    const begin = settings?.accessMode === 'read only' ? 'begin' : 'begin immediate'
    if (begin === 'begin immediate') this.#assertUnmoved()
    await connection.executeQuery(CompiledQuery.raw(begin))
  }

  /** On a full disk SQLite has rolled back by itself; to do it again would be an error that hides the cause. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.inTransaction) await super.rollbackTransaction(connection)
  }
}

/** Null: it lies in memory, or is not there. */
function inodeOf({ memory, name }: SQLite.Database): number | null {
  return memory || name === '' ? null : (statSync(name, { throwIfNoEntry: false })?.ino ?? null)
}

/** More kinds of statements than the product has, if lists of ids did not have any length. */
const statementsKept = 400

/** Compiling a statement takes longer than running most of them. */
function compiledOnce(file: SQLite.Database): SqliteDatabase {
  const statements = new LRUCache<string, SQLite.Statement>({ max: statementsKept })
  return {
    close: () => void file.close(),
    prepare(sql) {
      if (sql.startsWith(givesBack)) return steppedToTheEnd(file, sql)
      const statement = statements.get(sql) ?? file.prepare(sql)
      statements.set(sql, statement)
      return statement as ReturnType<SqliteDatabase['prepare']>
    },
  }
}

/** It gives back a page a step, and a statement that returns no rows is run for one step. */
const givesBack = 'pragma incremental_vacuum'

function steppedToTheEnd(file: SQLite.Database, sql: string): ReturnType<SqliteDatabase['prepare']> {
  const run = (): { changes: number; lastInsertRowid: number } => {
    file.exec(sql)
    return { changes: 0, lastInsertRowid: 0 }
  }
  return { reader: false, all: () => [], iterate: () => [].values(), run }
}

/** SQLite answers at once: whoever asks one thing after the other would keep the loop for as long as there is to ask. */
const shareMs = 1

function patient(connection: DatabaseConnection): DatabaseConnection {
  const turn = shareOfTurn(shareMs)
  return {
    streamQuery: (query, size) => connection.streamQuery(query, size),
    async executeQuery(query) {
      await turn()
      const until = performance.now() + patienceMs
      for (;;) {
        try {
          return await connection.executeQuery(query)
        } catch (error) {
          if (!isLocked(error) || performance.now() > until) throw error
        }
        await pause(10)
      }
    },
  }
}

/** Not `SQLITE_BUSY_SNAPSHOT`: that one does not pass by waiting. */
function isLocked(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return code === 'SQLITE_BUSY' || code === 'SQLITE_BUSY_RECOVERY'
}
