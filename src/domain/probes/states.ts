import type { Tx } from '../../database/database.ts'
import type { ProbeState } from './probe.ts'
import { settled, settledSince } from './verdict.ts'

/** Keeps what is known of a probe. Bookkeeping: what follows from it is a change of its own. */
export async function writeState(tx: Tx, state: ProbeState): Promise<void> {
  const row = {
    state: settled(state),
    since: settledSince(state),
    answers: JSON.stringify(state.answers),
    speed: JSON.stringify(state.speed),
    measured_at: state.measuredAt,
    incident_id: state.incidentId,
    acted_at: state.actedAt,
    last_at: state.last?.at ?? null,
    last_outcome: state.last?.outcome ?? null,
    last_reason: state.last?.reason ?? null,
    last_ms: state.last?.ms ?? null,
    last_code: state.last?.code ?? null,
  }
  await tx
    .insertInto('probe_states')
    .values({ probe_id: state.probeId, ...row })
    .onConflict((conflict) => conflict.column('probe_id').doUpdateSet(row))
    .execute()
}
