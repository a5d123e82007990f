import type { Db } from '../../database/database.ts'
import { type Instant, later } from '../../lib/clock.ts'
import type { Change, Changer } from '../changes/change.ts'
import type { Probe, ProbeState } from './probe.ts'
import { disclose } from './disclosing.ts'
import { oneByOne } from './one-by-one.ts'
import { probeIfThere, readState } from './queries.ts'
import { recover } from './recovering.ts'
import { settleSight } from './sight.ts'
import { writeState } from './states.ts'
import { forgotten, isOutOfSight, settled, settledSince } from './verdict.ts'

/**
 * A verdict changed: keeps the state, and lets everything follow that follows from it, in one change. The transition is
 * recorded whatever the policy is; whether anything is said is decided below.
 */
export async function takeVerdict(change: Change, probe: Probe, before: ProbeState, after: ProbeState): Promise<void> {
  const from = settled(before)
  const to = settled(after)
  // Slow, then down, is news; down, then slow, is the end of down. What is found after nobody looked for long is news too.
  const unseen = from === 'unknown' && settledSince(after) > later(before.answers.since, newsAfterSeconds)
  const next = unseen || (from === 'slow' && to === 'down') ? { ...after, actedAt: null } : after
  await writeState(change.tx, next)
  const reason = to === 'up' ? null : (after.last?.reason ?? null)
  await change.record({ type: 'probe.verdict', subject: probe.id, data: { name: probe.name, from, to, reason } })
  await settleSight(change, probe.componentId, probe.id, settledSince(next))
  if (to === 'up') await recover(change, probe, next)
  if (to === 'down' || to === 'slow') await disclose(change, probe, next)
}

/** As long as a failure that begins again counts as the one before. */
const newsAfterSeconds = 30 * 60

export interface EngineParts {
  readonly db: Db
  readonly change: Changer
  now(): Instant
}

/**
 * What must be done because time passed, not because a check came: probes that nobody heard of are not measured, and
 * failures that could not be disclosed when they began (in a maintenance, with another policy) are disclosed now.
 */
export async function watchOver({ db, change, now }: EngineParts): Promise<void> {
  await oneByOne(await overdue(db, now()), ({ id, name }) =>
    change({ kind: 'probe', id, name }, async (it) => {
      const fresh = await stateOf(it.tx, id)
      if (!fresh) return
      const { probe, state } = fresh
      if (isLost(state, probe, it.now)) await loseSight(it, probe, state)
      else if (settled(state) === 'down' || settled(state) === 'slow') await disclose(it, probe, state)
    }),
  )
}

/** Probes that know something, or nothing any more, that was not acted upon. O(probes), without reading their states whole. */
async function overdue(db: Db, now: Instant): Promise<{ id: string; name: string }[]> {
  const rows = await db
    .selectFrom('probe_states')
    .innerJoin('probes', 'probes.id', 'probe_states.probe_id')
    .select([
      'id',
      'name',
      'state',
      'measured_at',
      'acted_at',
      'policy',
      'interval_seconds',
      'timeout_ms',
      'component_id',
    ])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('impacts')
            .select('impacts.id')
            .whereRef('impacts.component_id', '=', 'probes.component_id')
            .where('impacts.ended_at', 'is', null)
            .where('impacts.maintenance_id', 'is not', null),
        )
        .as('maintained'),
    )
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .where('state', '!=', 'unknown')
    .orderBy('id')
    .limit(20_000)
    .execute()
  return rows.filter((row) => {
    const rhythm = { intervalSeconds: row.interval_seconds, timeoutMs: row.timeout_ms }
    if (row.measured_at !== null && isOutOfSight(row.measured_at, now, rhythm)) return true
    return row.state !== 'up' && row.acted_at === null && row.policy !== 'off' && !row.maintained
  })
}

interface Current {
  readonly probe: Probe
  readonly state: ProbeState
}

async function stateOf(db: Db, id: string): Promise<Current | null> {
  const probe = await probeIfThere(db, id)
  const state = await readState(db, id)
  return probe && state && probe.pausedAt === null ? { probe, state } : null
}

function isLost(state: ProbeState, probe: Probe, now: Instant): boolean {
  return state.measuredAt !== null && settled(state) !== 'unknown' && isOutOfSight(state.measuredAt, now, probe)
}

/** Since its last answer nothing is known: never green by default. */
async function loseSight(change: Change, probe: Probe, state: ProbeState): Promise<void> {
  const since = state.measuredAt ?? change.now
  const next = forgotten(state, since)
  await writeState(change.tx, next)
  const reason = state.last?.outcome === 'inconclusive' ? state.last.reason : 'prober'
  const data = { name: probe.name, from: settled(state), to: 'unknown', reason }
  await change.record({ type: 'probe.verdict', subject: probe.id, data })
  await settleSight(change, probe.componentId, probe.id, since)
}
