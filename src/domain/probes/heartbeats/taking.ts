import type { Tx } from '../../../database/database.ts'
import { later } from '../../../lib/clock.ts'
import { expectedOf } from '../kinds/heartbeat.ts'
import type { Heartbeat, Sign } from './heartbeat.ts'
import { heartbeatOf } from './queries.ts'
import { deadlineAfterMiss } from './timing.ts'

/** What it means that a deadline passed in silence. It happened at the deadline, whenever somebody looks. */
export function missOf(heartbeat: Heartbeat): readonly Sign[] {
  const { nextDeadline: at } = heartbeat
  if (at === null) return []
  return [{ at, outcome: 'fail', reason: isUnfinished(heartbeat) ? 'unfinished' : 'missed', code: null }]
}

/** The run that began is what took too long. */
function isUnfinished({ spec, startedAt, nextDeadline }: Heartbeat): boolean {
  const { longestRun } = expectedOf(spec)
  return startedAt !== null && longestRun !== null && nextDeadline === later(startedAt, longestRun)
}

/** A miss is known: the next one is expected, unless something was heard meanwhile. */
export async function settleMiss(tx: Tx, heartbeat: Heartbeat): Promise<void> {
  const { probeId, nextDeadline, spec } = heartbeat
  if (nextDeadline === null) return
  await tx
    .updateTable('probe_heartbeats')
    .set({
      next_deadline: deadlineAfterMiss(expectedOf(spec), nextDeadline),
      ...(isUnfinished(heartbeat) ? { started_at: null } : {}),
    })
    .where('probe_id', '=', probeId)
    .where('next_deadline', '=', nextDeadline)
    .execute()
}

/** These signs are known: what was heard meanwhile stays. */
export async function settleTaken(tx: Tx, { probeId, untaken }: Heartbeat): Promise<void> {
  const now = (await heartbeatOf(tx, probeId))?.untaken ?? []
  const rest = now.filter((sign) => !untaken.some(({ at, outcome }) => at === sign.at && outcome === sign.outcome))
  await tx
    .updateTable('probe_heartbeats')
    .set({ untaken: JSON.stringify(rest), untaken_at: rest[0]?.at ?? null })
    .where('probe_id', '=', probeId)
    .execute()
}
