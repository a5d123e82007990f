import { existsSync } from 'node:fs'
import SQLite from 'better-sqlite3'
import { sql } from 'kysely'
import type { Finding } from '../lib/finding.ts'
import { type Instant, instantOf, secondsBetween } from '../lib/clock.ts'
import { type Db, openDatabase } from './database.ts'
import { isPostgresUrl } from './dialect.ts'
import { codeVersion, databaseVersion, underWay } from './migrate.ts'

/** Looks at the database without changing it, not even making it; at `more`, if it is of this version. */
export async function examineDatabase(
  url: string,
  now: Instant,
  more: (db: Db) => Promise<Finding[]>,
): Promise<Finding[]> {
  if (!isPostgresUrl(url)) {
    if (!existsSync(url)) return [well(`none yet at ${url}; candor serve makes it`)]
    const damage = damageOf(url)
    if (damage) return [damage]
  }
  const { db, kind, close } = openDatabase(url)
  try {
    const findings = [await versionOf(db), await lastEventOf(db, now)]
    if (kind === 'postgres') findings.push(await skewOf(db, now))
    const isCurrent = (await databaseVersion(db)) === codeVersion && (await underWay(db)) === null
    return isCurrent ? [...findings, ...(await more(db))] : findings
  } catch (error) {
    const remedy = 'Check the address, the name and the password in CANDOR_DATABASE_URL, and that the server runs.'
    return [{ about: 'database', found: error instanceof Error ? error.message : String(error), remedy }]
  } finally {
    await close()
  }
}

function damageOf(path: string): Finding | null {
  const remedy =
    'Stop Candor and put the newest backup in its place: candor restore <backup> --replace keeps the damaged file.'
  let file: SQLite.Database | null = null
  try {
    file = new SQLite(path, { readonly: true })
    const verdict = file.pragma('integrity_check(1)', { simple: true })
    return verdict === 'ok' ? null : { about: 'database', found: `damaged: ${String(verdict)}`, remedy }
  } catch (error) {
    return {
      about: 'database',
      found: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      remedy,
    }
  } finally {
    file?.close()
  }
}

async function versionOf(db: Db): Promise<Finding> {
  const version = await databaseVersion(db)
  const carried = await underWay(db)
  if (carried) {
    const found = `sound, being brought to version ${version}: ${Math.floor(carried.share * 100)} % are done`
    return { about: 'database', found, remedy: 'If nothing does so now: run candor migrate, or just start Candor.' }
  }
  const found = `sound, version ${version}`
  if (version === codeVersion) return well(found)
  const remedy =
    version < codeVersion
      ? `This Candor has version ${codeVersion}: run candor migrate, or just start it.`
      : `This Candor only knows version ${codeVersion}: start the newer one, or restore an older backup.`
  return { about: 'database', found, remedy }
}

/** Events only ever come later: a clock before the last of them is wrong now, or was then. */
async function lastEventOf(db: Db, now: Instant): Promise<Finding> {
  if ((await databaseVersion(db)) === 0) return { about: 'clock', found: now, remedy: null }
  const row = await db.selectFrom('events').select('at').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  if (!row || row.at <= now) return { about: 'clock', found: now, remedy: null }
  const found = `${now}, which is before the last event (${row.at})`
  return { about: 'clock', found, remedy: 'Set the clock of this machine, best by NTP.' }
}

async function skewOf(db: Db, now: Instant): Promise<Finding> {
  const { rows } = await sql<{ now: Date }>`select now() as now`.execute(db)
  const skew = secondsBetween(now, instantOf(rows[0]?.now.getTime() ?? 0))
  const found = `the database server's differs by ${Math.abs(skew)} s`
  return { about: 'clock', found, remedy: Math.abs(skew) <= 5 ? null : 'Set both clocks by NTP.' }
}

function well(found: string): Finding {
  return { about: 'database', found, remedy: null }
}
