import { check } from '../../lib/check.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { differences } from '../changes/difference.ts'
import { readSite } from '../site/queries.ts'
import { translated } from '../site/translations.ts'
import type { Group } from './component.ts'
import { type GroupChanges, type NewGroup, groupChanges, newGroup } from './input.ts'
import { nextPosition } from './order.ts'
import { readGroup } from './queries.ts'

/** Adds a group at the end, with an instance key if it is a copy of the whole service; answers its id. */
export async function createGroup(change: Change, input: Unchecked<NewGroup>): Promise<string> {
  const given = check(newGroup, input)
  await mustBeFreeKey(change, given.instanceKey ?? null, null)
  const { locale } = await readSite(change.tx)
  const id = change.ids.next()
  await change.tx
    .insertInto('groups')
    .values({
      id,
      name: given.name,
      description: given.description ?? null,
      translations: JSON.stringify(translated(given.translations, ['name', 'description'], locale)),
      position: await nextPosition(change, null),
      instance_key: given.instanceKey ?? null,
      location: given.location ?? null,
      environment: given.environment ?? null,
      aliases: JSON.stringify(distinct(given.aliases ?? [])),
      tags: JSON.stringify(given.tags ?? []),
      created_at: change.now,
      updated_at: change.now,
    })
    .execute()
  await change.record({ type: 'group.created', subject: id, data: { name: given.name } })
  return id
}

/** Changes what is given. */
export async function changeGroup(change: Change, id: string, input: Unchecked<GroupChanges>): Promise<void> {
  const given = check(groupChanges, input)
  const group = await groupToChange(change, id)
  const { locale } = await readSite(change.tx)
  const changed = {
    name: given.name ?? group.name,
    description: given.description === undefined ? group.description : given.description,
    instanceKey: given.instanceKey === undefined ? group.instanceKey : given.instanceKey,
    location: given.location === undefined ? group.location : given.location,
    environment: given.environment === undefined ? group.environment : given.environment,
    aliases: JSON.stringify(given.aliases === undefined ? group.aliases : distinct(given.aliases ?? [])),
    tags: JSON.stringify(given.tags === undefined ? group.tags : (given.tags ?? [])),
    translations: JSON.stringify(
      given.translations === undefined
        ? group.translations
        : translated(given.translations, ['name', 'description'], locale),
    ),
  }
  const before = {
    ...group,
    aliases: JSON.stringify(group.aliases),
    tags: JSON.stringify(group.tags),
    translations: JSON.stringify(group.translations),
  }
  const names = (Object.keys(changed) as (keyof typeof changed)[]).filter((name) => changed[name] !== before[name])
  if (names.length === 0) return
  await mustBeFreeKey(change, changed.instanceKey, id)
  await change.tx
    .updateTable('groups')
    .set({
      name: changed.name,
      description: changed.description,
      instance_key: changed.instanceKey,
      location: changed.location,
      environment: changed.environment,
      aliases: changed.aliases,
      tags: changed.tags,
      translations: changed.translations,
      updated_at: change.now,
    })
    .where('id', '=', id)
    .execute()
  await change.record(
    { type: 'group.changed', subject: id, data: { name: changed.name, fields: names } },
    differences(names, before, changed),
  )
}

/** Removes a group; its components stand on their own from then on, after everything else. */
export async function removeGroup(change: Change, id: string): Promise<void> {
  const { name } = await groupToChange(change, id)
  const children = await change.tx
    .selectFrom('components')
    .select(['id', 'removed_at'])
    .where('group_id', '=', id)
    .orderBy('position')
    .orderBy('id')
    .execute()
  for (const child of children) {
    const place = { group_id: null, position: await nextPosition(change, null), updated_at: change.now }
    await change.tx.updateTable('components').set(place).where('id', '=', child.id).execute()
  }
  await change.tx.deleteFrom('groups').where('id', '=', id).execute()
  await change.record({ type: 'group.removed', subject: id, data: { name } })
}

async function groupToChange(change: Change, id: string): Promise<Group> {
  const group = await readGroup(change.tx, id)
  if (!group) throw new NotFound('There is no such group.')
  return group
}

/** Asked before writing: a write that the database refuses ends the whole change. */
async function mustBeFreeKey(change: Change, key: string | null, own: string | null): Promise<void> {
  if (key === null) return
  const row = await change.tx
    .selectFrom('groups')
    .select(['id', 'name'])
    .where('instance_key', '=', key)
    .executeTakeFirst()
  if (row && row.id !== own) throw new Conflict(`“${row.name}” has the key “${key}” already.`, 'instanceKey')
}

function distinct(aliases: readonly string[]): string[] {
  return [...new Set(aliases)]
}
