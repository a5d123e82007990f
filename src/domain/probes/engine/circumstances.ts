import type { Db } from '../../../database/database.ts'
import { type Instant, later } from '../../../lib/clock.ts'
import type { Change } from '../../changes/change.ts'
import { casesAround } from './cases.ts'
import { measuredNow } from './component-findings.ts'
import type { Failure } from './deciding.ts'
import { isMassFailure } from './mass-failure.ts'
import { isMuted } from '../muting.ts'
import { type ParentState, ancestorsOf, isExplainedBy, readParents } from './parents.ts'
import type { Probe, Verdict } from '../probe.ts'
import { isCredible, isProven } from '../verdicts/proven.ts'
import { statesOf } from '../verdicts/states.ts'
import { readVerdict } from '../verdicts/verdicts.ts'

/** Everything that decides what becomes of a failure. Costs the incidents that are open, and the probe's surroundings. */
export async function failureOf(change: Change, probe: Probe, verdict: Verdict): Promise<Failure> {
  const { tx, now } = change
  const since = await sinceOf(tx, probe, verdict)
  const isSound = await isProven(tx, probe.id)
  const parents = await parentsOf(tx, { probe, since, now, isSound })
  const held = (await isMuted(tx, probe.id, now))
    ? 'mute'
    : (await isUnderMaintenance(tx, probe.componentId, now))
      ? 'maintenance'
      : isExplainedBy(parents.map(({ known }) => known))
        ? 'parent'
        : null
  const below = probe.underParent === 'show' ? parents.flatMap(({ incidentId }) => incidentId ?? []) : []
  const ids = [...below, ...(verdict.incidentId === null ? [] : [verdict.incidentId])]
  return {
    now,
    since,
    component: probe.componentId,
    status: await measuredNow(tx, probe.componentId, isSound ? { within: null } : 'everywhere'),
    policy: probe.policy,
    publishAfterSeconds: probe.publishAfterSeconds,
    proven: isSound ? 'yes' : 'no',
    actedAt: verdict.actedAt,
    held,
    neighbours: await neighboursOf(tx, probe),
    massFailure: 'no',
    own: verdict.incidentId,
    below,
    cases: await casesAround(tx, since, ids),
  }
}

/** Whether very many probes fail now, of those that are asked: then it is one thing that fails. Costs all probes. */
export async function failsWithMany(db: Db, now: Instant): Promise<boolean> {
  const asked = db.selectFrom('probes').where('probes.removed_at', 'is', null).where('probes.paused_at', 'is', null)
  const failing = await asked
    .innerJoin('probe_states', 'probe_states.probe_id', 'probes.id')
    .select((eb) => eb.fn.count<number>('probes.id').distinct().as('count'))
    .where('probe_states.last_outcome', '=', 'fail')
    .where('probe_states.last_at', '>=', later(now, -atOnceSeconds))
    .executeTakeFirstOrThrow()
  const all = await asked.select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
  return isMassFailure(Number(failing.count), Number(all.count))
}

/** Failures are at once within two of the usual intervals. */
const atOnceSeconds = 120

/**
 * Since when it fails, as far as that is news: what failed inside a window that was announced, and goes on beyond it, is
 * an incident from the end of the window. The window itself stays maintenance, which is not counted.
 */
async function sinceOf(db: Db, { componentId }: Probe, { since }: Verdict): Promise<Instant> {
  const row = await db
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
async function isUnderMaintenance(db: Db, componentId: string, now: Instant): Promise<boolean> {
  const running = await db
    .selectFrom('impacts')
    .select('id')
    .where('component_id', '=', componentId)
    .where('ended_at', 'is', null)
    .where('maintenance_id', 'is not', null)
    .limit(1)
    .executeTakeFirst()
  if (running) return true
  const due = await db
    .selectFrom('maintenances')
    .innerJoin('maintenance_components', 'maintenance_components.maintenance_id', 'maintenances.id')
    .select('maintenances.id')
    .where('component_id', '=', componentId)
    .where('announced_at', 'is not', null)
    .where('began_at', 'is', null)
    .where('ended_at', 'is', null)
    .where('cancelled_at', 'is', null)
    .where('runs_by', '=', 'clock')
    .where('planned_from', '<=', now)
    .where('planned_until', '>', now)
    .limit(1)
    .executeTakeFirst()
  return due !== undefined
}

interface Parent {
  readonly known: ParentState
  readonly incidentId: string | null
}

/** So long the parents that were not asked yet may explain a failure: some are asked once a day, or call by themselves. */
const doubtSeconds = 15 * 60

/**
 * What is known of everything that a probe depends on. Who was not asked since the failure began is in doubt: the child
 * may only have been asked first. Of what was ever found well, what never was explains nothing.
 */
async function parentsOf(
  db: Db,
  { probe, since, now, isSound }: { probe: Probe; since: Instant; now: Instant; isSound: boolean },
): Promise<Parent[]> {
  if (probe.dependsOn.length === 0) return []
  const isEarly = since > later(now, -doubtSeconds)
  const found: Parent[] = []
  for (const id of ancestorsOf(await readParents(db), probe.id)) {
    const verdict = await readVerdict(db, id)
    if (!verdict || (isSound && !(await isCredible(db, id, verdict.incidentId)))) continue
    const states = await statesOf(db, id)
    const isAsked = states.some(({ measuredAt }) => measuredAt !== null && measuredAt >= since)
    const isInDoubt =
      states.some(({ answers }) => answers.state === 'suspect') || (isEarly && !isAsked && verdict.state !== 'unknown')
    found.push({ known: { state: verdict.state, isInDoubt }, incidentId: verdict.incidentId })
  }
  return found
}

/** The components of its group, and of the probes that depend on the same: they fail together. */
async function neighboursOf(db: Db, probe: Probe): Promise<Set<string>> {
  const siblings = await db
    .selectFrom('components as one')
    .innerJoin('components as other', 'other.group_id', 'one.group_id')
    .select('other.id')
    .where('one.id', '=', probe.componentId)
    .where('other.removed_at', 'is', null)
    .execute()
  const neighbours = new Set([probe.componentId, ...siblings.map(({ id }) => id)])
  if (probe.dependsOn.length === 0) return neighbours
  const parents = await readParents(db)
  const kin = [...parents].filter(([, on]) => on.some((id) => probe.dependsOn.includes(id))).map(([id]) => id)
  const rows = await db.selectFrom('probes').select('component_id').where('id', 'in', kin).execute()
  for (const { component_id: id } of rows) neighbours.add(id)
  return neighbours
}
