import type { Insertable, Selectable } from 'kysely'
import type { Db, Tx } from '../../../database/database.ts'
import type { ProbeStateRow } from '../../../database/tables/probes.ts'
import { here } from '../../places/place.ts'
import type { Outcome, Reason, Trace } from '../finding.ts'
import { inPortions } from '../checks/portions.ts'
import type { ProbeState, Track } from '../probe.ts'
import { packed, unpacked } from '../checks/recent.ts'
import type { Steadiness } from './steadiness.ts'
import { settled, settledSince } from './verdict.ts'

/** What every place knows of a probe now, by place. */
export async function statesOf(db: Db, probeId: string): Promise<ProbeState[]> {
  const rows = await db
    .selectFrom('probe_states')
    .selectAll()
    .where('probe_id', '=', probeId)
    .orderBy('place')
    .execute()
  return rows.map(toState)
}

export async function readState(db: Db, probeId: string, place: number = here): Promise<ProbeState | null> {
  const row = await db
    .selectFrom('probe_states')
    .selectAll()
    .where('probe_id', '=', probeId)
    .where('place', '=', place)
    .executeTakeFirst()
  return row ? toState(row) : null
}

/** Of one probe, what the place knows that was heard last. */
export async function latestState(db: Db, probeId: string): Promise<ProbeState | null> {
  const states = await statesOf(db, probeId)
  return states.toSorted((a, b) => ((a.last?.at ?? '') < (b.last?.at ?? '') ? 1 : -1))[0] ?? null
}

/** What one place knows of every probe now, by the probe's id. */
export async function statesAt(db: Db, place: number): Promise<Map<string, ProbeState>> {
  const rows = await db
    .selectFrom('probe_states')
    .selectAll()
    .where('place', '=', place)
    .orderBy('probe_id')
    .limit(20_000)
    .execute()
  return new Map(rows.map((row) => [row.probe_id, toState(row)]))
}

/** What one place knows of these probes now, by the probe's id. */
export async function statesAtOf(db: Db, place: number, ids: readonly string[]): Promise<Map<string, ProbeState>> {
  const found = new Map<string, ProbeState>()
  await inPortions(ids, async (some) => {
    const rows = await db
      .selectFrom('probe_states')
      .selectAll()
      .where('probe_id', 'in', some)
      .where('place', '=', place)
      .execute()
    for (const row of rows) found.set(row.probe_id, toState(row))
  })
  return found
}

/** Of every probe, what the place knows that was heard last, by the probe's id. */
export async function latestStates(db: Db): Promise<Map<string, ProbeState>> {
  const rows = await db
    .selectFrom('probe_states')
    .selectAll()
    .orderBy('last_at')
    .orderBy('probe_id')
    .orderBy('place')
    .limit(100_000)
    .execute()
  return new Map(rows.map((row) => [row.probe_id, toState(row)]))
}

/** Keeps what a place knows of a probe. Bookkeeping: what follows from it is a change of its own. */
export async function writeState(tx: Tx, state: ProbeState): Promise<void> {
  await writeStates(tx, [state])
}

export async function writeStates(tx: Tx, states: readonly ProbeState[]): Promise<void> {
  await inPortions(states, async (some) => {
    await tx
      .insertInto('probe_states')
      .values(some.map(toRow))
      .onConflict((conflict) =>
        conflict.columns(['probe_id', 'place']).doUpdateSet((eb) => ({
          state: eb.ref('excluded.state'),
          since: eb.ref('excluded.since'),
          answers: eb.ref('excluded.answers'),
          speed: eb.ref('excluded.speed'),
          steadiness: eb.ref('excluded.steadiness'),
          measured_at: eb.ref('excluded.measured_at'),
          last_at: eb.ref('excluded.last_at'),
          last_outcome: eb.ref('excluded.last_outcome'),
          last_reason: eb.ref('excluded.last_reason'),
          last_ms: eb.ref('excluded.last_ms'),
          last_code: eb.ref('excluded.last_code'),
          last_trace: eb.ref('excluded.last_trace'),
        })),
      )
      .execute()
  })
}

function toRow(state: ProbeState): Insertable<ProbeStateRow> {
  return {
    probe_id: state.probeId,
    place: state.place,
    state: settled(state),
    since: settledSince(state),
    answers: JSON.stringify(state.answers),
    speed: JSON.stringify(state.speed),
    steadiness: JSON.stringify({ ...state.steadiness, recent: packed(state.steadiness.recent) }),
    measured_at: state.measuredAt,
    last_at: state.last?.at ?? null,
    last_outcome: state.last?.outcome ?? null,
    last_reason: state.last?.reason ?? null,
    last_ms: state.last?.ms ?? null,
    last_code: state.last?.code ?? null,
    last_trace: state.last?.trace ? JSON.stringify(state.last.trace) : null,
  }
}

function toState(row: Selectable<ProbeStateRow>): ProbeState {
  const { probe_id: probeId, last_at: at } = row
  return {
    probeId,
    place: row.place,
    answers: JSON.parse(row.answers) as Track,
    speed: JSON.parse(row.speed) as Track,
    steadiness: steadinessIn(row.steadiness),
    last:
      at === null
        ? null
        : {
            probeId,
            at,
            outcome: row.last_outcome as Outcome,
            reason: row.last_reason as Reason | null,
            ms: row.last_ms,
            code: row.last_code,
            ...(row.last_trace === null ? {} : { trace: JSON.parse(row.last_trace) as Trace }),
          },
    measuredAt: row.measured_at,
  }
}

function steadinessIn(text: string): Steadiness {
  const kept = JSON.parse(text) as Omit<Steadiness, 'recent'> & { readonly recent: string }
  return { ...kept, recent: unpacked(kept.recent) }
}
