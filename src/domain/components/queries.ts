import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Component, DeclaredStatus, Group, Impact } from './component.ts'
import { toComponent, toGroup, toImpact } from './rows.ts'

/** What is shown, by position; groups' children and others mixed. */
export async function listComponents(db: Db): Promise<Component[]> {
  const rows = await db
    .selectFrom('components')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('position')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(toComponent)
}

/** By position. */
export async function listGroups(db: Db): Promise<Group[]> {
  const rows = await db
    .selectFrom('groups')
    .selectAll()
    .orderBy('position')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  return rows.map(toGroup)
}

export async function readComponent(db: Db, id: string): Promise<Component | null> {
  const row = await db
    .selectFrom('components')
    .selectAll()
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ? toComponent(row) : null
}

export async function componentBySlug(db: Db, slug: string): Promise<Component | null> {
  const row = await db
    .selectFrom('components')
    .selectAll()
    .where('slug', '=', slug)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return row ? toComponent(row) : null
}

export async function readGroup(db: Db, id: string): Promise<Group | null> {
  const row = await db.selectFrom('groups').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toGroup(row) : null
}

/** How components do as somebody set it by hand and nobody changed since, by id. */
export async function statusesByHand(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, DeclaredStatus>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('impacts')
    .select(['component_id', 'status'])
    .where('component_id', 'in', ids)
    .where('ended_at', 'is', null)
    .where('incident_id', 'is', null)
    .where('maintenance_id', 'is', null)
    .where('probe_id', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.component_id, row.status as DeclaredStatus]))
}

/** Names by id, of removed components too: what old incidents name. */
export async function componentNames(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  for (let at = 0; at < ids.length; at += 500) {
    const some = ids.slice(at, at + 500)
    const rows = await db.selectFrom('components').select(['id', 'name']).where('id', 'in', some).execute()
    for (const row of rows) names.set(row.id, row.name)
  }
  return names
}

/** What a component suffered from in public at some time between two instants, in the order in which it began. */
export async function impactsOfComponent(
  db: Db,
  componentId: string,
  from: Instant,
  until: Instant,
): Promise<Impact[]> {
  const impacts = db
    .selectFrom('impacts')
    .selectAll()
    .where('component_id', '=', componentId)
    .where('said_at', 'is not', null)
    .where('began_at', '<', until)
  const ended = await impacts.where('ended_at', '>', from).orderBy('ended_at').orderBy('id').limit(5000).execute()
  const open = await impacts.where('ended_at', 'is', null).orderBy('id').execute()
  return [...ended, ...open]
    .map(toImpact)
    .toSorted((a, b) => (a.beganAt < b.beganAt ? -1 : a.beganAt > b.beganAt ? 1 : 0))
}
