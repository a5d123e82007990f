import type { Db } from '../../../database/database.ts'
import { type ComponentStatus, worse } from '../../components/component.ts'
import type { Affected } from '../../incidents/incident.ts'
import type { Translations } from '../../site/site.ts'
import type { ToldComponent } from '../told.ts'

/** These components in the order of the page: as a word changed them, and the others as they are. */
export async function toldComponents(
  db: Db,
  ids: readonly string[],
  affected: readonly Affected[] | null,
): Promise<ToldComponent[]> {
  if (ids.length === 0) return []
  const rows = await db
    .selectFrom('components')
    .select(['id', 'group_id', 'name', 'translations'])
    .where('id', 'in', [...new Set(ids)])
    .orderBy('position')
    .orderBy('id')
    .execute()
  const changes = new Map((affected ?? []).map((one) => [one.id, one]))
  const statuses = await statusesOf(db, ids)
  return rows.map((row) => {
    const change = changes.get(row.id)
    return {
      id: row.id,
      groupId: row.group_id,
      name: row.name,
      translations: namesOnly(JSON.parse(row.translations) as Translations<'name' | 'description'>),
      from: change && change.from !== change.to ? change.from : null,
      to: change?.to ?? statuses.get(row.id) ?? 'operational',
    }
  })
}

/** As they are called and grouped now: who wants a group hears of what is in it when it is handed out. */
export async function componentsNow(db: Db, components: readonly ToldComponent[]): Promise<ToldComponent[]> {
  const now = await toldComponents(
    db,
    components.map(({ id }) => id),
    null,
  )
  const known = new Map(components.map((component) => [component.id, component]))
  return now.map((component) => ({ ...component, ...pick(known.get(component.id)) }))
}

function pick(component: ToldComponent | undefined): Partial<ToldComponent> {
  return component ? { from: component.from, to: component.to } : {}
}

/** The worst that each suffers from in public. */
async function statusesOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, ComponentStatus>> {
  const rows = await db
    .selectFrom('impacts')
    .select(['component_id', 'status'])
    .where('component_id', 'in', [...new Set(ids)])
    .where('ended_at', 'is', null)
    .where('said_at', 'is not', null)
    .orderBy('component_id')
    .execute()
  const worst = new Map<string, ComponentStatus>()
  for (const { component_id: id, status } of rows) {
    worst.set(id, worse(worst.get(id) ?? 'operational', status as ComponentStatus))
  }
  return worst
}

function namesOnly(translations: Translations<'name' | 'description'>): Translations<'name'> {
  const names = Object.entries(translations).flatMap(([locale, texts]) =>
    texts?.name === undefined ? [] : [[locale, { name: texts.name }] as const],
  )
  return Object.fromEntries(names)
}
