import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { takeClaimTurn } from '../../database/dialect.ts'
import { breath } from '../../lib/breath.ts'
import { type Instant, later } from '../../lib/clock.ts'
import { readSite } from '../site/queries.ts'
import type { Site } from '../site/site.ts'
import type { ChannelKind } from '../subscribers/channel.ts'
import { type Addressee, type DropReason, addresseesOf } from './addressees.ts'
import { type KnownMessage, type Row, type Turn, keyOf, linesOf, messagesOf, turnsOf } from './in-line.ts'
import type { Audience, Message } from './message.ts'
import { isTooLate } from './patience.ts'

/** One letter that is to be sent now: of one message, or of several that waited together. */
export interface Claim {
  /** Numbers of the messages, oldest first; the first is in the key. */
  readonly numbers: readonly number[]
  readonly audience: Audience
  readonly channel: ChannelKind
  readonly addressee: Addressee
  readonly isFirst: boolean
  /** It was under way before: somebody may have it already. */
  readonly isRepeat: boolean
}

/** Letters to send, and what they say. */
export interface Batch {
  readonly site: Site
  readonly messages: readonly Message[]
  readonly claims: readonly Claim[]
  /** What was looked at. As many as were asked for: there may be more. */
  readonly seen: number
}

export interface Claiming {
  /** Who takes them; the claim lasts until it is known what became of it, or three minutes. */
  readonly by: string
  readonly now: Instant
  readonly channel: ChannelKind
  /** Each has a line of its own: however many subscribers wait, operators and accounts do not wait behind them. */
  readonly audience: Audience
  readonly most: number
}

/** People get what waits for them as one letter; programs get each thing by itself. */
export function joinsOf(channel: ChannelKind): 'yes' | 'no' {
  return channel === 'webhook' ? 'no' : 'yes'
}

const claimSeconds = 180
/** So long what is for a browser that moved waits, until it is asked again whether one was reached there. */
const movedSeconds = 5
/**
 * Takes deliveries that are due upon this process, in order for each recipient and conversation: never one whose recipient
 * has an earlier one under way, or one that is to be tried again. What is due takes with it what the same person was to
 * hear of the same before. Whoever left meanwhile gets nothing.
 */
export async function claimDue(db: Db, claiming: Claiming): Promise<Batch | null> {
  const { channel, now } = claiming
  return inTransaction(db, async (tx) => {
    await takeClaimTurn(tx)
    const due = await dueNow(tx, claiming)
    if (due.length === 0) return null
    const lines = await linesOf(tx, due)
    const messages = await messagesOf(tx, lines)
    await breath()
    const isDue = new Set(due.map(keyOf))
    const { turns, held } = turnsOf(lines, { messages, isDue, now, joins: joinsOf(channel) })
    for (const [until, rows] of held) await holdBack(tx, rows, until)
    const site = await readSite(tx)
    const claims = await fitToSend(tx, turns, { ...claiming, messages, site })
    await breath()
    const kept = await take(tx, claims, claiming)
    const said = new Set(kept.flatMap(({ numbers }) => numbers))
    return {
      site,
      messages: [...messages.values()].filter(({ number }) => said.has(number)),
      claims: kept,
      seen: due.length,
    }
  })
}

function dueNow(tx: Tx, { channel, audience, now, most }: Claiming) {
  return tx
    .selectFrom('deliveries')
    .select(['message', 'audience', 'recipient', 'thread'])
    .where('channel', '=', channel)
    .where('audience', '=', audience)
    .where('done_at', 'is', null)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('message')
    .orderBy('recipient')
    .limit(most)
    .execute()
}

/** Leaves those out who are not to get it any more, and writes that down. */
async function fitToSend(
  tx: Tx,
  turns: readonly Turn[],
  {
    messages,
    site,
    now,
    channel,
  }: Claiming & { readonly messages: ReadonlyMap<number, KnownMessage>; readonly site: Site },
): Promise<Claim[]> {
  const asked = turns.flatMap((turn) => {
    const [{ audience, recipient, message }] = turn
    const known = messages.get(message)
    return known ? [{ turn, audience, recipient, payload: known.payload }] : []
  })
  const addresseeOf = await addresseesOf(tx, site, asked)
  const moved: Row[] = []
  const dropped = new Map<DropReason, Row[]>()
  const drop = (reason: DropReason, rows: readonly Row[]): void =>
    void dropped.set(reason, [...(dropped.get(reason) ?? []), ...rows])
  const isLate = ({ message, first_due_at: first, due_at: due }: Row): boolean => {
    const known = messages.get(message)
    return known !== undefined && isTooLate(known.payload, first ?? due, now)
  }
  const claims = asked.flatMap(({ turn, ...one }): Claim[] => {
    const back = turn.filter((row) => (messages.get(row.message)?.takenBackAt ?? null) !== null)
    // After a restored backup, or days without us: it is on the page.
    const late = turn.filter((row) => !back.includes(row) && isLate(row))
    const rest = turn.filter((row) => !back.includes(row) && !late.includes(row))
    if (late.length > 0) drop('too late', late)
    if (back.length > 0) drop('taken back', back)
    if (rest.length === 0) return []
    const addressee = addresseeOf(one)
    if (addressee === 'moved') {
      moved.push(...rest)
      return []
    }
    if (typeof addressee === 'string') {
      drop(addressee, rest)
      return []
    }
    const numbers = rest.map(({ message }) => message)
    return [
      { numbers, audience: one.audience, channel, addressee, isFirst: !turn[0].told, isRepeat: turn[0].lead !== null },
    ]
  })
  await holdBack(tx, moved, later(now, movedSeconds))
  for (const [reason, rows] of dropped) {
    await forEachMessage(rows, (message, audience, recipients) =>
      tx
        .updateTable('deliveries')
        .set({ done_at: now, outcome: 'dropped', reason, claimed_by: null, claimed_until: null })
        .where('message', '=', message)
        .where('audience', '=', audience)
        .where('recipient', 'in', recipients)
        .where('done_at', 'is', null)
        .execute(),
    )
  }
  return claims
}

/** Only what nobody else took meanwhile. */
async function take(tx: Tx, claims: readonly Claim[], { by, now }: Claiming): Promise<Claim[]> {
  const until = later(now, claimSeconds)
  const kept: Claim[] = []
  for (const alike of Map.groupBy(claims, ({ audience, numbers }) => `${audience} ${numbers.join()}`).values()) {
    const { audience, numbers } = alike[0] as Claim
    const taken = await tx
      .updateTable('deliveries')
      .set((eb) => ({
        claimed_by: by,
        claimed_until: until,
        due_at: until,
        lead: numbers[0] ?? null,
        first_due_at: eb.fn.coalesce('first_due_at', 'due_at'),
      }))
      .where('message', 'in', numbers)
      .where('audience', '=', audience)
      .where(
        'recipient',
        'in',
        alike.map(({ addressee }) => addressee.id),
      )
      .where('done_at', 'is', null)
      .where((eb) => eb.or([eb('claimed_by', 'is', null), eb('claimed_until', '<=', now)]))
      .returning('recipient')
      .execute()
    const counts = Map.groupBy(taken, ({ recipient }) => recipient)
    kept.push(...alike.filter(({ addressee }) => counts.get(addressee.id)?.length === numbers.length))
  }
  return kept
}

async function holdBack(tx: Tx, rows: readonly Row[], until: Instant): Promise<void> {
  await forEachMessage(rows, (message, audience, recipients) =>
    tx
      .updateTable('deliveries')
      .set((eb) => ({ due_at: until, first_due_at: eb.fn.coalesce('first_due_at', 'due_at') }))
      .where('message', '=', message)
      .where('audience', '=', audience)
      .where('recipient', 'in', recipients)
      .where('done_at', 'is', null)
      .execute(),
  )
}

async function forEachMessage(
  rows: readonly Row[],
  work: (message: number, audience: Audience, recipients: readonly string[]) => Promise<unknown>,
): Promise<void> {
  for (const alike of Map.groupBy(rows, ({ message, audience }) => `${message} ${audience}`).values()) {
    const { message, audience } = alike[0] as Row
    await work(
      message,
      audience,
      alike.map(({ recipient }) => recipient),
    )
  }
}
