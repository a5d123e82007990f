import type { Db } from '../../database/database.ts'
import type { BackupRow } from '../../database/tables/backups.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Finding } from '../../lib/finding.ts'
import { type KnownBackup, type LastBackups, findingOf, hasFailed } from './backup.ts'

/** Two indexed reads, of a table that keeps a hundred rows. */
export async function lastBackups(db: Db): Promise<LastBackups> {
  const newest = db.selectFrom('backups').selectAll().orderBy('due_at', 'desc').limit(1)
  const tried = await newest.executeTakeFirst()
  const good = await newest.where('ended_at', 'is not', null).where('problem', 'is', null).executeTakeFirst()
  return { good: good ? known(good) : null, tried: tried ? known(tried) : null }
}

/**
 * Takes the backup that was due at this moment upon this process: of several that try, one is answered yes. One that failed
 * may be tried again.
 */
export async function claimBackup(db: Db, { dueAt, now, place }: Claim): Promise<boolean> {
  const row = { began_at: now, ended_at: null, place, bytes: null, problem: null }
  const made = await db
    .insertInto('backups')
    .values({ due_at: dueAt, ...row })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows === 1n) return true
  const before = await db.selectFrom('backups').selectAll().where('due_at', '=', dueAt).executeTakeFirst()
  if (!before || !hasFailed(known(before), now)) return false
  const again = await db
    .updateTable('backups')
    .set(row)
    .where('due_at', '=', dueAt)
    .where('began_at', '=', before.began_at)
    .executeTakeFirst()
  return again.numUpdatedRows === 1n
}

/** What there is to say of backups; null while nobody owns the page, because then there is nothing to lose. */
export async function backupFinding(db: Db, now: Instant, how: { isScheduled: boolean }): Promise<Finding | null> {
  const owner = await db.selectFrom('accounts').select('id').limit(1).executeTakeFirst()
  return owner ? findingOf(await lastBackups(db), now, how) : null
}

interface Claim {
  readonly dueAt: Instant
  readonly now: Instant
  readonly place: string
}

const mostRows = 100

/** Writes down how a backup ended, and forgets those of long ago. */
export async function endBackup(db: Db, backup: KnownBackup): Promise<void> {
  const row: BackupRow = {
    due_at: backup.dueAt,
    began_at: backup.beganAt,
    ended_at: backup.endedAt,
    place: backup.place,
    bytes: backup.bytes,
    problem: backup.problem,
  }
  await db
    .insertInto('backups')
    .values(row)
    .onConflict((conflict) => conflict.column('due_at').doUpdateSet(row))
    .execute()
  const oldest = await db
    .selectFrom('backups')
    .select('due_at')
    .orderBy('due_at', 'desc')
    .offset(mostRows)
    .limit(1)
    .executeTakeFirst()
  const { good } = await lastBackups(db)
  if (!oldest || !good) return
  await db.deleteFrom('backups').where('due_at', '<=', oldest.due_at).where('due_at', '<', good.dueAt).execute()
}

function known(row: BackupRow): KnownBackup {
  return {
    dueAt: row.due_at,
    beganAt: row.began_at,
    endedAt: row.ended_at,
    place: row.place,
    bytes: row.bytes,
    problem: row.problem,
  }
}
