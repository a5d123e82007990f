import type { Db } from '../../../database/database.ts'
import { type Instant, later } from '../../../lib/clock.ts'
import type { Change, Changer } from '../../changes/change.ts'
import { clockActor } from '../../changes/actor.ts'
import { caseById } from './cases.ts'
import { measuredNow } from './component-findings.ts'
import { isDownForGood } from './deciding.ts'
import { disclose, sayDownForGood } from './disclosing.ts'
import { endMute, overdueMutes } from '../muting.ts'
import { oneByOne } from '../../../lib/one-by-one.ts'
import { isLost, outOfSight } from '../verdicts/out-of-sight.ts'
import type { Probe, ProbeState, Settled, Verdict } from '../probe.ts'
import { probeIfThere } from '../queries.ts'
import { type Joint, jointly } from '../verdicts/quorum.ts'
import { recover } from './recovering.ts'
import { settleSight } from './sight.ts'
import { readState, statesOf, writeState } from '../verdicts/states.ts'
import { downForLong, notActedUpon, wellUnnoticed } from './untold.ts'
import { forgotten } from '../verdicts/verdict.ts'
import { freshVerdict, readVerdict, voiceOf, writeVerdict } from '../verdicts/verdicts.ts'
import { isWorthTelling } from './worth-telling.ts'

/**
 * All places together find something else than before: keeps it, and lets everything follow that follows from it, in one
 * change. The transition is recorded whatever the policy is; whether anything is said is decided below.
 */
export async function takeVerdict(change: Change, probe: Probe, found: Joint): Promise<void> {
  const before = (await readVerdict(change.tx, probe.id)) ?? freshVerdict(probe.id, probe.createdAt)
  const { state: from } = before
  const { state: to, reason } = found
  if (from === to) return
  const since = notBefore(before.since, found.since, change.now)
  // Slow, then down, is news; down, then slow, is the end of down. What is found after nobody looked for long is news too.
  const unseen = from === 'unknown' && since > later(before.since, newsAfterSeconds)
  const actedAt = unseen || ((from === 'slow' || from === 'intermittent') && to === 'down') ? null : before.actedAt
  const next: Verdict = { ...before, state: to, since, actedAt }
  await writeVerdict(change.tx, next)
  await change.record({ type: 'probe.verdict', subject: probe.id, data: { name: probe.name, from, to, reason } })
  await settleSight(change, probe.componentId, probe.id, since)
  if (to === 'up' || (from === 'down' && isTrouble(to)) || (await isEasedUnseen(change, before, to)))
    await recover(change, probe, next)
  if (isWorthTelling(next, change.now, probe)) await disclose(change, probe, next)
}

/** Whether what was down before nobody could see it is only slow now, in an incident that says what is found. */
async function isEasedUnseen({ tx }: Change, { state, incidentId }: Verdict, to: Settled): Promise<boolean> {
  if (state !== 'unknown' || (to !== 'slow' && to !== 'intermittent') || incidentId === null) return false
  return (await caseById(tx, incidentId))?.heldBy === 'engine'
}

function isTrouble(state: Settled): boolean {
  return state === 'down' || state === 'slow' || state === 'intermittent'
}

/** One thing ends before the next begins; save where what was known lies ahead, because the clock was set back. */
function notBefore(last: Instant, found: Instant, now: Instant): Instant {
  return found < last && last <= now ? last : found
}

/** As long as a failure that begins again counts as the one before. */
const newsAfterSeconds = 30 * 60

export interface EngineParts {
  readonly db: Db
  readonly change: Changer
  now(): Instant
}

/**
 * What must be done because time passed, not because a check came: what a place has not measured for long is not known
 * from there, and failures that could not be disclosed when they began (in a maintenance, with another policy) are now.
 * Mutes end, and what is well and does not know it yet is told.
 */
export async function watchOver({ db, change, now }: EngineParts): Promise<void> {
  await oneByOne(await outOfSight(db, now()), ({ id, name, place }) =>
    change({ kind: 'probe', id, name }, async (it) => {
      const probe = await probeIfThere(it.tx, id)
      const state = await readState(it.tx, id, place)
      if (probe && state && (await isLost(it.tx, state, probe, it.now))) await loseSight(it, probe, state)
    }),
  )
  await oneByOne(await overdueMutes(db, now()), ({ id }) =>
    change(clockActor, async (it) => void (await endMute(it, id))),
  )
  await oneByOne(await notActedUpon(db, now()), ({ id, name }) =>
    change({ kind: 'probe', id, name }, async (it) => {
      const found = await watched(it.tx, id)
      if (found && isWorthTelling(found.verdict, it.now, found.probe)) await disclose(it, found.probe, found.verdict)
    }),
  )
  await oneByOne(await wellUnnoticed(db), ({ id, name }) =>
    change({ kind: 'probe', id, name }, async (it) => {
      const found = await watched(it.tx, id)
      if (found) await recover(it, found.probe, found.verdict)
    }),
  )
  await oneByOne(await downForLong(db, now()), ({ id, name }) =>
    change({ kind: 'probe', id, name }, async (it) => {
      const found = await watched(it.tx, id)
      if (found) await stopComingAndGoing(it, found.probe, found.verdict)
    }),
  )
}

async function watched(db: Db, id: string): Promise<{ readonly probe: Probe; readonly verdict: Verdict } | null> {
  const probe = await probeIfThere(db, id)
  const verdict = await readVerdict(db, id)
  return probe && verdict && probe.pausedAt === null ? { probe, verdict } : null
}

async function stopComingAndGoing(change: Change, probe: Probe, verdict: Verdict): Promise<void> {
  const { incidentId, since } = verdict
  const known = incidentId === null ? null : await caseById(change.tx, incidentId)
  if (!known || known.heldBy !== 'engine' || !isDownForGood(known, since, change.now)) return
  const status = await measuredNow(change.tx, probe.componentId, { within: known.id })
  if (status === 'unknown' || status === 'operational') return
  await sayDownForGood(change, { incidentId: known.id, component: probe.componentId, status, since })
}

/** Since its last answer nothing is known from there: never green by default. */
async function loseSight(change: Change, probe: Probe, state: ProbeState): Promise<void> {
  await writeState(change.tx, forgotten(state, state.measuredAt ?? change.now))
  const voices = (await statesOf(change.tx, probe.id)).map(voiceOf)
  await takeVerdict(change, probe, jointly(voices, change.now))
}
