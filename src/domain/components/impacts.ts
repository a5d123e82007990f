import type { Selectable } from 'kysely'
import type { ImpactRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import { Invalid } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import type { Affected } from '../incidents/incident.ts'
import { settleImpacts } from '../status/settle.ts'
import { type ComponentStatus, type DeclaredStatus, worse } from './component.ts'

export interface Named {
  readonly id: string
  readonly status: DeclaredStatus
}

/** What an impact belongs to: an incident or a maintenance. */
export type Cause = { readonly incident: string } | { readonly maintenance: string }

/** Component names by id. */
export type Names = ReadonlyMap<string, string>

/** The names of these components; refuses those that are not there and those that are named twice. */
export async function namesOf(change: Change, components: readonly { readonly id: string }[]): Promise<Names> {
  const ids = components.map((component) => component.id)
  if (ids.length === 0) return new Map()
  const rows = await change.tx
    .selectFrom('components')
    .select(['id', 'name'])
    .where('id', 'in', ids)
    .where('removed_at', 'is', null)
    .execute()
  const names = new Map(rows.map((row) => [row.id, row.name]))
  ids.forEach((id, index) => {
    const name = names.get(id)
    if (name === undefined) throw new Invalid(`There is no component “${id}”.`, `components[${index}].id`)
    if (ids.indexOf(id) !== index)
      throw new Invalid(`“${name}” is named twice: name it once.`, `components[${index}].id`)
  })
  return names
}

/**
 * Does `work` on the impacts of these components, counts their days again, and answers from which to which status each
 * of them went in public. Every command that touches public impacts goes through here. `from`: where what it writes
 * begins, if that is before now.
 */
export async function changeImpacts(
  change: Change,
  names: Names,
  from: Instant,
  work: () => Promise<void>,
): Promise<Affected[]> {
  const ids = [...names.keys()]
  if (ids.length === 0) {
    await work()
    return []
  }
  const before = await openImpacts(change, ids)
  await work()
  const after = await openImpacts(change, ids)
  const beginnings = [...before, ...after].map((impact) => impact.began_at)
  const earliest = beginnings.reduce((first, began) => (began < first ? began : first), from)
  await settleImpacts(change, ids, earliest)
  return ids.map((id) => ({ id, name: names.get(id) ?? id, from: worstOf(before, id), to: worstOf(after, id) }))
}

type OpenImpact = { readonly component_id: string; readonly status: string; readonly began_at: Instant }

function openImpacts(change: Change, ids: readonly string[]): Promise<OpenImpact[]> {
  return change.tx
    .selectFrom('impacts')
    .select(['component_id', 'status', 'began_at'])
    .where('component_id', 'in', ids)
    .where('ended_at', 'is', null)
    .where('said_at', 'is not', null)
    .execute()
}

function worstOf(impacts: readonly OpenImpact[], id: string): ComponentStatus {
  const statuses = impacts
    .filter((impact) => impact.component_id === id)
    .map((impact) => impact.status as ComponentStatus)
  return statuses.reduce(worse, 'operational')
}

/**
 * What each named component suffers from because of this cause, from `at` on: the old interval ends, a new one begins.
 * One that came to no harm is only named. `saidAt` is null while an incident is a draft.
 */
export async function setImpacts(
  change: Change,
  cause: Cause,
  components: readonly Named[],
  { at, saidAt }: { at: Instant; saidAt: Instant | null },
): Promise<void> {
  if (components.length === 0) return
  const known = await impactsOf(change, cause).execute()
  for (const { id, status } of components) {
    const own = known.filter((impact) => impact.component_id === id)
    const open = own.find((impact) => impact.ended_at === null)
    if (open?.status === status) continue
    if (open) await endImpact(change, open, at)
    if (own.length > 0 && status === 'operational') continue
    const endedAt = status === 'operational' ? at : null
    await beginImpact(change, { componentId: id, status, at, endedAt, saidAt, cause })
  }
}

/** Ends what is open of this cause, or of some of its components, not before it began. */
export async function endImpacts(
  change: Change,
  cause: Cause,
  { at, only }: { at: Instant; only?: ReadonlySet<string> },
): Promise<void> {
  for (const impact of await openImpactsOf(change, cause)) {
    if (!only || only.has(impact.component_id)) await endImpact(change, impact, at)
  }
}

export function openImpactsOf(change: Change, cause: Cause): Promise<Selectable<ImpactRow>[]> {
  return impactsOf(change, cause).where('ended_at', 'is', null).execute()
}

function impactsOf(change: Change, cause: Cause) {
  const impacts = change.tx.selectFrom('impacts').selectAll().orderBy('began_at').orderBy('id')
  return 'incident' in cause
    ? impacts.where('incident_id', '=', cause.incident)
    : impacts.where('maintenance_id', '=', cause.maintenance)
}

/** Sets by hand what a component suffers from: at most one such impact is open, and none where it works. */
export async function setManualImpact(change: Change, { id, status }: Named, at: Instant = change.now): Promise<void> {
  await endManualImpacts(change, [id])
  if (status === 'operational') return
  await beginImpact(change, { componentId: id, status, at, endedAt: null, saidAt: change.now, cause: null })
}

/** Ends what was set by hand; answers how many that were. */
export async function endManualImpacts(change: Change, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  const result = await change.tx
    .updateTable('impacts')
    .set({ ended_at: change.now })
    .where('component_id', 'in', ids)
    .where('ended_at', 'is', null)
    .where('incident_id', 'is', null)
    .where('maintenance_id', 'is', null)
    .where('probe_id', 'is', null)
    .executeTakeFirst()
  return Number(result.numUpdatedRows)
}

async function beginImpact(
  change: Change,
  impact: {
    componentId: string
    status: DeclaredStatus
    at: Instant
    endedAt: Instant | null
    saidAt: Instant | null
    cause: Cause | null
  },
): Promise<void> {
  await change.tx
    .insertInto('impacts')
    .values({
      id: change.ids.next(),
      component_id: impact.componentId,
      status: impact.status,
      began_at: impact.at,
      ended_at: impact.endedAt,
      said_at: impact.saidAt,
      incident_id: impact.cause && 'incident' in impact.cause ? impact.cause.incident : null,
      maintenance_id: impact.cause && 'maintenance' in impact.cause ? impact.cause.maintenance : null,
      probe_id: null,
    })
    .execute()
}

async function endImpact(change: Change, impact: { id: string; began_at: Instant }, at: Instant): Promise<void> {
  const endedAt = at < impact.began_at ? impact.began_at : at
  await change.tx.updateTable('impacts').set({ ended_at: endedAt }).where('id', '=', impact.id).execute()
}
