import type { Selectable } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { IncidentRow } from '../../database/tables.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { clockActor } from '../changes/actor.ts'
import type { Change, Changer } from '../changes/change.ts'
import { postUpdate } from '../incidents/commands.ts'
import { dismissDraft, publishDraft } from '../incidents/drafts.ts'
import { changeImpacts, namesOf, openImpactsOf, setImpacts } from '../components/impacts.ts'
import { settleImpacts } from '../status/settle.ts'
import { hasSaidEnough } from './disclosing.ts'
import { factsOf } from './facts.ts'
import { oneByOne } from './one-by-one.ts'
import type { Probe, Verdict } from './probe.ts'
import { writeVerdict } from './verdicts.ts'
import { laterWord } from './words.ts'

type Incident = Selectable<IncidentRow>

/** How long everything must have worked without a break until an incident is over. */
export const resolveAfterSeconds = 10 * 60

/**
 * A probe found its target well again. A draft whose targets are all well was a false alarm, and is kept as one; a public
 * incident goes on under observation. What a person holds is left alone.
 */
export async function recover(change: Change, probe: Probe, verdict: Verdict): Promise<void> {
  await writeVerdict(change.tx, { ...verdict, actedAt: null })
  if (verdict.incidentId === null) return
  const incident = await change.tx
    .selectFrom('incidents')
    .selectAll()
    .where('id', '=', verdict.incidentId)
    .executeTakeFirst()
  if (!incident || incident.held_by !== 'engine' || incident.over_at !== null || incident.dismissed_at !== null) return
  if (incident.recovered_at !== null) return
  const failing = await failingProbes(change, incident.id)
  if (failing.some((other) => other.component_id === probe.componentId)) return
  if (failing.length > 0) return endHere(change, probe, verdict, incident)
  if (incident.told_at === null) return dismissDraft(change, incident.id)
  await observe(change, incident)
}

/** One component of several is well again: its impact ends, and nothing is said yet. */
async function endHere(change: Change, probe: Probe, verdict: Verdict, incident: Incident): Promise<void> {
  const at = verdict.since
  const names = await namesOf(change, [{ id: probe.componentId }])
  const well = [{ id: probe.componentId, status: 'operational' as const }]
  const saidAt = incident.told_at === null ? null : change.now
  const ended = () => setImpacts(change, { incident: incident.id }, well, { at, saidAt })
  // Not even the time of a component's last change tells readers of a draft.
  if (saidAt === null) await ended()
  else {
    await changeImpacts(change, names, at, ended)
    const data = { name: incident.name, components: [...names.values()] }
    await change.record({ type: 'incident.eased', subject: incident.id, data })
  }
}

async function observe(change: Change, incident: Incident): Promise<void> {
  const recoveredAt = await allWellSince(change, incident)
  // What comes and goes is not well: it stays as it is, without a word, until it is over for good.
  if (await hasSaidEnough(change, incident.id)) {
    await change.tx.updateTable('incidents').set({ recovered_at: recoveredAt }).where('id', '=', incident.id).execute()
    return
  }
  const open = await openImpactsOf(change, { incident: incident.id })
  const ids = [...new Set(open.map((impact) => impact.component_id))]
  const { body, translations } = laterWord(
    'recovered',
    await factsOf(change.tx, await componentsOf(change, incident.id), recoveredAt),
  )
  const components = ids.map((id) => ({ id, status: 'operational' as const }))
  await postUpdate(change, incident.id, { stage: 'monitoring', body, translations, components })
  // The update says it now; that it was over earlier is a fact about the impacts.
  for (const { id, began_at: began } of open) {
    await change.tx
      .updateTable('impacts')
      .set({ ended_at: recoveredAt < began ? began : recoveredAt })
      .where('id', '=', id)
      .execute()
  }
  await change.tx
    .updateTable('incidents')
    .set({ recovered_at: recoveredAt, mitigated_at: recoveredAt })
    .where('id', '=', incident.id)
    .execute()
  await settleImpacts(change, ids, recoveredAt)
}

/** When the last of its components was well again, not before it began. */
async function allWellSince(change: Change, incident: Incident): Promise<Instant> {
  const rows = await change.tx
    .selectFrom('probe_verdicts')
    .innerJoin('probes', 'probes.id', 'probe_verdicts.probe_id')
    .select('since')
    .where('incident_id', '=', incident.id)
    .where('probes.removed_at', 'is', null)
    .execute()
  return rows.map((row) => row.since).reduce((a, b) => (a > b ? a : b), incident.began_at)
}

/**
 * Probes whose failures went into this incident and that do not know their target to be well. One that was removed
 * meanwhile found nothing better: unless another probe does, only a person can say that its component is well.
 */
function failingProbes(change: Change, incidentId: string): Promise<{ component_id: string }[]> {
  return change.tx
    .selectFrom('probe_verdicts')
    .innerJoin('probes', 'probes.id', 'probe_verdicts.probe_id')
    .select('probes.component_id')
    .where('probe_verdicts.incident_id', '=', incidentId)
    .where('probe_verdicts.state', '!=', 'up')
    .where((eb) =>
      eb.or([
        eb('probes.removed_at', 'is', null),
        eb.not(
          eb.exists(
            eb
              .selectFrom('probes as other')
              .innerJoin('probe_verdicts as seen', 'seen.probe_id', 'other.id')
              .select('other.id')
              .whereRef('other.component_id', '=', 'probes.component_id')
              .where('other.removed_at', 'is', null)
              .where('other.paused_at', 'is', null)
              .where('seen.state', '=', 'up'),
          ),
        ),
      ]),
    )
    .execute()
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
      if (waits && draft.publishes_at !== null && draft.publishes_at <= it.now) await publishDraft(it, id)
    }),
  )
}

/** Job: incidents of the engine's whose components have worked without a break for long enough are over. */
export async function resolveRecovered(
  { db, change, clock }: JobParts,
  afterSeconds: number = resolveAfterSeconds,
): Promise<void> {
  const ripe = await db
    .selectFrom('incidents')
    .select('id')
    .where('over_at', 'is', null)
    .where('dismissed_at', 'is', null)
    .where('held_by', '=', 'engine')
    .where('recovered_at', '<=', later(clock.now(), -afterSeconds))
    .orderBy('recovered_at')
    .orderBy('id')
    .limit(100)
    .execute()
  await oneByOne(ripe, ({ id }) =>
    change(clockActor, async (it) => {
      const incident = await it.tx.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
      const { recovered_at: recoveredAt } = incident
      if (incident.over_at !== null || incident.held_by !== 'engine' || recoveredAt === null) return
      // Not while a probe doubts, or does not know.
      if ((await failingProbes(it, id)).length > 0) return
      const facts = await factsOf(it.tx, await componentsOf(it, id), recoveredAt)
      const { body, translations } = laterWord('resolved', facts)
      await postUpdate(it, id, { stage: 'resolved', body, translations, overAt: recoveredAt })
    }),
  )
}
