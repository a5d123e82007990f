import { type Db, inTransaction } from '../../database/database.ts'
import { takeTurn } from '../../database/dialect.ts'
import { isStorageFault } from '../../database/storage-fault.ts'
import type { Change, Changer } from '../../domain/changes/change.ts'
import { takeChecks } from '../../domain/probes/checks/checks.ts'
import { takeVerdict } from '../../domain/probes/engine/engine.ts'
import { here, isCheckedFrom } from '../../domain/places/place.ts'
import type { ProbeMeters } from '../../domain/probes/checks/meters.ts'
import type { Check, Probe, ProbeState } from '../../domain/probes/probe.ts'
import { maintainedComponents } from '../../domain/probes/engine/maintained.ts'
import { isSilent } from '../../domain/probes/verdicts/out-of-sight.ts'
import { probeIfThere, probesOf } from '../../domain/probes/queries.ts'
import { jointly } from '../../domain/probes/verdicts/quorum.ts'
import { readState, statesAtOf, statesOf, writeState, writeStates } from '../../domain/probes/verdicts/states.ts'
import { voiceOf } from '../../domain/probes/verdicts/verdicts.ts'
import { afterCheck, forgotten, freshState, isUnsettled, settled } from '../../domain/probes/verdicts/verdict.ts'
import { type Clock, instantOf, millisecondsOf, secondsBetween } from '../../lib/clock.ts'
import type { Reserve } from '../../lib/reserve.ts'
import { oneByOne } from '../../lib/one-by-one.ts'
import type { Result } from './wire.ts'

export interface TakeParts {
  readonly db: Db
  readonly change: Changer
  readonly meters?: ProbeMeters
  /** While the disk is full, what was found is taken in, and the checks themselves are not kept. */
  readonly reserve?: Reserve
}

/** Checks that are not stored yet, by their probe. What is stored is taken out, so that trying again does nothing twice. */
export type Batch = Map<string, readonly Check[]>

/** What the database refuses so often is not its trouble, and must not keep all that comes after it waiting. */
const mostAttempts = 10

/** Whether a batch that could not be stored is to be given up. */
export function isHopeless(error: unknown, attempt: number): boolean {
  return attempt >= mostAttempts && !isStorageFault(error)
}

/** Dates a batch: from here on its checks have times, however long it takes to store them. */
export function batchOf(results: readonly Result[], clock: Clock): Batch {
  const now = millisecondsOf(clock.now())
  const checks = results.map(({ ageMs, ...result }): Check => ({ ...result, at: instantOf(now - ageMs) }))
  return Map.groupBy(checks, (check) => check.probeId)
}

/**
 * Takes a batch of one place in: checks and states in one transaction, and each verdict of its that changed at once, in a
 * change of its own with all that follows from it. Answers whose verdicts hang in the balance. What throws leaves the rest
 * of the batch.
 */
export async function takeResults(
  { db, change, meters, reserve }: TakeParts,
  batch: Batch,
  place: number = here,
): Promise<Record<string, 'yes' | 'no'>> {
  const hangs: Record<string, 'yes' | 'no'> = {}
  const turning: Probe[] = []
  const settling: string[] = []
  const taken: (readonly [Probe, readonly Check[]])[] = []
  const begun = performance.now()

  await inTransaction(db, async (tx) => {
    // What somebody changes about a probe meanwhile must not be overwritten with what was known before.
    await takeTurn(tx)
    const ids = [...batch.keys()]
    const probes = await probesOf(tx, ids)
    const known = await statesAtOf(tx, place, ids)
    const maintained = await maintainedComponents(tx)
    const quiet: Check[] = []
    const states: ProbeState[] = []
    for (const [id, checks] of batch) {
      const probe = probes.get(id)
      // Removed, paused, or no longer asked from here while the check was under way: nobody asks any more.
      if (!probe || !isCheckedFrom(probe, place)) {
        settling.push(id)
        continue
      }
      const before = known.get(id) ?? freshState(id, probe.createdAt, place)
      const { after, turns } = fold(probe, before, checks, maintained)
      hangs[id] = isUnsettled(after) ? 'yes' : 'no'
      if (turns.length > 0) {
        turning.push(probe)
        continue
      }
      quiet.push(...checks)
      settling.push(id)
      states.push(after)
      taken.push([probe, checks])
    }
    await writeStates(tx, states)
    if (!reserve?.isSpent()) await takeChecks(tx, quiet, place)
  })
  meters?.flush.observe((performance.now() - begun) / 1000)
  for (const id of settling) batch.delete(id)

  try {
    await oneByOne(turning, async (probe) => {
      const { id, name } = probe
      const checks = batch.get(id) ?? []
      await change({ kind: 'probe', id, name }, (it) => turn(it, id, checks, place))
      batch.delete(id)
      taken.push([probe, checks])
      meters?.turns.add({ place: String(place) })
    })
  } finally {
    if (meters) for (const [{ kind }, checks] of taken) meter(meters, { kind, place: String(place) }, checks)
  }
  return hangs
}

function meter(
  { checks: counted, took }: ProbeMeters,
  { kind, place }: { readonly kind: string; readonly place: string },
  checks: readonly Check[],
): void {
  for (const { outcome, ms } of checks) {
    counted.add({ kind, outcome, place })
    if (ms !== null && (outcome === 'pass' || outcome === 'slow')) took.observe(ms / 1000, { kind })
  }
}

async function turn(change: Change, id: string, checks: readonly Check[], place: number): Promise<void> {
  const probe = await probeIfThere(change.tx, id)
  if (!probe || !isCheckedFrom(probe, place)) return
  await takeChecks(change.tx, checks, place)
  const before = (await readState(change.tx, id, place)) ?? freshState(id, probe.createdAt, place)
  const { after, turns } = fold(probe, before, checks, await maintainedComponents(change.tx))
  const others = (await statesOf(change.tx, id)).filter((state) => state.place !== place).map(voiceOf)
  // A place that was cut off brings first what it found long ago: that says nothing of now.
  if (place !== here && isSilent(after.measuredAt ?? change.now, change.now, { ...probe, place })) {
    const unknown = forgotten(after, after.measuredAt ?? change.now)
    await writeState(change.tx, unknown)
    return takeVerdict(change, probe, jointly([...others, voiceOf(unknown)], change.now))
  }
  await writeState(change.tx, after)
  // What this place found earlier is not held against what others say now: only where it alone decides, each step counts.
  const isAlone = others.every(({ state }) => state === 'unknown')
  for (const state of isAlone ? turns : turns.slice(-1)) {
    await takeVerdict(change, probe, jointly([...others, voiceOf(state)], change.now))
  }
}

/** The state after these checks, and after every step at which what is settled changed. */
function fold(
  probe: Probe,
  state: ProbeState,
  checks: readonly Check[],
  maintained: ReadonlySet<string>,
): { after: ProbeState; turns: ProbeState[] } {
  const during = maintained.has(probe.componentId) ? ({ maintained: 'yes' } as const) : {}
  const turns: ProbeState[] = []
  let after = state
  // Where we do not know whether a batch was stored it comes again, and a second process may bring the same: it counts once.
  const known = checks.findLastIndex(({ at, outcome }) => state.last?.at === at && state.last.outcome === outcome)
  for (const check of checks.slice(known + 1)) {
    if (isOfBefore(after, check)) continue
    const before = after
    after = afterCheck(before, { ...check, ...during }, probe)
    if (settled(before) !== settled(after)) turns.push(after)
  }
  return { after, turns }
}

/**
 * Whether a check was made before the probe began anew: what the old question found does not answer the new one. Here,
 * by more than a minute it cannot be: then the clock was set back. What comes from afar may have waited there for hours.
 */
function isOfBefore({ place, answers: { state, since } }: ProbeState, { at }: Check): boolean {
  return state === 'unknown' && at < since && (place !== here || secondsBetween(at, since) < 60)
}
