import type { ExpressionBuilder } from 'kysely'
import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import type { Tables } from '../../database/tables.ts'
import { breath } from '../../lib/breath.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Actor } from '../changes/actor.ts'
import type { Changer } from '../changes/change.ts'
import type { ChannelKind } from '../subscribers/channel.ts'
import type { DropReason } from './addressees.ts'
import type { Audience, FailureReason, Payload } from './message.ts'

/** How far a delivery has come. `again`: it failed, and will be tried again. */
export const deliveryStates = ['queued', 'sending', 'again', 'accepted', 'failed', 'dropped'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** What became of a message for one recipient. */
export interface Delivery {
  readonly message: number
  readonly payload: Payload
  /** When what it tells happened. */
  readonly at: Instant
  readonly audience: Audience
  readonly recipient: string
  readonly channel: ChannelKind
  readonly state: DeliveryState
  readonly reason: FailureReason | DropReason | null
  /** `550 5.1.1`, `410`. */
  readonly code: string | null
  readonly attempts: number
  /** When it is tried next; null: it is done. */
  readonly dueAt: Instant | null
  readonly doneAt: Instant | null
}

export type DeliveryCounts = Readonly<Record<DeliveryState, number>>

/** How many of a message are how far, with those that are no longer kept one by one. Reads all of them: some ten milliseconds. */
export async function deliveryCounts(db: Db, message: number, now: Instant): Promise<DeliveryCounts> {
  const sums = await db
    .selectFrom('messages')
    .select(['accepted', 'failed'])
    .where('number', '=', message)
    .executeTakeFirst()
  const rows = await db
    .selectFrom('deliveries')
    .select((eb) => [stateOf(eb, now).as('state'), eb.fn.countAll<number>().as('count')])
    .where('message', '=', message)
    .groupBy('state')
    .execute()
  const count = (state: DeliveryState): number => Number(rows.find((row) => row.state === state)?.count ?? 0)
  return {
    queued: count('queued'),
    sending: count('sending'),
    again: count('again'),
    accepted: count('accepted') + (sums?.accepted ?? 0),
    failed: count('failed') + (sums?.failed ?? 0),
    dropped: count('dropped'),
  }
}

/** Why it failed, and for how many; most first. Of those who are still kept one by one. */
export async function whyFailed(
  db: Db,
  message: number,
): Promise<readonly { readonly reason: FailureReason; readonly count: number }[]> {
  const rows = await db
    .selectFrom('deliveries')
    .select((eb) => ['reason', eb.fn.countAll().as('count')])
    .where('message', '=', message)
    .where('outcome', '=', 'failed')
    .where('reason', 'is not', null)
    .groupBy('reason')
    .orderBy('reason')
    .execute()
  const all = rows.map(({ reason, count }) => ({ reason: reason as FailureReason, count: Number(count) }))
  return all.toSorted((a, b) => b.count - a.count)
}

export interface DeliveriesAsked {
  readonly now: Instant
  /** Left out: all. */
  readonly state?: DeliveryState
  /** Why it failed. */
  readonly reason?: FailureReason
  /** The recipient after whom it goes on. */
  readonly after?: string
  readonly limit: number
}

/** Who gets a message, and how far it has come, by recipient. */
export async function deliveriesOf(
  db: Db,
  message: number,
  { now, state, reason, after, limit }: DeliveriesAsked,
): Promise<Delivery[]> {
  let query = rowsOf(db, now).where('deliveries.message', '=', message)
  if (state !== undefined) query = query.where((eb) => eb(stateOf(eb, now), '=', state))
  if (reason !== undefined) query = query.where('reason', '=', reason)
  if (after !== undefined) query = query.where('recipient', '>', after)
  return (await query.orderBy('recipient').orderBy('audience').limit(limit).execute()).map(toDelivery)
}

/** What somebody got or is to get, the newest first. */
export async function deliveriesTo(
  db: Db,
  { audience, recipient }: Pick<Delivery, 'audience' | 'recipient'>,
  { now, limit }: Pick<DeliveriesAsked, 'now' | 'limit'>,
): Promise<Delivery[]> {
  const rows = await rowsOf(db, now)
    .where('audience', '=', audience)
    .where('recipient', '=', recipient)
    .orderBy('deliveries.message', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toDelivery)
}

/** Some milliseconds of a file's only connection: others have theirs between two portions. */
const atOnce = 250

interface Parts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}

/**
 * Sends a message once more to those whom it did not reach, as if it were due for the first time. Whoever left meanwhile, or
 * was given up, gets nothing all the same. With a reason only to those for whom it failed for that. Answers to how many.
 * First it is written down who asked for it; then they are taken a portion at a time.
 */
export async function resendFailed(
  { db, change, clock }: Parts,
  actor: Actor,
  { number, reason = null }: { readonly number: number; readonly reason?: FailureReason | null },
): Promise<number> {
  const count = await change(actor, async ({ tx, record }) => {
    const message = await tx.selectFrom('messages').select('payload').where('number', '=', number).executeTakeFirst()
    const payload = message ? (JSON.parse(message.payload) as Payload) : null
    if (payload?.kind !== 'told') throw new NotFound('There is no such message to subscribers.')
    const row = await failedOf(tx, number, reason)
      .select((eb) => eb.fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    const recipients = Number(row.count)
    if (recipients === 0) throw new Conflict('It did not fail for anybody, or that is no longer known.')
    const { subject } = payload.told
    await record({ type: 'message.resent', subject: subject.id, data: { name: subject.name, recipients } })
    return recipients
  })
  for (let last: string | null = ''; last !== null;) {
    const after: string = last
    last = await inTransaction(db, (tx) => resendSome(tx, { number, reason, after, now: clock.now() }))
    await breath()
  }
  return count
}

/** Answers after whom it goes on; null: nobody is left. */
async function resendSome(
  tx: Tx,
  {
    number,
    reason,
    after,
    now,
  }: {
    readonly number: number
    readonly reason: FailureReason | null
    readonly after: string
    readonly now: Instant
  },
): Promise<string | null> {
  const failed = await failedOf(tx, number, reason)
    .select('recipient')
    .where('recipient', '>', after)
    .orderBy('recipient')
    .limit(atOnce)
    .execute()
  const recipients = failed.map(({ recipient }) => recipient)
  if (recipients.length > 0) {
    await tx
      .updateTable('deliveries')
      .set({ done_at: null, outcome: null, attempts: 0, due_at: now, first_due_at: null, lead: null })
      .where('message', '=', number)
      .where('audience', '=', 'subscriber')
      .where('recipient', 'in', recipients)
      .where('outcome', '=', 'failed')
      .execute()
  }
  return recipients.length < atOnce ? null : (recipients.at(-1) ?? null)
}

function failedOf(db: Db, number: number, reason: FailureReason | null) {
  const failed = db
    .selectFrom('deliveries')
    .where('message', '=', number)
    .where('audience', '=', 'subscriber')
    .where('outcome', '=', 'failed')
  return reason === null ? failed : failed.where('reason', '=', reason)
}

type Builder = ExpressionBuilder<Tables, 'deliveries'>

function stateOf(eb: Builder, now: Instant) {
  return eb
    .case()
    .when('outcome', 'is not', null)
    .then(eb.ref('outcome'))
    .when(eb.and([eb('claimed_by', 'is not', null), eb('claimed_until', '>', now)]))
    .then('sending')
    .when('attempts', '>', 0)
    .then('again')
    .else('queued')
    .end()
}

function rowsOf(db: Db, now: Instant) {
  return db
    .selectFrom('deliveries')
    .innerJoin('messages', 'messages.number', 'deliveries.message')
    .select(['message', 'payload', 'at', 'audience', 'recipient', 'channel', 'reason', 'code', 'attempts'])
    .select(['deliveries.due_at', 'done_at'])
    .select((eb) => stateOf(eb as unknown as Builder, now).as('state'))
}

type Row = Awaited<ReturnType<ReturnType<typeof rowsOf>['execute']>>[number]

function toDelivery({ payload, due_at: dueAt, done_at: doneAt, ...row }: Row): Delivery {
  return {
    ...row,
    payload: JSON.parse(payload) as Payload,
    channel: row.channel as ChannelKind,
    state: row.state as DeliveryState,
    reason: row.reason as Delivery['reason'],
    dueAt: doneAt === null ? dueAt : null,
    doneAt,
  }
}
