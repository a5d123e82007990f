import type { ImpactRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import { recomputeDays } from '../status/strips.ts'
import type { Harm } from './harm.ts'
import { inPortions } from './merge.ts'
import type { RecordedComponent } from './recording.ts'

/** Since when the days of a component have to be counted again. */
export type Stale = Map<string, Instant>

/** Whose impacts: an incident and a maintenance may have the same id, where ids are numbers. */
export function ownerOf({ incidentId, maintenanceId }: Pick<Harm, 'incidentId' | 'maintenanceId'>): string {
  return incidentId === null ? `maintenance ${maintenanceId ?? ''}` : `incident ${incidentId}`
}

/** Makes the impacts of these incidents and maintenances what the recording says; what is alike stays as it is. */
export async function importHarm(
  change: Change,
  owners: ReadonlyMap<string, Instant>,
  harms: readonly Harm[],
): Promise<Stale> {
  const { tx, ids } = change
  const stale: Stale = new Map()
  const wanted = byOwner(harms.map((harm) => ({ ...harm, owner: ownerOf(harm) })))
  const present = byOwner(await presentImpacts(change, [...owners.keys()]))
  const gone: string[] = []
  const fresh: ImpactRow[] = []
  for (const [owner, saidAt] of owners) {
    const before = present.get(owner) ?? []
    const after = wanted.get(owner) ?? []
    if (fingerprint(before) === fingerprint(after)) continue
    for (const { componentId, beganAt } of [...before, ...after]) earliest(stale, componentId, beganAt)
    gone.push(...before.map(({ id }) => id))
    fresh.push(...after.map((harm) => impactRow(harm, ids.next(), saidAt)))
  }
  await inPortions(gone, (some) => tx.deleteFrom('impacts').where('id', 'in', some).execute())
  await inPortions(fresh, (some) => tx.insertInto('impacts').values(some).execute())
  return stale
}

/** Makes what was set by hand agree with the recording, for components that are not newer here. */
export async function importByHand(
  change: Change,
  components: readonly RecordedComponent[],
  harms: readonly Harm[],
): Promise<Stale> {
  const { tx, ids } = change
  const stale: Stale = new Map()
  const rows = await tx
    .selectFrom('impacts')
    .select(['id', 'component_id', 'status', 'began_at'])
    .where('ended_at', 'is', null)
    .where('incident_id', 'is', null)
    .where('maintenance_id', 'is', null)
    .where('probe_id', 'is', null)
    .execute()
  const open = new Map(rows.map((row) => [row.component_id, row]))
  const wanted = new Map(harms.map((harm) => [harm.componentId, harm]))
  for (const { id, updatedAt } of components) {
    const before = open.get(id)
    const after = wanted.get(id)
    if (before?.status === after?.status) continue
    if (before) {
      const ended = updatedAt > before.began_at ? updatedAt : before.began_at
      await tx.updateTable('impacts').set({ ended_at: ended }).where('id', '=', before.id).execute()
      earliest(stale, id, before.began_at)
    }
    if (after) {
      await tx
        .insertInto('impacts')
        .values(impactRow(after, ids.next(), after.beganAt))
        .execute()
      earliest(stale, id, after.beganAt)
    }
  }
  return stale
}

/** Counts the days of these components again, once each. */
export async function recount(change: Change, stale: Stale, zone: string): Promise<void> {
  for (const [componentId, from] of stale) {
    await recomputeDays(change.tx, { componentId, zone, from, until: change.now, now: change.now })
  }
}

/** Every component that ever came to harm: for when the zone changes, and with it where days begin. */
export async function allHarmed(change: Change): Promise<Stale> {
  const rows = await change.tx
    .selectFrom('impacts')
    .select((eb) => ['component_id', eb.fn.min('began_at').as('began_at')])
    .groupBy('component_id')
    .execute()
  return new Map(rows.map((row) => [row.component_id, row.began_at]))
}

export function joined(...stales: readonly Stale[]): Stale {
  const all: Stale = new Map()
  for (const stale of stales) for (const [id, from] of stale) earliest(all, id, from)
  return all
}

function earliest(stale: Stale, componentId: string, from: Instant): void {
  const known = stale.get(componentId)
  if (!known || from < known) stale.set(componentId, from)
}

type Present = Pick<Harm, 'componentId' | 'status' | 'beganAt' | 'endedAt'> & {
  readonly id: string
  readonly owner: string
}

async function presentImpacts(change: Change, owners: readonly string[]): Promise<Present[]> {
  const found: Present[] = []
  for (const [kind, column] of [
    ['incident', 'incident_id'],
    ['maintenance', 'maintenance_id'],
  ] as const) {
    const ids = owners.filter((owner) => owner.startsWith(`${kind} `)).map((owner) => owner.slice(kind.length + 1))
    await inPortions(ids, async (some) => {
      const rows = await change.tx.selectFrom('impacts').selectAll().where(column, 'in', some).execute()
      for (const row of rows) {
        const { id, component_id: componentId, began_at: beganAt, ended_at: endedAt } = row
        found.push({
          id,
          owner: ownerOf({ incidentId: row.incident_id, maintenanceId: row.maintenance_id }),
          componentId,
          status: row.status as Harm['status'],
          beganAt,
          endedAt,
        })
      }
    })
  }
  return found
}

function byOwner<Of extends { readonly owner: string }>(things: readonly Of[]): Map<string, Of[]> {
  const groups = new Map<string, Of[]>()
  for (const thing of things) {
    const group = groups.get(thing.owner)
    if (group) group.push(thing)
    else groups.set(thing.owner, [thing])
  }
  return groups
}

function fingerprint(harms: readonly Pick<Harm, 'componentId' | 'status' | 'beganAt' | 'endedAt'>[]): string {
  return harms
    .map(({ componentId, status, beganAt, endedAt }) => `${componentId} ${status} ${beganAt} ${endedAt ?? ''}`)
    .toSorted()
    .join('\n')
}

function impactRow(harm: Harm, id: string, saidAt: Instant): ImpactRow {
  return {
    id,
    component_id: harm.componentId,
    status: harm.status,
    began_at: harm.beganAt,
    ended_at: harm.endedAt,
    said_at: harm.saidAt ?? saidAt,
    incident_id: harm.incidentId,
    maintenance_id: harm.maintenanceId,
    probe_id: null,
  }
}
