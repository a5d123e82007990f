import type { ExpressionBuilder } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { Tables } from '../../database/tables.ts'
import { Invalid } from '../../lib/errors.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Vault } from '../../lib/vault.ts'
import { addressHash, withoutSecrets } from './addresses.ts'
import { type ChannelKind, type Target, channelKinds } from './channel.ts'
import { readTarget } from './targets.ts'
import { type FullSubscriberRow, scopesOf, subscriberOf } from './rows.ts'
import type { Scope, Subscriber } from './subscriber.ts'

export const subscriberStates = ['active', 'unconfirmed', 'paused', 'disabled'] as const
export type SubscriberState = (typeof subscriberStates)[number]

export function stateOf({
  confirmedAt,
  pausedAt,
  disabledAt,
}: Pick<Subscriber, 'confirmedAt' | 'pausedAt' | 'disabledAt'>): SubscriberState {
  if (confirmedAt === null) return 'unconfirmed'
  if (disabledAt !== null) return 'disabled'
  return pausedAt === null ? 'active' : 'paused'
}

/** Where a page ends and the next begins. */
export interface Cursor {
  readonly createdAt: Instant
  readonly id: string
}

export interface SubscribersAsked {
  readonly channel?: ChannelKind
  /** Any of these. */
  readonly channels?: readonly ChannelKind[]
  readonly state?: SubscriberState
  /** Any of these. */
  readonly states?: readonly SubscriberState[]
  /** An address as somebody typed it: exactly this one, because nothing else can be looked for under a key. */
  readonly address?: string
  /** Who is told of this incident, and did not ask for everything. */
  readonly incident?: string
  readonly skip?: number
  /** Newest first, unless it is said. */
  readonly sorted?: { readonly by: 'created_at' | 'disabled_at'; readonly direction: 'asc' | 'desc' }
  readonly after?: Cursor | null
  readonly limit: number
}

const newestFirst = { by: 'created_at', direction: 'desc' } as const

/** A page of them, newest first, and where the next one begins. */
export async function subscribersPage(
  { db, vault }: { readonly db: Db; readonly vault: Vault },
  {
    channel,
    channels,
    state,
    states,
    address,
    incident,
    sorted = newestFirst,
    skip = 0,
    after = null,
    limit,
  }: SubscribersAsked,
): Promise<{ readonly subscribers: readonly Subscriber[]; readonly next: Cursor | null }> {
  let query = db.selectFrom('subscribers').selectAll()
  if (channel) query = query.where('channel', '=', channel)
  if (channels) query = query.where('channel', 'in', channels)
  const wanted = states ?? (state ? [state] : null)
  if (wanted) query = query.where((eb) => eb.or(wanted.map((one) => isIn(eb, one))))
  if (address !== undefined) {
    const hashes = hashesOf(vault, address)
    if (hashes.length === 0) return { subscribers: [], next: null }
    query = query.where('address_hash', 'in', hashes)
  }
  if (incident !== undefined) {
    query = query.where('id', 'in', (eb) =>
      eb
        .selectFrom('subscriber_scopes')
        .select('subscriber_id')
        .where('kind', '=', 'incident')
        .where('target_id', '=', incident),
    )
  }
  if (after) {
    query = query.where((eb) =>
      eb.or([
        eb('created_at', '<', after.createdAt),
        eb.and([eb('created_at', '=', after.createdAt), eb('id', '<', after.id)]),
      ]),
    )
  }
  const rows = await query
    // Those who were never given up last, on both databases.
    .orderBy(sorted.by, (order) => order[sorted.direction]().nullsLast())
    .orderBy('id', sorted.direction)
    .limit(limit + 1)
    .offset(skip)
    .execute()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    subscribers: await opened({ db, vault }, shown),
    next: rows.length > limit && last ? { createdAt: last.created_at, id: last.id } : null,
  }
}

function isIn(eb: ExpressionBuilder<Tables, 'subscribers'>, state: SubscriberState) {
  if (state === 'unconfirmed') return eb('confirmed_at', 'is', null)
  const confirmed = eb('confirmed_at', 'is not', null)
  if (state === 'disabled') return eb.and([confirmed, eb('disabled_at', 'is not', null)])
  return eb.and([confirmed, eb('disabled_at', 'is', null), eb('paused_at', state === 'active' ? 'is' : 'is not', null)])
}

/** By which an address is found, in every channel in which it is one. */
function hashesOf(vault: Vault, typed: string): string[] {
  const input = { address: typed, url: typed, number: typed, chat: typed }
  return channelKinds.flatMap((kind) => {
    try {
      return [addressHash(vault, kind, readTarget(kind, input))]
    } catch (error) {
      if (error instanceof Invalid) return []
      throw error
    }
  })
}

export interface SubscriberCount {
  readonly channel: ChannelKind
  readonly state: SubscriberState
  readonly count: number
}

export async function subscriberCounts(db: Db): Promise<readonly SubscriberCount[]> {
  const rows = await db
    .selectFrom('subscribers')
    .select((eb) => [
      'channel',
      eb
        .case()
        .when('confirmed_at', 'is', null)
        .then('unconfirmed')
        .when('disabled_at', 'is not', null)
        .then('disabled')
        .when('paused_at', 'is not', null)
        .then('paused')
        .else('active')
        .end()
        .as('state'),
      eb.fn.countAll().as('count'),
    ])
    .groupBy(['channel', 'state'])
    .orderBy('channel')
    .orderBy('state')
    .execute()
  return rows.map(({ channel, state, count }) => ({
    channel: channel as ChannelKind,
    state: state as SubscriberState,
    count: Number(count),
  }))
}

type Parts = { readonly db: Db; readonly vault: Vault }

export async function subscriberById({ db, vault }: Parts, id: string): Promise<Subscriber | null> {
  const rows = await db.selectFrom('subscribers').selectAll().where('id', '=', id).execute()
  return (await opened({ db, vault }, rows))[0] ?? null
}

/** Those of these who are there, by id. */
export async function subscribersById(
  { db, vault }: Parts,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Subscriber>> {
  if (ids.length === 0) return new Map()
  const rows = await db.selectFrom('subscribers').selectAll().where('id', 'in', ids).orderBy('id').execute()
  return new Map((await opened({ db, vault }, rows)).map((subscriber) => [subscriber.id, subscriber]))
}

export async function subscriberByAddress(
  { db, vault }: Parts,
  kind: ChannelKind,
  target: Target,
): Promise<Subscriber | null> {
  const hash = addressHash(vault, kind, target)
  const rows = await db.selectFrom('subscribers').selectAll().where('address_hash', '=', hash).execute()
  return (await opened({ db, vault }, rows))[0] ?? null
}

async function opened({ db, vault }: Parts, rows: readonly FullSubscriberRow[]): Promise<Subscriber[]> {
  const scopes = await scopesOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => subscriberOf(vault, row, scopes.get(row.id) ?? []))
}

/** All that is kept of somebody, for themselves. */
export interface EverythingKnown {
  readonly subscriber: Subscriber
  /** A scope that was asked for with their address, and waits for their yes. */
  readonly waiting: { readonly scope: Scope; readonly since: Instant } | null
  /** Letters about the subscription itself, of the day that began then. */
  readonly asked: { readonly times: number; readonly since: Instant } | null
  readonly failures: { readonly times: number; readonly since: Instant } | null
  readonly letters: readonly KnownLetter[]
}

export interface KnownLetter {
  /** `told`, `confirm`, `known`, `test`. */
  readonly kind: string
  /** What it belonged to: `incident:abc`. */
  readonly thread: string
  readonly at: Instant
  readonly doneAt: Instant | null
  readonly outcome: 'accepted' | 'failed' | 'dropped' | null
  readonly reason: string | null
}

const mostLetters = 1000

export async function everythingKnown({ db, vault }: Parts, id: string): Promise<EverythingKnown | null> {
  const row = await db.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirst()
  const subscriber = row && (await opened({ db, vault }, [row]))[0]
  if (!row || !subscriber) return null
  const letters = await db
    .selectFrom('deliveries')
    .innerJoin('messages', 'messages.number', 'deliveries.message')
    .select(['messages.kind', 'messages.at', 'deliveries.thread', 'deliveries.done_at as doneAt'])
    .select(['deliveries.outcome', 'deliveries.reason'])
    .where('deliveries.audience', '=', 'subscriber')
    .where('deliveries.recipient', '=', id)
    .orderBy('messages.number', 'desc')
    .limit(mostLetters)
    .execute()
  return {
    subscriber: { ...subscriber, target: withoutSecrets(subscriber.target) },
    waiting:
      row.wanted !== null && row.wanted_at !== null
        ? { scope: JSON.parse(row.wanted) as Scope, since: row.wanted_at }
        : null,
    asked: row.asked > 0 && row.asked_since !== null ? { times: row.asked, since: row.asked_since } : null,
    failures: row.failures > 0 && row.failing_since !== null ? { times: row.failures, since: row.failing_since } : null,
    letters,
  }
}
