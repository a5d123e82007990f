import type { Change } from '../changes/change.ts'
import { slugOf } from '../components/slugs.ts'
import type { RecordedComponent, RecordedGroup } from './recording.ts'
import { type Merge, byId, inPortions, merge } from './merge.ts'

/** Writes the groups and components of a recording; answers what was done with the components. */
export async function importComponents(
  change: Change,
  { groups, components }: { groups: readonly RecordedGroup[]; components: readonly RecordedComponent[] },
): Promise<{ readonly groups: Merge<object>; readonly components: Merge<{ readonly id: string }> }> {
  const { tx } = change
  const groupRows = groups.map(groupRow)
  const presentGroups = await byId(ids(groups), (some) =>
    tx.selectFrom('groups').selectAll().where('id', 'in', some).execute(),
  )
  const ofGroups = merge(groupRows, presentGroups)
  await inPortions(ofGroups.missing, (some) =>
    tx
      .insertInto('groups')
      .values(some.map((row) => ({ ...row, ...plainGroup })))
      .execute(),
  )
  for (const row of ofGroups.changed) await tx.updateTable('groups').set(row).where('id', '=', row.id).execute()

  const present = await byId(ids(components), (some) =>
    tx.selectFrom('components').selectAll().where('id', 'in', some).execute(),
  )
  const ofComponents = merge(components.map(componentRow), present)
  const slugs = await slugsFor(change, ofComponents.missing)
  await inPortions(ofComponents.missing, (some) =>
    tx
      .insertInto('components')
      .values(some.map((row) => ({ ...row, slug: slugs.get(row.id) ?? row.id, translations: '{}' })))
      .execute(),
  )
  for (const row of ofComponents.changed) await tx.updateTable('components').set(row).where('id', '=', row.id).execute()
  return { groups: ofGroups, components: ofComponents }
}

const plainGroup = { translations: '{}', instance_key: null, location: null, environment: null, aliases: '[]' }

function groupRow({ id, name, description, position, createdAt, updatedAt }: RecordedGroup) {
  return { id, name, description, position, created_at: createdAt, updated_at: updatedAt }
}

function componentRow(component: RecordedComponent) {
  return {
    ...groupRow(component),
    group_id: component.groupId,
    bars_hidden_at: component.bars === 'hidden' ? component.createdAt : null,
    shown: component.shown,
    start_date: component.startDate,
    removed_at: component.listed === 'gone' ? component.updatedAt : null,
  }
}

/** Addresses for new components: from their names, with a number where one is taken. */
async function slugsFor(change: Change, rows: readonly { id: string; name: string }[]): Promise<Map<string, string>> {
  const slugs = new Map<string, string>()
  if (rows.length === 0) return slugs
  const taken = new Set((await change.tx.selectFrom('components').select('slug').execute()).map(({ slug }) => slug))
  for (const { id, name } of rows) {
    const base = slugOf(name)
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
