import packageJson from '../../../package.json' with { type: 'json' }
import { openDatabase } from '../../database/database.ts'
import type { Deps } from '../../deps.ts'
import { type KnownBackup, hasFailed } from '../../domain/backups/backup.ts'
import { claimBackup, endBackup, lastBackups } from '../../domain/backups/log.ts'
import { readSite } from '../../domain/site/queries.ts'
import { type Instant, instantOf, later, millisecondsOf, secondsBetween } from '../../lib/clock.ts'
import { type CronTimes, nextRun, readCron } from '../../lib/cron-times.ts'
import { expired } from '../../lib/keeping.ts'
import { archiveName, backUp, secretsOf } from './backup.ts'
import type { Readers } from './encryption.ts'
import { type BackupPlace, placeOfBackups } from './place.ts'

type Parts = Pick<Deps, 'config' | 'db' | 'clock' | 'ids' | 'log'>

/** A place that was out of reach has time to come back. */
const secondsBeforeAgain = 15 * 60

/**
 * Makes the backup that is due, if one is: once, whichever of several processes sees it first. One that was missed while
 * nothing ran is made up for, and one that failed is tried again. Then those that are not needed any more are removed.
 */
export async function backUpWhenDue(parts: Parts): Promise<void> {
  const { config, db, clock, log } = parts
  if (config.backupTo === null) return
  const now = clock.now()
  const { tried } = await lastBackups(db)
  const dueAt = await dueNow(parts, tried, now)
  if (dueAt === null) return
  const readers = readersOf(config)
  const file = archiveName(dueAt, readers)
  let place: BackupPlace
  let run: KnownBackup = { dueAt, beganAt: now, endedAt: null, place: file, bytes: null, problem: null }
  if (!(await claimBackup(db, { dueAt, now, place: file }))) return
  try {
    place = await placeOfBackups(config.backupTo, parts)
    run = { ...run, place: `${place.name}${file}` }
    const { bytes } = await write(parts, { place, file, readers, now })
    run = { ...run, endedAt: clock.now(), bytes }
    await endBackup(db, run)
    log.info({ place: run.place, bytes }, 'A backup was made.')
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error)
    await endBackup(db, { ...run, endedAt: clock.now(), problem })
    throw new Error(`The backup to ${run.place} failed.`, { cause: error })
  }
  for (const name of await expiredIn(place, parts)) await place.remove(name)
}

/** When the last one was due that nobody has made; null: there is none. */
async function dueNow({ config, db }: Parts, tried: KnownBackup | null, now: Instant): Promise<Instant | null> {
  // The first one at once: whoever sets it up sees whether it works.
  if (!tried) return instantOf(Math.floor(millisecondsOf(now) / 60_000) * 60_000)
  const times = readCron(config.backupAt)
  if ('fault' in times) throw new Error(times.fault)
  const { zone } = await readSite(db)
  const month = later(now, -31 * 86_400)
  const last = lastRun(times, zone, { after: tried.dueAt > month ? tried.dueAt : month, until: now })
  if (last !== null) return last
  const isAgain = hasFailed(tried, now) && secondsBetween(tried.endedAt ?? tried.beganAt, now) >= secondsBeforeAgain
  return isAgain ? tried.dueAt : null
}

/** The last run of a schedule in a span of time. */
function lastRun(times: CronTimes, zone: string, { after, until }: { after: Instant; until: Instant }): Instant | null {
  let last: Instant | null = null
  for (let next = nextRun(times, zone, after); next <= until; next = nextRun(times, zone, next)) last = next
  return last
}

interface Writing {
  readonly place: BackupPlace
  readonly file: string
  readonly readers: Readers | null
  readonly now: Instant
}

/** By a connection of its own, so that nobody who reads or writes meanwhile waits for it. */
async function write({ config }: Parts, { place, file, readers, now }: Writing) {
  const own = openDatabase(config.databaseUrl, 'for all rows')
  try {
    return await backUp(own.db, await place.begin(file), {
      now,
      product: packageJson.version,
      secrets: readers ? secretsOf(config.dataDir) : [],
      readers,
      report: () => undefined,
    })
  } finally {
    await own.close()
  }
}

export function readersOf({ backupPassphrase, backupRecipients }: ReadersInConfig): Readers | null {
  if (backupPassphrase !== null) return { passphrase: backupPassphrase }
  return backupRecipients.length > 0 ? { recipients: backupRecipients } : null
}

type ReadersInConfig = Pick<Deps['config'], 'backupPassphrase' | 'backupRecipients'>

const nameOfBackup = /^candor-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)Z\.candor(\.age)?$/
const isDraft = /^candor-[\dTZ-]+\.candor(\.age)?\.[a-z0-9]{12}\.part$/

/** Only files that a schedule has named are ours to remove. */
async function expiredIn(place: BackupPlace, { config }: Parts): Promise<string[]> {
  const names = new Map<Instant, string[]>()
  const drafts: string[] = []
  for (const name of await place.list()) {
    // What a process that died has begun. Only one writes here, and has just ended.
    if (isDraft.test(name)) drafts.push(name)
    const [, day, hours, minutes, seconds] = nameOfBackup.exec(name) ?? []
    if (day === undefined) continue
    const at = `${day}T${hours}:${minutes}:${seconds}.000Z` as Instant
    names.set(at, [...(names.get(at) ?? []), name])
  }
  return [...drafts, ...expired([...names.keys()], config.backupKeep).flatMap((at) => names.get(at) ?? [])]
}
