import type { Selectable } from 'kysely'
import type { Db, Tx } from '../../../database/database.ts'
import type { ProbeVerdictRow } from '../../../database/tables/probes.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { ProbeState, Settled, Verdict } from '../probe.ts'
import type { Voice } from './quorum.ts'
import { settled, settledSince } from './verdict.ts'

/** What all places together say of every probe, by the probe's id. */
export async function probeVerdicts(db: Db): Promise<Map<string, Verdict>> {
  const rows = await db.selectFrom('probe_verdicts').selectAll().orderBy('probe_id').limit(20_000).execute()
  return new Map(rows.map((row) => [row.probe_id, toVerdict(row)]))
}

export async function readVerdict(db: Db, probeId: string): Promise<Verdict | null> {
  const row = await db.selectFrom('probe_verdicts').selectAll().where('probe_id', '=', probeId).executeTakeFirst()
  return row ? toVerdict(row) : null
}

export async function writeVerdict(tx: Tx, { probeId, state, since, incidentId, actedAt }: Verdict): Promise<void> {
  const row = { state, since, incident_id: incidentId, acted_at: actedAt }
  await tx
    .insertInto('probe_verdicts')
    .values({ probe_id: probeId, ...row })
    .onConflict((conflict) => conflict.column('probe_id').doUpdateSet(row))
    .execute()
}

/** What is said of a probe before anything was found. */
export function freshVerdict(probeId: string, now: Instant): Verdict {
  return { probeId, state: 'unknown', since: now, incidentId: null, actedAt: null }
}

/** What a place says of a probe, as far as it is settled. */
export function voiceOf(state: ProbeState): Voice {
  const { place, last } = state
  const found = settled(state)
  // Of what is not measured, what the other side last did is no reason.
  const reason = found !== 'unknown' || last?.outcome === 'inconclusive' ? (last?.reason ?? null) : 'prober'
  return { place, state: found, since: settledSince(state), reason }
}

function toVerdict(row: Selectable<ProbeVerdictRow>): Verdict {
  return {
    probeId: row.probe_id,
    state: row.state as Settled,
    since: row.since,
    incidentId: row.incident_id,
    actedAt: row.acted_at,
  }
}
