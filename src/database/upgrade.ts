import { statSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../lib/clock.ts'
import { Conflict } from '../lib/errors.ts'
import type { Ids } from '../lib/ids.ts'
import { backup, fileOf } from './backup.ts'
import { type Carried, type OpenDatabase, openDatabase } from './database.ts'
import { codeVersion, databaseVersion, migrate, openMigrated, underWay } from './migrate.ts'

export interface UpgradeParts {
  readonly clock: Clock
  readonly ids: Ids
  /**
   * Before it begins: from which version, and where the copy lies; null: a server keeps backups of its own, or the copy was
   * made when it first began.
   */
  began(from: number, copy: string | null): void
  /** How far a step is that goes in portions, from 0 to 1. */
  carried(share: number): void
}

/**
 * Opens a database as the code needs it. One that is older is copied first, if it is a file, and brought up to date in a
 * thread of its own, so that whoever reads the last good pages meanwhile does not wait for it.
 */
export async function openUpToDate(
  url: string,
  parts: UpgradeParts,
): Promise<{ database: OpenDatabase; ran: string[] }> {
  const database = openDatabase(url)
  let version = 0
  let begun: Carried | null = null
  try {
    version = await databaseVersion(database.db)
    begun = await underWay(database.db)
    const isCurrent = version === 0 || (version >= codeVersion && !begun)
    if (isCurrent) return { database, ran: await migrate(database.db, parts.clock) }
  } catch (error) {
    await database.close()
    throw error
  }
  await database.close()
  // What is done by half is no copy of what was there first.
  const file = begun ? null : fileOf(url)
  // By the version that it has: what a step leaves that was done before another failed is no copy of what was there first.
  const copy = file === null ? null : `${file}.version-${version}`
  if (file !== null && copy !== null) {
    assertRoom(file)
    await backup(url, { target: copy, existing: 'replace', ids: parts.ids, report: () => undefined })
  }
  parts.began(version, copy)
  if (begun) parts.carried(begun.share)
  const ran = await inAThread(url, (share) => parts.carried(share))
  return { ...(await openMigrated(url, parts.clock)), ran }
}

/** For the copy, and for as much again that the upgrade itself may write. */
function assertRoom(file: string): void {
  const { bavail, bsize } = statfsSync(dirname(file))
  const needed = 2 * statSync(file).size
  if (bavail * bsize >= needed) return
  throw new Conflict(
    `The database has to be upgraded, and there is no room for a copy of it before: ${Math.ceil(needed / 1024 ** 2)} MB ` +
      'have to be free beside it. Make room, or make a backup elsewhere and run “candor migrate”, which makes no copy.',
  )
}

/** What the thread says; `refusal` is written for people. */
export type Upgrading =
  { readonly share: number } | { readonly ran: string[] } | { readonly refusal: string } | { readonly error: Error }

function inAThread(url: string, carried: (share: number) => void): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./upgrading.ts', import.meta.url), {
      name: 'upgrade',
      workerData: url,
      execArgv: [],
    })
    worker.on('message', (said: Upgrading) => {
      if ('share' in said) carried(said.share)
      else if ('ran' in said) resolve(said.ran)
      else reject('refusal' in said ? new Conflict(said.refusal) : said.error)
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The upgrade ended without a word.')))
  })
}
