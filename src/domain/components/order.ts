import { check } from '../../lib/check.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Unchecked } from '../../lib/fields.ts'
import type { Change } from '../changes/change.ts'
import { readSite } from '../site/queries.ts'
import { type Order, order } from './input.ts'
import { listComponents, listGroups } from './queries.ts'

/**
 * Arranges the whole page at once: every component and group stands in it exactly once. Refused where something came
 * or went in the meantime, so that nothing is moved that the operator did not see.
 */
export async function orderComponents(change: Change, input: Unchecked<Order>): Promise<void> {
  const { entries } = check(order, input)
  const groups = new Map((await listGroups(change.tx)).map((group) => [group.id, group]))
  const components = new Map((await listComponents(change.tx)).map((component) => [component.id, component]))
  const places = placesOf(entries, groups)
  const seen = new Set<string>()
  for (const { id, field } of places) {
    if (!groups.has(id) && !components.has(id)) throw new Invalid('There is no such component or group.', field)
    if (seen.has(id)) throw new Invalid('A component or group can stand in one place only.', field)
    seen.add(id)
  }
  if (seen.size !== groups.size + components.size) {
    throw new Conflict(
      'Components or groups came or went in the meantime: load the page again, then arrange them.',
      'entries',
    )
  }
  for (const { id, groupId, position } of places) {
    const component = components.get(id)
    if (groups.has(id)) {
      if (groups.get(id)?.position === position) continue
      await change.tx.updateTable('groups').set({ position, updated_at: change.now }).where('id', '=', id).execute()
    } else if (component?.position !== position || component.groupId !== groupId) {
      const place = { position, group_id: groupId, updated_at: change.now }
      await change.tx.updateTable('components').set(place).where('id', '=', id).execute()
    }
  }
  const site = await readSite(change.tx)
  await change.record({ type: 'components.ordered', subject: site.id, data: { count: components.size } })
}

/** The position after the last, in a group or at the top, which groups and single components share. */
export async function nextPosition(change: Change, groupId: string | null): Promise<number> {
  const components = change.tx
    .selectFrom('components')
    .select((eb) => eb.fn.max('position').as('last'))
    .where('removed_at', 'is', null)
  const inGroup =
    groupId === null ? components.where('group_id', 'is', null) : components.where('group_id', '=', groupId)
  const last = Number((await inGroup.executeTakeFirst())?.last ?? 0)
  if (groupId !== null) return last + 1
  const groups = await change.tx
    .selectFrom('groups')
    .select((eb) => eb.fn.max('position').as('last'))
    .executeTakeFirst()
  return Math.max(last, Number(groups?.last ?? 0)) + 1
}

interface Place {
  readonly id: string
  readonly groupId: string | null
  readonly position: number
  readonly field: string
}

function placesOf(entries: Order['entries'], groups: ReadonlyMap<string, unknown>): Place[] {
  return entries.flatMap((entry, index) => {
    const field = `entries[${index}]`
    if (entry.components?.length && !groups.has(entry.id)) {
      throw new Invalid('Only a group holds components.', `${field}.components`)
    }
    const children = (entry.components ?? []).map((id, place) => {
      const childField = `${field}.components[${place}]`
      if (groups.has(id)) throw new Invalid('A group cannot stand in a group.', childField)
      return { id, groupId: entry.id, position: place + 1, field: childField }
    })
    return [{ id: entry.id, groupId: null, position: index + 1, field: `${field}.id` }, ...children]
  })
}
