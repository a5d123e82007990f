import { isDeepStrictEqual } from 'node:util'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { settleHeartbeat } from './heartbeats/commands.ts'
import type { NewProbe, ProbeChanges } from './input.ts'
import type { Probe } from './probe.ts'
import { endMute } from './muting.ts'
import { mayDependOn } from './engine/parents.ts'
import { readProbe } from './queries.ts'
import { holdDrafts, letGo } from './removing.ts'
import { type Wish, readNewProbe, readProbeChanges } from './rules.ts'
import { keepSecrets, keptOf, takenApart, wholeOf } from './secrets.ts'
import { settleSight } from './engine/sight.ts'
import { statesOf, writeStates } from './verdicts/states.ts'
import { forgotten } from './verdicts/verdict.ts'
import { freshVerdict, readVerdict, writeVerdict } from './verdicts/verdicts.ts'

/** Begins to watch a component; answers the probe's id. Until its first verdict the component is not measured. */
export async function createProbe(change: Change, input: NewProbe): Promise<string> {
  const { componentId, ...wish } = readNewProbe(input)
  const component = await change.tx
    .selectFrom('components')
    .select('id')
    .where('id', '=', componentId)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  if (!component) throw new Invalid('There is no such component.', 'componentId')
  const id = change.ids.next()
  await mayDependOn(change.tx, id, wish.dependsOn)
  await change.tx
    .insertInto('probes')
    .values({
      id,
      number: await nextNumber(change),
      component_id: componentId,
      ...rowOf(wish),
      places: null,
      paused_at: null,
      removed_at: null,
      created_at: change.now,
      updated_at: change.now,
    })
    .execute()
  await keepSecrets(change, id, secretsOf(wish))
  await writeVerdict(change.tx, freshVerdict(id, change.now))
  await settleHeartbeat(change, id)
  await settleSight(change, componentId, id, change.now)
  await change.record({ type: 'probe.created', subject: id, data: { name: wish.name, component: componentId } })
  return id
}

/** One more than the last one: rows of probes that were removed stay, so no number is given twice. */
async function nextNumber({ tx }: Change): Promise<number> {
  const last = await tx.selectFrom('probes').select('number').orderBy('number', 'desc').limit(1).executeTakeFirst()
  return (last?.number ?? 0) + 1
}

/** Changes what a probe asks or how often. What the old question found says nothing about a new one. */
export async function changeProbe(change: Change, id: string, input: ProbeChanges): Promise<void> {
  const probe = await readProbe(change.tx, id)
  const kept = await keptOf(change.tx, change.vault, probe)
  const wish = readProbeChanges(input, kept)
  await mayDependOn(change.tx, id, wish.dependsOn)
  const before = { ...probe, spec: wholeOf(kept) }
  const changed = (Object.keys(wish) as (keyof Wish)[]).filter((key) => !isDeepStrictEqual(wish[key], before[key]))
  if (changed.length === 0) return
  await change.tx
    .updateTable('probes')
    .set({ ...rowOf(wish), updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await keepSecrets(change, id, secretsOf(wish))
  if (changed.includes('kind') || changed.includes('spec') || changed.includes('expects')) {
    await forget(change, probe)
    await settleHeartbeat(change, id)
    // What is asked now may have another answer.
    await holdDrafts(change, [id])
  }
  // Without what is sealed: headers and bodies can hold secrets, and the log is kept for ever.
  await change.record(
    { type: 'probe.changed', subject: id, data: { name: wish.name, fields: changed } },
    differences(changed, probe, await readProbe(change.tx, id)),
  )
  await endMute(change, id)
}

/** Stops checking for a while. The component is not measured, and looks it. */
export async function pauseProbe(change: Change, id: string): Promise<void> {
  const probe = await readProbe(change.tx, id)
  if (probe.pausedAt !== null) throw new Conflict('This probe is paused already.')
  await setPaused(change, id, change.now)
  await forget(change, probe)
  await settleHeartbeat(change, id)
  await holdDrafts(change, [id])
  await change.record({ type: 'probe.paused', subject: id, data: { name: probe.name } })
}

export async function resumeProbe(change: Change, id: string): Promise<void> {
  const probe = await readProbe(change.tx, id)
  if (probe.pausedAt === null) throw new Conflict('This probe is not paused.')
  await setPaused(change, id, null)
  await forget(change, probe)
  await settleHeartbeat(change, id)
  await change.record({ type: 'probe.resumed', subject: id, data: { name: probe.name } })
}

/** Stops checking for good. What it found stays; what it kept to itself is gone. */
export async function removeProbe(change: Change, id: string): Promise<void> {
  const probe = await readProbe(change.tx, id)
  await endMute(change, id)
  await change.tx
    .updateTable('probes')
    .set({ removed_at: change.now, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await letGo(change, [id])
  await settleSight(change, probe.componentId, id, change.now)
  await change.record({ type: 'probe.removed', subject: id, data: { name: probe.name } })
}

function setPaused(change: Change, id: string, at: Instant | null): Promise<unknown> {
  return change.tx.updateTable('probes').set({ paused_at: at, updated_at: change.now }).where('id', '=', id).execute()
}

async function forget(change: Change, probe: Probe): Promise<void> {
  const states = await statesOf(change.tx, probe.id)
  await writeStates(
    change.tx,
    states.map((state) => ({ ...forgotten(state, change.now), last: null })),
  )
  const incidentId = (await readVerdict(change.tx, probe.id))?.incidentId ?? null
  await writeVerdict(change.tx, { ...freshVerdict(probe.id, change.now), incidentId })
  await settleSight(change, probe.componentId, probe.id, change.now)
}

function secretsOf({ kind, spec }: Wish) {
  return takenApart(kind, { ...spec }).secrets
}

/** Without its secrets. */
function rowOf(wish: Wish) {
  return {
    name: wish.name,
    kind: wish.kind,
    spec: JSON.stringify(takenApart(wish.kind, { ...wish.spec }).open),
    expects: JSON.stringify(wish.expects),
    interval_seconds: wish.intervalSeconds,
    timeout_ms: wish.timeoutMs,
    failures_needed: wish.failuresNeeded,
    failures_of: wish.failuresOf,
    successes_needed: wish.successesNeeded,
    confirm_seconds: wish.confirmSeconds,
    depends_on: JSON.stringify(wish.dependsOn),
    under_parent: wish.underParent,
    down_status: wish.downStatus,
    policy: wish.policy,
    publish_after_seconds: wish.publishAfterSeconds,
  }
}
