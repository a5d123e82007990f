import type { Instant } from '../../../lib/clock.ts'
import type { Change } from '../../changes/change.ts'
import type { DeclaredStatus } from '../../components/component.ts'
import { postUpdate, reopenIncident } from '../../incidents/commands.ts'
import { draftIncident, publishDraft, widenIncident } from '../../incidents/drafts.ts'
import { rewordDraft } from '../../incidents/rewording.ts'
import { settleImpacts } from '../../status/settle.ts'
import { type Decision, type Failure, onFailure, recentReturns } from './deciding.ts'
import { failsWithMany, failureOf } from './circumstances.ts'
import { factsOf, probeBehind } from './facts.ts'
import { keepEvidence } from './kept-evidence.ts'
import { noteFor } from './noting.ts'
import type { Probe, Verdict } from '../probe.ts'
import { writeVerdict } from '../verdicts/verdicts.ts'
import { firstWord, laterWord } from './words.ts'

/**
 * A probe found its target in trouble: sees to it that it is disclosed, once, in the incident where it belongs. What a
 * person holds is never touched; what a person already says about this component is not said again.
 */
export async function disclose(change: Change, probe: Probe, verdict: Verdict): Promise<void> {
  if (verdict.actedAt !== null || probe.policy === 'off') return
  const known = await failureOf(change, probe, verdict)
  // Only what would be an incident of its own is worth counting all that fails.
  const isOneOfMany = onFailure(known).do === 'begin' && (await failsWithMany(change.tx, change.now))
  const failure: Failure = isOneOfMany ? { ...known, massFailure: 'yes' } : known
  const decision = onFailure(failure)
  if (decision.do === 'nothing' || decision.do === 'wait') return
  const incidentId = await carryOut(change, { probe, verdict, failure, decision })
  await writeVerdict(change.tx, { ...verdict, incidentId, actedAt: change.now })
  await keepEvidence(change, { incidentId, probe, moment: 'begin' })
}

interface Case {
  readonly probe: Probe
  readonly verdict: Verdict
  readonly failure: Failure
  readonly decision: Exclude<Decision, { do: 'nothing' | 'wait' }>
}

/** Answers the incident that it belongs to. */
async function carryOut(change: Change, { probe, verdict, failure, decision }: Case): Promise<string> {
  const status = failure.status === 'unknown' ? probe.downStatus : failure.status
  switch (decision.do) {
    case 'begin':
      return begin(change, { probe, verdict, failure, status, publishes: decision.publishes })
    case 'join': {
      await widenIncident(change, decision.to, {
        components: [{ id: probe.componentId, status }],
        beganAt: failure.since,
      })
      if (decision.speaks === 'yes') {
        const { body, translations } = laterWord(
          'widened',
          await factsOf(change.tx, [probe.componentId], failure.since, probe),
        )
        await postUpdate(change, decision.to, { stage: 'update', body, translations })
      } else {
        await nameAll(change, decision.to, probe)
      }
      return decision.to
    }
    case 'return':
      await goOn(change, { probe, failure, status, to: decision.to, as: decision.as })
      return decision.to
    case 'keep':
      await change.tx
        .updateTable('incidents')
        .set({ recovered_at: null, updated_at: change.now })
        .where('id', '=', decision.to)
        .execute()
      return decision.to
    case 'leave':
      await noteFor(change, decision.to, { note: decision.note, component: probe.componentId })
      return decision.to
  }
}

async function begin(
  change: Change,
  {
    probe,
    verdict,
    failure,
    status,
    publishes,
  }: Omit<Case, 'decision'> & { readonly status: DeclaredStatus; readonly publishes: 'now' | Instant | null },
): Promise<string> {
  const { since } = failure
  const topic = failure.massFailure === 'yes' ? 'many' : topicOf(verdict)
  const words = firstWord(topic, await factsOf(change.tx, [probe.componentId], since, probe))
  const id = await draftIncident(change, {
    ...words,
    probeId: probe.id,
    components: [{ id: probe.componentId, status }],
    beganAt: since,
    noticedAt: since,
    publishesAt: publishes === 'now' ? null : publishes,
  })
  if (publishes === 'now') await publishDraft(change, id)
  return id
}

/**
 * A draft that began with one system says of all that are down that they are: who reads that another one fails looks no
 * further. One that only says how slow a system is, or what a supplier reports of itself, stays as it is.
 */
async function nameAll(change: Change, incidentId: string, { kind }: Probe): Promise<void> {
  const said = await change.tx
    .selectFrom('impacts')
    .select(['component_id', 'status', 'began_at'])
    .where('incident_id', '=', incidentId)
    .where('ended_at', 'is', null)
    .orderBy('began_at')
    .execute()
  const [first] = said
  const isDown = said.every(({ status }) => status === 'major_outage' || status === 'partial_outage')
  if (said.length < 2 || !first || !isDown) return
  if (kind === 'upstream' || (await probeBehind(change.tx, incidentId))?.kind === 'upstream') return
  const ids = said.map(({ component_id: id }) => id)
  await rewordDraft(change, incidentId, firstWord('many', await factsOf(change.tx, ids, first.began_at)))
}

function topicOf({ state }: Verdict): 'down' | 'slow' | 'intermittent' {
  return state === 'slow' || state === 'intermittent' ? state : 'down'
}

/** It failed again, after it seemed to be over, or was said to be. */
async function goOn(
  change: Change,
  {
    probe,
    failure: { component, since, now, cases },
    status,
    to,
    as,
  }: {
    readonly probe: Probe
    readonly failure: Failure
    readonly status: DeclaredStatus
    readonly to: string
    readonly as: 'again' | 'reopened' | 'intermittent'
  },
): Promise<void> {
  const known = cases.find(({ id }) => id === to)
  const isOver = known !== undefined && known.overAt !== null
  const topic = as === 'intermittent' ? 'intermittent' : 'again'
  const { body, translations } = laterWord(topic, await factsOf(change.tx, [component], since, probe))
  const felt = as === 'intermittent' ? 'degraded_performance' : status
  const word = { stage: 'investigating', body, translations, components: [{ id: component, status: felt }] }
  if (isOver) await reopenIncident(change, to, word)
  else await postUpdate(change, to, word)
  await backDate(change, { incidentId: to, component, since })
  const cameBack = [...(known ? recentReturns(known, now) : []), now]
  await change.tx
    .updateTable('incidents')
    .set({
      recovered_at: null,
      came_back: JSON.stringify(cameBack),
      ...(as === 'intermittent' ? { intermittent_at: now } : {}),
    })
    .where('id', '=', to)
    .execute()
}

/** What comes and goes has stopped coming: it is down, and that is said. */
export async function sayDownForGood(
  change: Change,
  { incidentId, component, status, since }: DownForGood,
): Promise<void> {
  const facts = await factsOf(change.tx, [component], since, await probeBehind(change.tx, incidentId))
  const { body, translations } = laterWord('again', facts)
  const components = [{ id: component, status }]
  await change.tx
    .updateTable('incidents')
    .set({ intermittent_at: null, came_back: '[]', recovered_at: null })
    .where('id', '=', incidentId)
    .execute()
  await postUpdate(change, incidentId, { stage: 'investigating', body, translations, components })
  await backDate(change, { incidentId, component, since })
}

interface DownForGood {
  readonly incidentId: string
  readonly component: string
  readonly status: DeclaredStatus
  readonly since: Instant
}

/** The update says it now; that it began earlier is a fact about the impact. What was said of that time before, ends then. */
async function backDate(
  change: Change,
  { incidentId, component, since }: { incidentId: string; component: string; since: Instant },
): Promise<void> {
  await change.tx
    .updateTable('impacts')
    .set({ ended_at: since })
    .where('incident_id', '=', incidentId)
    .where('component_id', '=', component)
    .where('ended_at', '=', change.now)
    .where('began_at', '<', since)
    .execute()
  await change.tx
    .updateTable('impacts')
    .set({ began_at: since })
    .where('incident_id', '=', incidentId)
    .where('component_id', '=', component)
    .where('began_at', '=', change.now)
    .where('ended_at', 'is', null)
    .execute()
  await settleImpacts(change, [component], since)
}
