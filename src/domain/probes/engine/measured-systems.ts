import type { Db } from '../../../database/database.ts'
import { type Instant, later } from '../../../lib/clock.ts'
import type { ComponentStatus } from '../../components/component.ts'
import type { Incident } from '../../incidents/incident.ts'
import { measuredNow } from './component-findings.ts'

/** What an incident says of one component beside what our checks find of it. */
export interface MeasuredSystem {
  readonly componentId: string
  readonly isAffected: boolean
  /** `nobody`: no probe watches it; `paused`: those that do are paused. */
  readonly measured: ComponentStatus | 'nobody' | 'paused'
  /** Since when its probes find so. */
  readonly since: Instant | null
}

/** What those at the desk are told of an incident, because the engine does not do it by itself. */
export type Advice =
  /** It would be automated, but nobody measures these any more: it stays open until a person says something. */
  | { readonly kind: 'unmeasured'; readonly components: readonly string[] }
  /** Said to be over by a person, and these still fail. */
  | { readonly kind: 'still-fails'; readonly components: readonly string[]; readonly since: Instant }
  /** A person holds it, and all that it names works in our checks. */
  | { readonly kind: 'well'; readonly since: Instant }

/** What is measured of everything that an incident named. */
export async function measuredSystems(db: Db, { impacts }: Pick<Incident, 'impacts'>): Promise<MeasuredSystem[]> {
  const ids = [...new Set(impacts.map(({ componentId }) => componentId))]
  if (ids.length === 0) return []
  const probes = await db
    .selectFrom('probes')
    .leftJoin('probe_verdicts', 'probe_verdicts.probe_id', 'probes.id')
    .select(['probes.component_id', 'probes.paused_at', 'probe_verdicts.since'])
    .where('probes.component_id', 'in', ids)
    .where('probes.removed_at', 'is', null)
    .where('probes.policy', '!=', 'off')
    .orderBy('probe_verdicts.since')
    .execute()
  const systems: MeasuredSystem[] = []
  for (const componentId of ids) {
    const own = probes.filter((probe) => probe.component_id === componentId)
    const running = own.filter((probe) => probe.paused_at === null)
    const isAffected = impacts.some(
      (one) => one.componentId === componentId && one.endedAt === null && one.status !== 'operational',
    )
    const measured =
      own.length === 0 ? 'nobody' : running.length === 0 ? 'paused' : await measuredNow(db, componentId, 'everywhere')
    systems.push({ componentId, isAffected, measured, since: running.at(-1)?.since ?? null })
  }
  return systems
}

/** So long after a person said that it is over, what still fails is no part of it any more. */
const remindSeconds = 7 * 24 * 3600

/** What people said to be over lately, and whose probes still fail. Costs the failures of now. */
export async function resolvedButFailing(db: Db, now: Instant): Promise<string[]> {
  const rows = await db
    .selectFrom('probe_verdicts')
    .innerJoin('incidents', 'incidents.id', 'probe_verdicts.incident_id')
    .select('incidents.id')
    .distinct()
    .where('probe_verdicts.state', 'in', ['down', 'slow', 'intermittent'])
    .where('incidents.held_by', '=', 'person')
    .where('incidents.told_over_at', '>', later(now, -remindSeconds))
    .orderBy('incidents.id')
    .limit(50)
    .execute()
  return rows.map(({ id }) => id)
}

export function adviceOn(
  incident: Pick<Incident, 'heldBy' | 'overAt' | 'toldOverAt' | 'source'>,
  systems: readonly MeasuredSystem[],
  now: Instant,
): Advice | null {
  const { heldBy, overAt, toldOverAt } = incident
  const idsOf = (some: readonly MeasuredSystem[]): string[] => some.map(({ componentId }) => componentId)
  const isUnseen = ({ measured }: MeasuredSystem): boolean => measured === 'nobody' || measured === 'paused'
  const failing = systems.filter(
    (one) => !isUnseen(one) && one.measured !== 'operational' && one.measured !== 'unknown',
  )
  if (overAt !== null) {
    const isRecent = toldOverAt !== null && toldOverAt > later(now, -remindSeconds)
    // What began to fail after it was over is another matter.
    const still = failing.filter(({ since }) => since !== null && toldOverAt !== null && since <= toldOverAt)
    if (heldBy === 'engine' || !isRecent || still.length === 0) return null
    return { kind: 'still-fails', components: idsOf(still), since: still[0]?.since ?? overAt }
  }
  const affected = systems.filter(({ isAffected }) => isAffected)
  const unseen = affected.filter(isUnseen)
  if (heldBy === 'engine') return unseen.length > 0 ? { kind: 'unmeasured', components: idsOf(unseen) } : null
  const isWell = affected.length > 0 && affected.every(({ measured }) => measured === 'operational')
  const since = affected
    .flatMap((one) => one.since ?? [])
    .toSorted()
    .at(-1)
  return isWell && since !== undefined ? { kind: 'well', since } : null
}
