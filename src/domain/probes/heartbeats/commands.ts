import { Invalid } from '../../../lib/errors.ts'
import { hashOfSecret } from '../../../lib/secrets.ts'
import type { Change } from '../../changes/change.ts'
import { expectedOf } from '../kinds/heartbeat.ts'
import type { Probe } from '../probe.ts'
import { probeIfThere } from '../queries.ts'
import { heartbeatOf } from './queries.ts'
import { deadlineAfter } from './timing.ts'

/**
 * Keeps by when something must call in step with its probe, after the probe was made, changed, paused or resumed. What
 * never called is not expected yet: it may not be set up.
 */
export async function settleHeartbeat(change: Change, probeId: string): Promise<void> {
  const probe = await probeIfThere(change.tx, probeId)
  const before = await heartbeatOf(change.tx, probeId)
  if (!probe || !isHeartbeat(probe)) return
  if (!before) {
    await change.tx
      .insertInto('probe_heartbeats')
      .values({ probe_id: probeId, untaken: '[]' })
      .onConflict((conflict) => conflict.column('probe_id').doNothing())
      .execute()
    return
  }
  const isExpected = probe.pausedAt === null && before.pingedAt !== null
  const deadline = isExpected ? deadlineAfter(expectedOf(before.spec), change.now) : null
  await change.tx
    .updateTable('probe_heartbeats')
    // What was said to the old question, or before it was put to rest, does not count for the new one.
    .set({ next_deadline: deadline, started_at: null, untaken: '[]', untaken_at: null })
    .where('probe_id', '=', probeId)
    .execute()
}

/** Gives it a new address; the one before stops being one at once. Answers its secret part, which nobody can read again. */
export async function giveAddress(change: Change, probeId: string): Promise<string> {
  const probe = await probeIfThere(change.tx, probeId)
  if (!probe || !isHeartbeat(probe)) throw new Invalid('Only a heartbeat has an address.')
  const token = change.ids.secret()
  await change.tx
    .updateTable('probe_heartbeats')
    .set({ token_hash: hashOfSecret(token) })
    .where('probe_id', '=', probeId)
    .execute()
  await change.record({ type: 'heartbeat.addressed', subject: probeId, data: { name: probe.name } })
  return token
}

function isHeartbeat({ kind }: Probe): boolean {
  return kind === 'heartbeat'
}
