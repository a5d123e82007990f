import type { ComponentRow, GroupRow } from '../../database/tables.ts'
import type { Change } from '../changes/change.ts'
import { slugOf } from '../components/slugs.ts'
import { readSite } from '../site/queries.ts'
import type { Instant } from '../../lib/clock.ts'
import { dayOf } from '../../lib/days.ts'
import { type Merge, byId, inPortions, merge } from './merge.ts'
import type { RecordedComponent, RecordedGroup, Recording } from './recording.ts'

/** Writes the groups and components of a recording; answers what was done with them. */
export async function importComponents(
  change: Change,
  { groups, components, partsAreDated }: Pick<Recording, 'groups' | 'components' | 'partsAreDated'>,
): Promise<{ readonly groups: Merge<object>; readonly components: Merge<{ readonly id: string }> }> {
  const { tx } = change
  // Of a time that is not their own, nothing is to be seen; and what stands where is arranged here.
  const passing = partsAreDated === 'together' ? ['created_at', 'updated_at', 'start_date', 'position'] : []
  const presentGroups = await byId(ids(groups), (some) =>
    tx.selectFrom('groups').selectAll().where('id', 'in', some).execute(),
  )
  const ofGroups = merge(groups.map(groupRow), presentGroups, { passing })
  await inPortions(ofGroups.missing, (some) =>
    tx
      .insertInto('groups')
      .values(some.map((row) => ({ ...plainGroup, ...row })))
      .execute(),
  )
  for (const row of ofGroups.changed) {
    await tx.updateTable('groups').set(without(row, passing)).where('id', '=', row.id).execute()
  }

  const present = await byId(ids(components), (some) =>
    tx.selectFrom('components').selectAll().where('id', 'in', some).execute(),
  )
  const rows = components.map((component) => componentRow(component, present.get(component.id)?.removed_at ?? null))
  const ofComponents = merge(rows, present, { passing })
  const slugs = await slugsFor(change, ofComponents.missing, groups)
  const began = partsAreDated === 'together' ? { start_date: await today(change) } : {}
  await inPortions(ofComponents.missing, (some) =>
    tx
      .insertInto('components')
      .values(some.map((row) => ({ ...row, ...began, slug: slugs.get(row.id) ?? row.id, translations: '{}' })))
      .execute(),
  )
  for (const row of ofComponents.changed) {
    await tx.updateTable('components').set(without(row, passing)).where('id', '=', row.id).execute()
  }
  return { groups: ofGroups, components: ofComponents }
}

const plainGroup = {
  translations: '{}',
  instance_key: null,
  location: null,
  environment: null,
  aliases: '[]',
  tags: '[]',
} satisfies Partial<GroupRow>

function groupRow({ instance, ...group }: RecordedGroup) {
  return {
    ...partRow(group),
    ...(instance && {
      instance_key: instance.key,
      ...(instance.location !== null && { location: instance.location }),
      ...(instance.environment !== null && { environment: instance.environment }),
      ...(instance.tags !== null && { tags: JSON.stringify(instance.tags) }),
    }),
  }
}

function partRow({ id, name, description, position, createdAt, updatedAt }: Omit<RecordedGroup, 'instance'>) {
  return { id, name, description, position, created_at: createdAt, updated_at: updatedAt }
}

function componentRow(component: RecordedComponent, removedAt: Instant | null) {
  return {
    ...partRow(component),
    group_id: component.groupId,
    bars_hidden_at: component.bars === 'hidden' ? component.createdAt : null,
    shown: component.shown,
    start_date: component.startDate,
    removed_at: component.listed === 'gone' ? (removedAt ?? component.updatedAt) : null,
  }
}

/** That it changed is still to be told. */
function without<Row extends object>(row: Row, passing: readonly string[]): Partial<Row> {
  const entries = Object.entries(row).filter(([column]) => column === 'updated_at' || !passing.includes(column))
  return Object.fromEntries(entries) as Partial<Row>
}

/** Nobody says how it was before it came here: green days would claim it. */
async function today(change: Change): Promise<string> {
  return dayOf(change.now, (await readSite(change.tx)).zone)
}

/** Addresses for new components: from their names, with an instance's key before them, with a number where one is taken. */
async function slugsFor(
  change: Change,
  rows: readonly Pick<ComponentRow, 'id' | 'name' | 'group_id'>[],
  groups: readonly RecordedGroup[],
): Promise<Map<string, string>> {
  const slugs = new Map<string, string>()
  if (rows.length === 0) return slugs
  const taken = new Set((await change.tx.selectFrom('components').select('slug').execute()).map(({ slug }) => slug))
  const keys = new Map(groups.map(({ id, instance }) => [id, instance?.key]))
  for (const { id, name, group_id: groupId } of rows) {
    const key = groupId === null ? undefined : keys.get(groupId)
    const base = await slugOf(key === undefined ? name : `${key} ${name}`)
    let slug = base
    for (let count = 2; taken.has(slug); count += 1) slug = `${base}-${count}`
    taken.add(slug)
    slugs.set(id, slug)
  }
  return slugs
}

function ids(things: readonly { readonly id: string }[]): string[] {
  return things.map(({ id }) => id)
}
