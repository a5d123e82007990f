import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, Forbidden } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { mustBeToCome } from '../incidents/rules.ts'
import { readProbe } from './queries.ts'
import { readVerdict, writeVerdict } from './verdicts/verdicts.ts'

/** A probe whose failures open nothing for a while. */
export interface Mute {
  readonly probeId: string
  readonly mutedAt: Instant
  /** Null: until somebody changes the probe. */
  readonly until: Instant | null
  readonly author: string
}

/**
 * Lets a probe's failures open nothing until a time, or until somebody changes the probe. It goes on checking, and what
 * it finds stays to be seen: where it disagrees with the page, the page still says so. If it fails when that ends, it is
 * told then.
 */
export async function muteProbe(change: Change, id: string, until: Instant | null): Promise<void> {
  const probe = await readProbe(change.tx, id)
  if (until !== null) mustBeToCome(change, until, 'until')
  const { actor } = change
  if (actor.kind !== 'operator' && actor.kind !== 'token') throw new Forbidden('Only people mute probes.')
  const row = { muted_at: change.now, until_at: until, author: actor.name }
  await change.tx
    .insertInto('probe_mutes')
    .values({ probe_id: id, ...row })
    .onConflict((conflict) => conflict.column('probe_id').doUpdateSet(row))
    .execute()
  const verdict = await readVerdict(change.tx, id)
  if (verdict) await writeVerdict(change.tx, { ...verdict, actedAt: null })
  await change.record({ type: 'probe.muted', subject: id, data: { name: probe.name, until } })
}

export async function unmuteProbe(change: Change, id: string): Promise<void> {
  if (!(await endMute(change, id))) throw new Conflict('This probe is not muted any more.')
}

/** Ends it, if there is one. */
export async function endMute(change: Change, id: string): Promise<boolean> {
  const { numDeletedRows } = await change.tx.deleteFrom('probe_mutes').where('probe_id', '=', id).executeTakeFirst()
  if (numDeletedRows === 0n) return false
  const { name } = await readProbe(change.tx, id)
  await change.record({ type: 'probe.unmuted', subject: id, data: { name } })
  return true
}

/** The probes that are muted now, by id. */
export async function mutes(db: Db, now: Instant): Promise<Map<string, Mute>> {
  const rows = await db.selectFrom('probe_mutes').selectAll().orderBy('probe_id').limit(20_000).execute()
  return new Map(
    rows
      .filter(({ until_at: until }) => until === null || until > now)
      .map((row) => [
        row.probe_id,
        { probeId: row.probe_id, mutedAt: row.muted_at, until: row.until_at, author: row.author },
      ]),
  )
}

export async function isMuted(db: Db, probeId: string, now: Instant): Promise<boolean> {
  const row = await db.selectFrom('probe_mutes').select('until_at').where('probe_id', '=', probeId).executeTakeFirst()
  return row !== undefined && (row.until_at === null || row.until_at > now)
}

/** Those whose time is up. */
export function overdueMutes(db: Db, now: Instant): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('probe_mutes')
    .innerJoin('probes', 'probes.id', 'probe_mutes.probe_id')
    .select(['probes.id', 'probes.name'])
    .where('until_at', '<=', now)
    .where('probes.removed_at', 'is', null)
    .orderBy('until_at')
    .orderBy('probes.id')
    .limit(1000)
    .execute()
}
