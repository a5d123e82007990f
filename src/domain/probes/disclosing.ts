import type { Selectable } from 'kysely'
import type { IncidentRow } from '../../database/tables.ts'
import { type Instant, later } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import type { DeclaredStatus } from '../components/component.ts'
import { postUpdate, reopenIncident } from '../incidents/commands.ts'
import { draftIncident, publishDraft, widenIncident } from '../incidents/drafts.ts'
import { settleImpacts } from '../status/settle.ts'
import { factsOf } from './facts.ts'
import type { Probe, Verdict } from './probe.ts'
import { writeVerdict } from './verdicts.ts'
import { firstWord, laterWord } from './words.ts'

type Incident = Selectable<IncidentRow>

/** Failures of one group that begin within this time are one incident. */
const togetherSeconds = 10 * 60
/** What fails again within this time after it was over is the same incident, which was not. */
const reopenSeconds = 30 * 60
/** An incident of many components must not become a flood of updates. */
const mostWords = 6
const betweenWordsSeconds = 10 * 60

/**
 * A probe found its target down or slow: sees to it that it is disclosed, once, in the incident where it belongs. What a
 * person holds is never touched; what a person already says about this component is not said again.
 */
export async function disclose(change: Change, probe: Probe, verdict: Verdict): Promise<void> {
  if (verdict.actedAt !== null || probe.policy === 'off') return
  if (await isUnderMaintenance(change, probe.componentId)) return
  const incidentId = await place(change, probe, verdict)
  await writeVerdict(change.tx, { ...verdict, incidentId: incidentId ?? verdict.incidentId, actedAt: change.now })
}

/** Where it goes: into what a person says, back into its last incident, into one beside it, or into a new one. */
async function place(change: Change, probe: Probe, verdict: Verdict): Promise<string | null> {
  if (await isHeldByPerson(change, probe.componentId)) return null
  const last = await lastIncident(change, verdict)
  const since = await sinceOf(change, probe, verdict)
  if (last && last.over_at !== null && last.over_at >= later(since, -reopenSeconds))
    return goOn(change, probe, verdict, last)
  if (last && last.over_at === null) {
    const isNews = last.told_at !== null && last.recovered_at !== null && !(await isNamedStill(change, probe, last))
    return isNews ? goOn(change, probe, verdict, last) : widen(change, probe, verdict, last)
  }
  const beside = await incidentBeside(change, probe, verdict)
  if (beside) return widen(change, probe, verdict, beside)
  return begin(change, probe, verdict)
}

async function begin(change: Change, probe: Probe, verdict: Verdict): Promise<string> {
  const since = await sinceOf(change, probe, verdict)
  const topic = verdict.state === 'slow' ? 'slow' : 'down'
  const words = firstWord(topic, await factsOf(change.tx, [probe.componentId], since))
  const id = await draftIncident(change, {
    ...words,
    probeId: probe.id,
    components: [{ id: probe.componentId, status: statusOf(probe, verdict) }],
    beganAt: since,
    noticedAt: since,
    publishesAt: probe.policy === 'draft-then-publish' ? later(change.now, probe.publishAfterSeconds) : null,
  })
  if (probe.policy === 'publish') await publishDraft(change, id)
  return id
}

/** It failed again, after it seemed to be over, or was said to be. */
async function goOn(change: Change, probe: Probe, verdict: Verdict, incident: Incident): Promise<string> {
  const since = await sinceOf(change, probe, verdict)
  const { body, translations } = laterWord('again', await factsOf(change.tx, [probe.componentId], since))
  const word = {
    stage: 'investigating',
    body,
    translations,
    components: [{ id: probe.componentId, status: statusOf(probe, verdict) }],
  }
  if (incident.over_at === null) await postUpdate(change, incident.id, word)
  else await reopenIncident(change, incident.id, word)
  // The update says it now; that it began earlier is a fact about the impact.
  await change.tx
    .updateTable('impacts')
    .set({ began_at: since })
    .where('incident_id', '=', incident.id)
    .where('component_id', '=', probe.componentId)
    .where('began_at', '=', change.now)
    .where('ended_at', 'is', null)
    .execute()
  await change.tx.updateTable('incidents').set({ recovered_at: null }).where('id', '=', incident.id).execute()
  await settleImpacts(change, [probe.componentId], since)
  return incident.id
}

async function widen(change: Change, probe: Probe, verdict: Verdict, incident: Incident): Promise<string> {
  const since = await sinceOf(change, probe, verdict)
  const known = await change.tx
    .selectFrom('impacts')
    .select('id')
    .where('incident_id', '=', incident.id)
    .where('component_id', '=', probe.componentId)
    .executeTakeFirst()
  const components = [{ id: probe.componentId, status: statusOf(probe, verdict) }]
  await widenIncident(change, incident.id, { components, beganAt: since })
  if (incident.told_at !== null && !known && (await maySpeak(change, incident))) {
    const { body, translations } = laterWord('widened', await factsOf(change.tx, [probe.componentId], since))
    await postUpdate(change, incident.id, { stage: 'update', body, translations })
  }
  return incident.id
}

async function maySpeak(change: Change, incident: Incident): Promise<boolean> {
  if ((incident.latest_update_at ?? change.now) > later(change.now, -betweenWordsSeconds)) return false
  return !(await hasSaidEnough(change, incident.id))
}

/** Whether probes have said so much on an incident that more of it would be noise. */
export async function hasSaidEnough(change: Change, incidentId: string): Promise<boolean> {
  const { count } = await change.tx
    .selectFrom('updates')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('incident_id', '=', incidentId)
    .where('source', '=', 'probe')
    .executeTakeFirstOrThrow()
  return Number(count) >= mostWords
}

/** Whether the incident still says that this component suffers: its recovery was too short to be told. */
async function isNamedStill(change: Change, probe: Probe, incident: Incident): Promise<boolean> {
  const row = await change.tx
    .selectFrom('impacts')
    .select('id')
    .where('incident_id', '=', incident.id)
    .where('component_id', '=', probe.componentId)
    .where('ended_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

function statusOf(probe: Probe, verdict: Verdict): DeclaredStatus {
  return verdict.state === 'slow' ? 'degraded_performance' : probe.downStatus
}

/**
 * Since when it fails, as far as that is news: what failed inside a window that was announced, and goes on beyond it, is
 * an incident from the end of the window. The window itself stays maintenance, which is not counted.
 */
async function sinceOf(change: Change, { componentId }: Probe, verdict: Verdict): Promise<Instant> {
  const since = verdict.since
  const row = await change.tx
    .selectFrom('impacts')
    .select((eb) => eb.fn.max('ended_at').as('ended_at'))
    .where('component_id', '=', componentId)
    .where('maintenance_id', 'is not', null)
    .where('began_at', '<=', since)
    .where('ended_at', '>', since)
    .executeTakeFirst()
  return row?.ended_at ?? since
}

/** Also in the seconds after the planned beginning, in which the clock has not begun it yet. */
async function isUnderMaintenance(change: Change, componentId: string): Promise<boolean> {
  const row = await change.tx
    .selectFrom('impacts')
    .select('id')
    .where('component_id', '=', componentId)
    .where('ended_at', 'is', null)
    .where('maintenance_id', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined || (await isDueForMaintenance(change, componentId))
}

async function isDueForMaintenance(change: Change, componentId: string): Promise<boolean> {
  const row = await change.tx
    .selectFrom('maintenances')
    .innerJoin('maintenance_components', 'maintenance_components.maintenance_id', 'maintenances.id')
    .select('maintenances.id')
    .where('component_id', '=', componentId)
    .where('announced_at', 'is not', null)
    .where('began_at', 'is', null)
    .where('ended_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .where('runs_by', '=', 'clock')
    .where('planned_from', '<=', change.now)
    .where('planned_until', '>', change.now)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Whether a person's open incident, or draft, already says that this component suffers. */
async function isHeldByPerson(change: Change, componentId: string): Promise<boolean> {
  const row = await change.tx
    .selectFrom('impacts')
    .innerJoin('incidents', 'incidents.id', 'impacts.incident_id')
    .select('incidents.id')
    .where('impacts.component_id', '=', componentId)
    .where('impacts.ended_at', 'is', null)
    .where('incidents.held_by', '=', 'person')
    .where('incidents.over_at', 'is', null)
    .where('incidents.dismissed_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** The incident that this probe's failures last went into, if it is still the engine's to write on. */
async function lastIncident(change: Change, { incidentId }: Verdict): Promise<Incident | null> {
  if (incidentId === null) return null
  const row = await change.tx.selectFrom('incidents').selectAll().where('id', '=', incidentId).executeTakeFirst()
  return row && row.held_by === 'engine' && row.dismissed_at === null ? row : null
}

/** An open incident of the engine's on the same component, or one on its group that began about now. */
async function incidentBeside(change: Change, probe: Probe, verdict: Verdict): Promise<Incident | null> {
  const own = await openIncidentsOn(change, [probe.componentId])
  if (own[0]) return own[0]
  const component = await change.tx
    .selectFrom('components')
    .select('group_id')
    .where('id', '=', probe.componentId)
    .executeTakeFirstOrThrow()
  if (component.group_id === null) return null
  const siblings = await change.tx
    .selectFrom('components')
    .select('id')
    .where('group_id', '=', component.group_id)
    .where('removed_at', 'is', null)
    .execute()
  const since = verdict.since
  const beside = await openIncidentsOn(
    change,
    siblings.map((sibling) => sibling.id),
  )
  return (
    beside.find(
      (it) => it.began_at >= later(since, -togetherSeconds) && it.began_at <= later(since, togetherSeconds),
    ) ?? null
  )
}

function openIncidentsOn(change: Change, componentIds: readonly string[]): Promise<Incident[]> {
  return change.tx
    .selectFrom('incidents')
    .selectAll()
    .where('over_at', 'is', null)
    .where('dismissed_at', 'is', null)
    .where('held_by', '=', 'engine')
    .where('source', '=', 'probe')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('impacts')
          .select('impacts.id')
          .whereRef('impacts.incident_id', '=', 'incidents.id')
          .where('impacts.component_id', 'in', componentIds)
          .where('impacts.ended_at', 'is', null),
      ),
    )
    .orderBy('began_at', 'desc')
    .orderBy('id')
    .limit(20)
    .execute()
}
