import { closeSync, existsSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import SQLite from 'better-sqlite3'
import { sql } from 'kysely'
import { type Clock, secondsBetween } from '../lib/clock.ts'
import { Conflict } from '../lib/errors.ts'
import type { Ids } from '../lib/ids.ts'
import { syncFolder } from '../lib/secret-file.ts'
import { type Db, type OpenDatabase, inTransaction, openDatabase } from './database.ts'
import { isPostgresUrl, tableExists } from './dialect.ts'
import { codeVersion, databaseVersion } from './migrate.ts'

/** A database that is made beside the one in use, to take its place when it is whole. */
export interface Draft {
  readonly database: OpenDatabase
  /** Takes the place of the one in use, which is kept; answers under which name, or null where there was none. */
  swap(): Promise<string | null>
  /** Leaves no trace; after a swap it does nothing. */
  discard(): Promise<void>
}

interface Place {
  readonly clock: Clock
  readonly ids: Ids
}

/** Refuses where somebody uses the database already, unless told that it may be replaced, and while a Candor runs on it. */
export async function draftBeside(url: string, existing: 'keep' | 'replace', place: Place): Promise<Draft> {
  return isPostgresUrl(url) ? draftSchema(url, existing, place) : draftFile(url, existing, place)
}

const inUse =
  'This database is in use already. --replace puts the backup in its place, and keeps it under another name.'
const running = 'A Candor runs on this database. Stop it first; if it was stopped just now, try again in half a minute.'

async function draftFile(url: string, existing: 'keep' | 'replace', { clock, ids }: Place): Promise<Draft> {
  const path = resolve(url)
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (existsSync(path)) {
    const unreadable = await refuseFile(path, existing)
    if (unreadable && existing === 'keep') throw new Conflict(`${path} is there and cannot be read. ${inUse}`)
  }
  const file = `${path}.${ids.next()}.part`
  const database = openDatabase(file)
  // It is written in one go and thrown away if that fails: nothing has to be taken back, and it is brought to disk at the end.
  database.file?.pragma('journal_mode = DELETE')
  database.file?.pragma('synchronous = OFF')
  let state: 'open' | 'swapped' = 'open'
  return {
    database,
    async swap() {
      await database.close()
      syncFile(file)
      let kept: string | null = null
      if (existsSync(path)) {
        await refuseFile(path, existing)
        kept = `${path}.before-${stampOf(clock.now())}`
        // What had not reached the file itself goes with it, and never meets the new one.
        for (const suffix of ['-wal', '-shm'])
          if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${kept}${suffix}`)
        linkSync(path, kept)
      }
      renameSync(file, path)
      syncFolder(dirname(path))
      state = 'swapped'
      return kept
    },
    async discard() {
      if (state === 'swapped') return
      await database.close().catch(() => undefined)
      for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true })
    },
  }
}

/** Throws where it may not be replaced; answers whether it cannot be read at all. */
async function refuseFile(path: string, existing: 'keep' | 'replace'): Promise<boolean> {
  let file: SQLite.Database | null = null
  try {
    file = new SQLite(path, { timeout: 0 })
    // Whoever has it open, even idle, holds a lock that this one cannot share; and what stands beside it goes into it.
    file.pragma('locking_mode = EXCLUSIVE')
    file.exec('begin exclusive')
    file.exec('commit')
    file.pragma('wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'SQLITE_BUSY') throw new Conflict(running)
    file?.close()
    return true
  }
  file.close()
  if (existing === 'replace') return false
  const { db, close } = openDatabase(path)
  try {
    if (await isInUse(db)) throw new Conflict(inUse)
    return false
  } finally {
    await close()
  }
}

/** Throws unless the file is whole, and each row has those that it refers to. */
export function assertSound({ file }: OpenDatabase): void {
  if (!file) return
  const verdict = file.pragma('integrity_check', { simple: true })
  const orphans = file.pragma('foreign_key_check') as unknown[]
  if (verdict !== 'ok' || orphans.length > 0) throw new Error(`The new database is not sound: ${String(verdict)}`)
}

function syncFile(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

async function draftSchema(url: string, existing: 'keep' | 'replace', { clock, ids }: Place): Promise<Draft> {
  const main = openDatabase(url)
  const name = `candor_draft_${ids.next()}`
  try {
    if ((await tableExists(main.db, 'heartbeats').execute(main.db)).rows.length > 0) {
      const beat = await main.db.selectFrom('heartbeats').select('at').where('name', '=', 'process').executeTakeFirst()
      if (beat && Math.abs(secondsBetween(beat.at, clock.now())) < longestSilence) throw new Conflict(running)
    }
    if (existing === 'keep' && (await isInUse(main.db))) throw new Conflict(inUse)
    await sql`create schema ${sql.id(name)}`.execute(main.db)
  } catch (error) {
    await main.close()
    throw error
  }
  const there = new URL(url)
  there.searchParams.set('options', `-c search_path=${name}`)
  const database = openDatabase(there.href, 'for all rows')
  let state: 'open' | 'swapped' = 'open'
  return {
    database,
    async swap() {
      const made = await thingsIn(database.db)
      await database.close()
      const kept = await inTransaction(main.db, async (tx) => {
        const before = (await thingsIn(tx)).filter((one) => made.some((other) => other.name === one.name))
        const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(tx)
        const here = rows[0]?.name ?? 'public'
        const aside = `before_${stampOf(clock.now()).replaceAll('-', '_').toLowerCase()}`
        if (before.length > 0) await sql`create schema ${sql.id(aside)}`.execute(tx)
        for (const one of before) await move(tx, one, { from: here, to: aside })
        for (const one of made) await move(tx, one, { from: name, to: here })
        await sql`drop schema ${sql.id(name)}`.execute(tx)
        return before.length > 0 ? `the schema ${aside}` : null
      })
      state = 'swapped'
      await main.close()
      return kept
    },
    async discard() {
      if (state === 'swapped') return
      await database.close().catch(() => undefined)
      await sql`drop schema if exists ${sql.id(name)} cascade`.execute(main.db)
      await main.close()
    },
  }
}

/** A process that runs writes every five seconds. */
const longestSilence = 20

interface Thing {
  readonly kind: 'table' | 'function'
  readonly name: string
}

/** Tables, which take their indexes, triggers and counters along, and what triggers call, which takes nothing. */
async function thingsIn(db: Db): Promise<Thing[]> {
  const { rows } = await sql<Thing>`
    select 'table' as kind, table_name as name from information_schema.tables
    where table_schema = current_schema() and table_type = 'BASE TABLE'
    union all
    select 'function', routine_name from information_schema.routines
    where routine_schema = current_schema() and data_type = 'trigger' order by 1, 2`.execute(db)
  return rows
}

async function move(db: Db, { kind, name }: Thing, { from, to }: { from: string; to: string }): Promise<void> {
  const what = kind === 'table' ? sql`table ${sql.id(from, name)}` : sql`function ${sql.id(from, name)}()`
  await sql`alter ${what} set schema ${sql.id(to)}`.execute(db)
}

/** Whether anybody has begun to use a database: then nothing takes its place unasked. */
async function isInUse(db: Db): Promise<boolean> {
  const version = await databaseVersion(db)
  if (version > codeVersion) return true
  if (version === 0) return false
  for (const table of ['accounts', 'components', 'incidents', 'maintenances'] as const) {
    if (await db.selectFrom(table).select('id').limit(1).executeTakeFirst()) return true
  }
  return false
}

function stampOf(instant: string): string {
  return instant.slice(0, 19).replaceAll(':', '-')
}
