import type { Db } from '../../../database/database.ts'
import type { Instant } from '../../../lib/clock.ts'
import { hashOfSecret } from '../../../lib/secrets.ts'
import type { HeartbeatSpec } from '../kinds/heartbeat.ts'
import type { Heartbeat, Sign } from './heartbeat.ts'

/** At most so many are looked at in one turn; the rest come a second later. */
export const mostAtOnce = 200

export async function heartbeatOf(db: Db, probeId: string): Promise<Heartbeat | null> {
  const row = await heartbeats(db).where('probe_heartbeats.probe_id', '=', probeId).executeTakeFirst()
  return row ? toHeartbeat(row) : null
}

/** Which one an address belongs to. By its hash alone, so that how long it takes tells nothing of other tokens. */
export async function heartbeatByToken(db: Db, token: string): Promise<Heartbeat | null> {
  const row = await heartbeats(db).where('token_hash', '=', hashOfSecret(token)).executeTakeFirst()
  return row ? toHeartbeat(row) : null
}

/** Those that should have been heard of before this instant, the longest silent first. */
export async function overdueHeartbeats(db: Db, now: Instant): Promise<Heartbeat[]> {
  const rows = await heartbeats(db)
    .where('next_deadline', '<', now)
    .orderBy('next_deadline')
    .orderBy('probe_heartbeats.probe_id')
    .limit(mostAtOnce)
    .execute()
  return rows.map(toHeartbeat)
}

/** Those whose deadline is not before an instant, in order. */
export async function heartbeatsDueFrom(db: Db, from: Instant): Promise<Heartbeat[]> {
  const rows = await heartbeats(db)
    .where('next_deadline', '>=', from)
    .orderBy('next_deadline')
    .orderBy('probe_heartbeats.probe_id')
    .execute()
  return rows.map(toHeartbeat)
}

/** Those that said something which no verdict knows yet, those that wait longest first. */
export async function untakenHeartbeats(db: Db): Promise<Heartbeat[]> {
  const rows = await heartbeats(db)
    .where('untaken_at', 'is not', null)
    .orderBy('untaken_at')
    .orderBy('probe_heartbeats.probe_id')
    .limit(mostAtOnce)
    .execute()
  return rows.map(toHeartbeat)
}

function heartbeats(db: Db) {
  return db
    .selectFrom('probe_heartbeats')
    .innerJoin('probes', 'probes.id', 'probe_heartbeats.probe_id')
    .select([
      'probe_heartbeats.probe_id',
      'probes.name',
      'probes.spec',
      'probes.paused_at',
      'token_hash',
      'next_deadline',
    ])
    .select(['pinged_at', 'started_at', 'took_ms', 'log', 'logged_at', 'untaken'])
    .where('probes.removed_at', 'is', null)
    .where('probes.kind', '=', 'heartbeat')
}

type Row = Awaited<ReturnType<ReturnType<typeof heartbeats>['execute']>>[number]

function toHeartbeat(row: Row): Heartbeat {
  return {
    probeId: row.probe_id,
    name: row.name,
    spec: JSON.parse(row.spec) as HeartbeatSpec,
    pausedAt: row.paused_at,
    hasAddress: row.token_hash === null ? 'no' : 'yes',
    nextDeadline: row.next_deadline,
    pingedAt: row.pinged_at,
    startedAt: row.started_at,
    tookMs: row.took_ms === null ? null : Number(row.took_ms),
    log: row.log,
    loggedAt: row.logged_at,
    untaken: JSON.parse(row.untaken) as Sign[],
  }
}
