import type { Db } from '../../../database/database.ts'
import { type Clock, type Instant, later } from '../../../lib/clock.ts'
import { noPublisher } from '../../accounts/queries.ts'
import { clockActor } from '../../changes/actor.ts'
import type { Change, Changer } from '../../changes/change.ts'
import { eventsBefore } from '../../changes/log.ts'
import type { DeclaredStatus } from '../../components/component.ts'
import { postUpdate } from '../../incidents/commands.ts'
import { dismissDraft, publishDraft } from '../../incidents/drafts.ts'
import { incidentRow } from '../../incidents/rules.ts'
import { changeImpacts, namesOf, openImpactsOf, setImpacts } from '../../components/impacts.ts'
import { scratchesOn } from '../../scratches/queries.ts'
import { settleImpacts } from '../../status/settle.ts'
import { caseById } from './cases.ts'
import { failingComponents, measuredNow } from './component-findings.ts'
import { calmSeconds, isOverForGood, onRecovery } from './deciding.ts'
import { factsOf, probeBehind } from './facts.ts'
import { keepEvidence } from './kept-evidence.ts'
import { noteFor } from './noting.ts'
import { oneByOne } from '../../../lib/one-by-one.ts'
import type { Probe, Verdict } from '../probe.ts'
import { writeVerdict } from '../verdicts/verdicts.ts'
import { laterWord } from './words.ts'

/**
 * A probe found its target well again, or better than before. A draft whose targets are all well was a false alarm, and
 * is kept as one; a public incident goes on under observation. What a person holds is left alone, and they are told.
 */
export async function recover(change: Change, probe: Probe, verdict: Verdict): Promise<void> {
  if (verdict.state === 'up') await writeVerdict(change.tx, { ...verdict, actedAt: null })
  if (verdict.incidentId === null) return
  await relieve(change, verdict.incidentId, { probe, since: verdict.since })
}

/** What follows for an incident from what its probes find of a component now. */
export async function relieve(
  change: Change,
  incidentId: string,
  { probe, since }: { readonly probe: Probe; readonly since: Instant },
): Promise<void> {
  const component = probe.componentId
  const relief = onRecovery({
    component,
    status: await measuredNow(change.tx, component, { within: incidentId }),
    case: await caseById(change.tx, incidentId),
    failing: await failingComponents(change.tx, incidentId),
  })
  switch (relief.do) {
    case 'nothing':
      return
    case 'leave':
      return noteFor(change, incidentId, { note: relief.note, component })
    case 'ease':
      return ease(change, incidentId, { component, to: relief.to, at: since })
    case 'dismiss':
      await keepEvidence(change, { incidentId, probe, moment: 'recovery' })
      return dismissDraft(change, incidentId)
    case 'observe':
      await keepEvidence(change, { incidentId, probe, moment: 'recovery' })
      return observe(change, incidentId, relief.quiet)
  }
}

/** One component of several is well again, or not as bad any more: what is felt of it changes, and nothing is said yet. */
async function ease(
  change: Change,
  incidentId: string,
  { component, to, at }: { component: string; to: DeclaredStatus; at: Instant },
): Promise<void> {
  const incident = await incidentRow(change, incidentId)
  const names = await namesOf(change, [{ id: component }])
  const saidAt = incident.told_at === null ? null : change.now
  const ended = () => setImpacts(change, { incident: incidentId }, [{ id: component, status: to }], { at, saidAt })
  // Not even the time of a component's last change tells readers of a draft.
  if (saidAt === null) return ended()
  await changeImpacts(change, names, at, ended)
  const data = { name: incident.name, components: [...names.values()] }
  await change.record({ type: 'incident.eased', subject: incidentId, data })
}

async function observe(change: Change, incidentId: string, quiet: 'yes' | 'no'): Promise<void> {
  const recoveredAt = await allWellSince(change, incidentId)
  const recovered = (mitigated: object) =>
    change.tx
      .updateTable('incidents')
      .set({ recovered_at: recoveredAt, ...mitigated })
      .where('id', '=', incidentId)
      .execute()
  // What fails without its system doing so, by its rule, is told again once it counts.
  await change.tx.updateTable('probe_verdicts').set({ acted_at: null }).where('incident_id', '=', incidentId).execute()
  // What comes and goes is not well: it stays as it is, without a word, until it is over for good.
  if (quiet === 'yes') {
    await recovered({})
    return
  }
  const open = await openImpactsOf(change, { incident: incidentId })
  const ids = [...new Set(open.map((impact) => impact.component_id))]
  const behind = await probeBehind(change.tx, incidentId)
  const facts = await factsOf(change.tx, await componentsOf(change, incidentId), recoveredAt, behind)
  const { body, translations } = laterWord('recovered', facts)
  const components = ids.map((id) => ({ id, status: 'operational' as const }))
  await postUpdate(change, incidentId, { stage: 'monitoring', body, translations, components })
  // The update says it now; that it was over earlier is a fact about the impacts.
  for (const { id, began_at: began } of open) {
    await change.tx
      .updateTable('impacts')
      .set({ ended_at: recoveredAt < began ? began : recoveredAt })
      .where('id', '=', id)
      .execute()
  }
  await recovered({ mitigated_at: recoveredAt })
  await settleImpacts(change, ids, recoveredAt)
}

/** When the last of its components was well again, not before it began; now, where by its rule what fails is not enough. */
async function allWellSince(change: Change, incidentId: string): Promise<Instant> {
  const { began_at: beganAt } = await incidentRow(change, incidentId)
  const rows = await change.tx
    .selectFrom('probe_verdicts')
    .innerJoin('probes', 'probes.id', 'probe_verdicts.probe_id')
    .select('since')
    .where('incident_id', '=', incidentId)
    .where('probe_verdicts.state', '=', 'up')
    .where('probes.removed_at', 'is', null)
    .execute()
  if (rows.length === 0) return change.now
  return rows.map((row) => row.since).reduce((a, b) => (a > b ? a : b), beganAt)
}

async function componentsOf(change: Change, incidentId: string): Promise<string[]> {
  const rows = await change.tx
    .selectFrom('impacts')
    .select('component_id')
    .distinct()
    .where('incident_id', '=', incidentId)
    .orderBy('component_id')
    .execute()
  return rows.map((row) => row.component_id)
}

export interface JobParts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}

/** Job: drafts whose time is up say themselves. Silence is the one thing that must not happen. */
export async function publishDueDrafts({ db, change, clock }: JobParts): Promise<void> {
  const due = await db
    .selectFrom('incidents')
    .select('id')
    .where('told_at', 'is', null)
    .where('dismissed_at', 'is', null)
    .where('over_at', 'is', null)
    .where('publishes_at', '<=', clock.now())
    .orderBy('publishes_at')
    .orderBy('id')
    .limit(100)
    .execute()
  await oneByOne(due, ({ id }) =>
    change(clockActor, async (it) => {
      const draft = await it.tx.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      // Somebody may have been faster since we looked.
      const waits = draft.told_at === null && draft.dismissed_at === null
      if (!waits || draft.publishes_at === null || draft.publishes_at > it.now) return
      if (draft.held_by === 'person' && (await isOfNobody(it, id))) await letWait(it, draft)
      else if (draft.held_by !== 'engine' || !(await isBeingWritten(it, id, draft.publishes_at)))
        await publishDraft(it, id)
    }),
  )
}

/** Seconds since something was kept of what they write, which browsers do after each pause. */
const writingSeconds = 60
/** A form that somebody left open keeps no outage back. */
const waitsForWriters = 5 * 60

/** Whether somebody who may publish it is about to say it better, and has not taken too long. */
async function isBeingWritten({ tx, now }: Change, id: string, due: Instant): Promise<boolean> {
  if (due <= later(now, -waitsForWriters)) return false
  for (const { accountId } of await scratchesOn(tx, `draft:${id}`, later(now, -writingSeconds))) {
    if ((await noPublisher(tx, accountId)) === null) return true
  }
  return false
}

/** Whether who touched it last, and so meant it to be said at its time, may not publish any more. */
async function isOfNobody({ tx }: Change, id: string): Promise<boolean> {
  const [last] = await eventsBefore(tx, Number.MAX_SAFE_INTEGER, { subject: id, limit: 1 })
  return last?.actor.kind === 'operator' && (await noPublisher(tx, last.actor.id)) !== null
}

/** It stands at the desk, among those that wait for a person. */
async function letWait(change: Change, { id, name }: { readonly id: string; readonly name: string }): Promise<void> {
  await change.tx
    .updateTable('incidents')
    .set({ publishes_at: null, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await change.record({ type: 'incident.changed', subject: id, data: { name, fields: ['publishesAt'] } })
}

/** Job: incidents of the engine's whose components have worked without a break for long enough are over. */
export async function resolveRecovered({ db, change, clock }: JobParts, calm: number = calmSeconds): Promise<void> {
  const recovered = await db
    .selectFrom('incidents')
    .select(['id', 'held_by', 'over_at', 'recovered_at', 'intermittent_at'])
    .where('over_at', 'is', null)
    .where('dismissed_at', 'is', null)
    .where('held_by', '=', 'engine')
    .where('recovered_at', 'is not', null)
    .orderBy('recovered_at')
    .orderBy('id')
    .limit(300)
    .execute()
  const ripe = recovered.filter((row) => isOverForGood(calmOf(row), new Set(), clock.now(), calm))
  await oneByOne(ripe, ({ id }) =>
    change(clockActor, async (it) => {
      const incident = await incidentRow(it, id)
      const { recovered_at: recoveredAt } = incident
      // Not while a probe doubts, or does not know.
      const failing = await failingComponents(it.tx, id)
      if (recoveredAt === null || !isOverForGood(calmOf(incident), failing, it.now, calm)) return
      const behind = await probeBehind(it.tx, id)
      const facts = await factsOf(it.tx, await componentsOf(it, id), recoveredAt, behind)
      const { body, translations } = laterWord('resolved', facts)
      await postUpdate(it, id, { stage: 'resolved', body, translations, overAt: recoveredAt })
    }),
  )
}

interface Calm {
  readonly held_by: 'engine' | 'person'
  readonly over_at: Instant | null
  readonly recovered_at: Instant | null
  readonly intermittent_at: Instant | null
}

function calmOf({ held_by: heldBy, over_at: overAt, recovered_at: recoveredAt, intermittent_at: at }: Calm) {
  return { heldBy, overAt, recoveredAt, intermittentAt: at }
}
