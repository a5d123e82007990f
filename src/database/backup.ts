import { closeSync, existsSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import SQLite from 'better-sqlite3'
import { Conflict, NotFound, Refusal } from '../lib/errors.ts'
import type { Ids } from '../lib/ids.ts'
import { syncFolder } from '../lib/secret-file.ts'
import { isPostgresUrl } from './dialect.ts'

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
    throw new NotOurs(
      'This database is PostgreSQL: back it up with pg_dump --format=custom, restore it with pg_restore.',
    )
  }
  if (!existsSync(url)) throw new NotFound(`There is no database at ${url}.`)
  const path = resolve(target)
  if (isOf(url, path)) throw new Conflict(`${target} is the database itself: choose another file for the copy.`)
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

/** Whether a path leads to the database file or to one of those beside it. */
function isOf(database: string, path: string): boolean {
  if (!existsSync(path)) return false
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
