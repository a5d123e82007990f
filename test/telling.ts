import { tellingSubscribers } from '../src/domain/deliveries/subscribers-told.ts'
import type { Told } from '../src/domain/deliveries/told.ts'
import type { Payload } from '../src/domain/deliveries/message.ts'
import type { Instant } from '../src/lib/clock.ts'
import type { World } from './world.ts'

type Here = Pick<World, 'db' | 'clock' | 'log'>

/** What a test wishes of somebody who is told; left out: everything, at once, in UTC. */
export interface Listening {
  readonly everything?: 'yes' | 'no'
  readonly components?: readonly string[]
  readonly groups?: readonly string[]
  readonly incidents?: readonly string[]
  readonly kinds?: readonly string[]
  readonly severityFrom?: string
  readonly extent?: 'every' | 'ends'
  readonly quiet?: { readonly from: string; readonly until: string } | null
  readonly zone?: string
  readonly channel?: string
}

/** A confirmed subscriber, written straight into the tables: how one signs up is another matter. */
export async function listens(here: Here, id: string, wishes: Listening = {}): Promise<void> {
  await allListen(here, [[id, wishes]])
}

/** Many at once. */
export async function allListen(
  { db, clock }: Here,
  listeners: readonly (readonly [string, Listening])[],
): Promise<void> {
  const scopes = listeners.flatMap(([id, wishes]) => scopesOf(id, wishes))
  const named = new Set(scopes.map((scope) => scope.subscriber_id))
  const now = clock.now()
  const rows = listeners.map(([id, wishes]) => ({
    id,
    channel: wishes.channel ?? 'email',
    target_sealed: '',
    address_hash: id,
    locale: 'en',
    zone: wishes.zone ?? 'UTC',
    everything: wishes.everything ?? (named.has(id) ? ('no' as const) : ('yes' as const)),
    kinds: JSON.stringify(wishes.kinds ?? ['incident', 'maintenance', 'review', 'notice']),
    severity_from: wishes.severityFrom ?? 'none',
    extent: wishes.extent ?? ('every' as const),
    quiet_from: wishes.quiet?.from ?? null,
    quiet_until: wishes.quiet?.until ?? null,
    source: 'form',
    created_at: now,
    consented_at: now,
    confirmed_at: now,
  }))
  for (let at = 0; at < rows.length; at += 500) {
    await db
      .insertInto('subscribers')
      .values(rows.slice(at, at + 500))
      .execute()
  }
  for (let at = 0; at < scopes.length; at += 500) {
    await db
      .insertInto('subscriber_scopes')
      .values(scopes.slice(at, at + 500))
      .execute()
  }
}

function scopesOf(id: string, wishes: Listening) {
  const lists = { component: wishes.components, group: wishes.groups, incident: wishes.incidents }
  return Object.entries(lists).flatMap(([kind, ids]) =>
    (ids ?? []).map((target) => ({ kind: kind as keyof typeof lists, subscriber_id: id, target_id: target })),
  )
}

/** Follows what happened, and hands out what has been held long enough. */
export async function tells(here: Here): Promise<void> {
  await tellingSubscribers(here)()
}

/** Waits the two minutes, and hands out. */
export async function tellsAll(here: Here): Promise<void> {
  await tells(here)
  here.clock.advance('2m')
  await tells(here)
}

/** What lies ready to be brought to a subscriber, in order. */
export async function toldTo(
  { db }: Pick<Here, 'db'>,
  id: string,
): Promise<(Told & { readonly at: Instant; readonly dueAt: Instant })[]> {
  const rows = await db
    .selectFrom('deliveries')
    .innerJoin('messages', 'messages.number', 'deliveries.message')
    .select(['messages.payload', 'messages.at', 'deliveries.due_at'])
    .where('deliveries.audience', '=', 'subscriber')
    .where('deliveries.recipient', '=', id)
    .orderBy('messages.number')
    .execute()
  return rows.map((row) => {
    const payload = JSON.parse(row.payload) as Payload
    if (payload.kind !== 'told') throw new Error('Only what is told goes to subscribers here.')
    return { ...payload.told, at: row.at, dueAt: row.due_at }
  })
}

/** Each thing that somebody was told, with how it was worded. */
export async function heardBy(here: Pick<Here, 'db'>, id: string): Promise<string[]> {
  return (await toldTo(here, id)).map(({ event, word }) => `${event}: ${word?.body ?? ''}`)
}
