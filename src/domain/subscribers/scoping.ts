import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { isNothing, wholeScope } from './input.ts'
import { removeSubscribers } from './adding.ts'
import { subscriberById } from './queries.ts'
import { whatExists, wishColumns, writeScope } from './rows.ts'
import type { Scope, Subscriber } from './subscriber.ts'

// What an operator's program changes of what somebody is told of. They themselves do it by their link.

/** These components and groups and no others; none: everything. Incidents that they follow stay. */
export async function chooseComponents(change: Change, id: string, chosen: readonly string[]): Promise<void> {
  const subscriber = await theirs(change, id)
  const scope =
    chosen.length === 0
      ? wholeScope
      : { ...(await componentsAndGroups(change, chosen)), incidents: subscriber.scope.incidents }
  await rewrite(change, subscriber, scope)
}

/** Every id has to be one of a component or a group of this page. */
export async function componentsAndGroups({ tx }: Pick<Change, 'tx'>, chosen: readonly string[]): Promise<Scope> {
  const ids = [...new Set(chosen)].toSorted()
  const scope = await whatExists(tx, { everything: 'no', components: ids, groups: ids, incidents: [] })
  const unknown = ids.find((one) => !scope.components.includes(one) && !scope.groups.includes(one))
  if (unknown !== undefined) throw new Invalid('holds an id of no component of this page', 'component_ids')
  return scope
}

/** Beside what they are told of already. */
export async function followIncident(change: Change, id: string, incident: string): Promise<void> {
  const subscriber = await theirs(change, id)
  const { scope } = subscriber
  if (scope.everything === 'yes' || scope.incidents.includes(incident)) {
    throw new Conflict('They are told of this incident already.')
  }
  await rewrite(change, subscriber, { ...scope, incidents: [...scope.incidents, incident].toSorted() })
}

/** Who was told of nothing else is told of nothing any more, and is forgotten. */
export async function leaveIncident(change: Change, id: string, incident: string): Promise<void> {
  const subscriber = await theirs(change, id)
  const incidents = subscriber.scope.incidents.filter((one) => one !== incident)
  if (incidents.length === subscriber.scope.incidents.length) throw noSubscriber()
  const scope = { ...subscriber.scope, incidents }
  if (isNothing(scope)) await removeSubscribers(change, [id])
  else await rewrite(change, subscriber, scope)
}

async function rewrite(change: Change, subscriber: Subscriber, scope: Scope): Promise<void> {
  const { id, channel } = subscriber
  await change.tx
    .updateTable('subscribers')
    .set(wishColumns({ ...subscriber, scope }))
    .where('id', '=', id)
    .execute()
  await writeScope(change.tx, id, scope)
  await change.record({ type: 'subscriber.changed', subject: id, data: { channel } })
}

async function theirs({ tx: db, vault }: Change, id: string): Promise<Subscriber> {
  // Held first, so that of two changes at once one comes after the other.
  await db
    .updateTable('subscribers')
    .set((eb) => ({ everything: eb.ref('everything') }))
    .where('id', '=', id)
    .execute()
  const subscriber = await subscriberById({ db, vault }, id)
  if (!subscriber) throw noSubscriber()
  return subscriber
}

function noSubscriber(): NotFound {
  return new NotFound('There is no such subscriber.')
}
