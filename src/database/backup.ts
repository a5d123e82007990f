import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import SQLite from 'better-sqlite3'
import { type Instant, instantOf } from '../lib/clock.ts'
import { Conflict, Invalid, NotFound, Refusal } from '../lib/errors.ts'
import type { Ids } from '../lib/ids.ts'
import { syncFolder } from '../lib/secret-file.ts'
import { type OpenDatabase, openDatabase } from './database.ts'
import { isPostgresUrl } from './dialect.ts'
import { assertSound } from './draft.ts'

export interface BackupOptions {
  readonly target: string
  readonly existing: 'keep' | 'replace'
  readonly ids: Ids
  report(done: number, all: number): void
}

/** This database is copied by its own tools. */
class NotOurs extends Refusal {}

/** Copies the database as it is at one moment, while others write to it, and answers the size of the copy. */
export async function backup(url: string, { target, existing, ids, report }: BackupOptions): Promise<number> {
  if (isPostgresUrl(url)) {
    throw new NotOurs('This database is PostgreSQL, which is no file: leave out --copy, and an archive is made of it.')
  }
  if (!existsSync(url)) throw new NotFound(`There is no database at ${url}.`)
  const path = resolve(target)
  if (isOfDatabase(url, path)) throw new Conflict(`${target} is the database itself: choose another file for the copy.`)
  if (existing === 'keep' && existsSync(path)) throw new Conflict(`${target} exists already. --force replaces it.`)
  if (!existsSync(dirname(path))) throw new NotFound(`There is no folder ${dirname(path)}.`)
  const draft = `${path}.${ids.next()}.part`
  const source = new SQLite(url, { readonly: true, fileMustExist: true })
  try {
    // Held open, so that the copy is of this moment: SQLite begins again from the start whenever another process writes.
    source.exec('begin')
    source.prepare('select count(*) from sqlite_schema').get()
    await source.backup(draft, {
      progress({ totalPages, remainingPages }) {
        report(totalPages - remainingPages, totalPages)
        // About 4 MB at a time, so that whoever writes meanwhile never waits long.
        return 1000
      },
    })
    makeWhole(draft)
    renameSync(draft, path)
    syncFolder(dirname(path))
    return statSync(path).size
  } finally {
    source.close()
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${draft}${suffix}`, { force: true })
  }
}

/** A copy opened for reading, which stays as it is: what is opened is a copy of it. Answers of when it is, too. */
export async function copyOfCopy(path: string, target: string): Promise<{ database: OpenDatabase; at: Instant }> {
  for (const suffix of ['', '-wal']) {
    if (suffix === '' || existsSync(`${path}${suffix}`)) copyFileSync(`${path}${suffix}`, `${target}${suffix}`)
  }
  let database: OpenDatabase
  try {
    database = openDatabase(target)
    assertSound(database)
  } catch (cause) {
    throw new Invalid(`${path} is damaged (${String(cause)}). Nothing was changed. Try an older backup.`)
  }
  const events = await database.db.selectFrom('events').select('at').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return { database, at: events?.at ?? instantOf(statSync(path).mtimeMs) }
}

/** The path of the file that an address of a database means; null: it is on a server. */
export function fileOf(url: string): string | null {
  return isPostgresUrl(url) ? null : resolve(url)
}

/** Whether a file that begins so is a database. */
export function isDatabaseFile(beginning: Buffer): boolean {
  return beginning.subarray(0, 16).toString('latin1') === 'SQLite format 3\0'
}

/** Whether a path leads to the database file or to one of those beside it. */
export function isOfDatabase(database: string, path: string): boolean {
  if (fileOf(database) === null || !existsSync(path)) return false
  const files = ['', '-wal', '-shm'].map((suffix) => `${realpathSync(database)}${suffix}`)
  return files.includes(realpathSync(path))
}

/** One file that says of itself that it is sound, and that is on disk. */
function makeWhole(path: string): void {
  const copy = new SQLite(path)
  try {
    copy.pragma('journal_mode = DELETE')
    const verdict = copy.pragma('integrity_check', { simple: true })
    if (verdict !== 'ok') throw new Error(`The copy is damaged, and so is the database: ${String(verdict)}`)
  } finally {
    copy.close()
  }
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
