import type { Change } from '../../../src/domain/changes/change.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { listens } from '../../telling.ts'
import { type World, world } from '../../world.ts'
import { ada } from '../desk.ts'
import { type Listener, type Story, componentCount, groupCount } from './whom.ts'

/** A page with as many systems and groups as stories are about. */
export interface Stage extends World {
  readonly components: readonly string[]
  readonly groups: readonly string[]
}

export async function stage(): Promise<Stage> {
  const here = await world()
  const make = async (count: number, one: (it: Change, name: string) => Promise<string>): Promise<string[]> => {
    const ids: string[] = []
    for (let number = 0; number < count; number += 1) ids.push(await here.change(ada, (it) => one(it, `${number}`)))
    return ids
  }
  return {
    ...here,
    components: await make(componentCount, (it, name) => createComponent(it, { name: `System ${name}` })),
    groups: await make(groupCount, (it, name) => createGroup(it, { name: `Group ${name}` })),
  }
}

export async function nobody({ db }: Stage): Promise<void> {
  for (const table of ['deliveries', 'messages', 'subscriber_scopes', 'subscribers'] as const) {
    await db.deleteFrom(table).execute()
  }
}

export async function moves({ db, components, groups }: Stage, component: number, group: number | null): Promise<void> {
  await db
    .updateTable('components')
    .set({ group_id: group === null ? null : (groups[group] ?? null) })
    .where('id', '=', components[component] ?? '')
    .execute()
}

export async function joins(here: Stage, index: number, listener: Listener): Promise<void> {
  const id = nameOf(index)
  await listens(here, id, {
    ...listener,
    everything: listener.everything ? 'yes' : 'no',
    components: listener.components.map((each) => here.components[each] ?? ''),
    groups: listener.groups.map((each) => here.groups[each] ?? ''),
  })
  const { state } = listener
  const now = here.clock.now()
  const set = {
    unconfirmed: { confirmed_at: null },
    paused: { paused_at: now },
    disabled: { disabled_at: now, disabled_because: 'bounced' },
  }
  if (state === 'listens') return
  await here.db.updateTable('subscribers').set(set[state]).where('id', '=', id).execute()
}

export function nameOf(listener: number): string {
  return `listener ${listener}`
}

export async function follow({ db }: Stage, { listeners }: Story, incident: string): Promise<void> {
  const rows = [...listeners.entries()].flatMap(([index, { first }]) =>
    first ? [{ subscriber_id: nameOf(index), kind: 'incident' as const, target_id: incident }] : [],
  )
  if (rows.length > 0)
    await db
      .insertInto('subscriber_scopes')
      .values(rows)
      .onConflict((on) => on.doNothing())
      .execute()
}
