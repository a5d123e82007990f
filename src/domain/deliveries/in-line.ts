import type { Selectable } from 'kysely'
import type { Tx } from '../../database/database.ts'
import type { DeliveryRow } from '../../database/tables/deliveries.ts'
import { type Instant, later } from '../../lib/clock.ts'
import type { Message, Payload } from './message.ts'

/** A delivery that is not done. */
export type Row = Pick<
  Selectable<DeliveryRow>,
  'message' | 'audience' | 'recipient' | 'thread' | 'due_at' | 'first_due_at' | 'claimed_by' | 'claimed_until' | 'lead'
> & { readonly told: number | boolean }

/** What goes out as one. */
export type Turn = readonly [Row, ...Row[]]

/** How soon it is looked again whether the one before is done. */
const inLineSeconds = 1
/** Nobody reads more in one letter. */
const mostTogether = 12

/** All that is not done of each recipient and conversation of these, in order, and whether they had anything of it yet. */
export async function linesOf(
  tx: Tx,
  due: readonly Pick<Row, 'audience' | 'recipient' | 'thread'>[],
): Promise<ReadonlyMap<string, readonly Row[]>> {
  const rows = await tx
    .selectFrom('deliveries')
    .select(['message', 'audience', 'recipient', 'thread', 'lead'])
    .select(['due_at', 'first_due_at', 'claimed_by', 'claimed_until'])
    .select((eb) =>
      eb
        .exists(
          eb
            .selectFrom('deliveries as before')
            .select('before.message')
            .whereRef('before.recipient', '=', 'deliveries.recipient')
            .whereRef('before.thread', '=', 'deliveries.thread')
            .whereRef('before.audience', '=', 'deliveries.audience')
            .where('before.outcome', '=', 'accepted'),
        )
        .as('told'),
    )
    .where('audience', 'in', [...new Set(due.map(({ audience }) => audience))])
    .where('recipient', 'in', [...new Set(due.map(({ recipient }) => recipient))])
    .where('thread', 'in', [...new Set(due.map(({ thread }) => thread))])
    .where('done_at', 'is', null)
    .orderBy('recipient')
    .orderBy('thread')
    .orderBy('message')
    .execute()
  const asked = new Set(due.map(lineOf))
  return Map.groupBy(
    rows.filter((row) => asked.has(lineOf(row))),
    lineOf,
  )
}

export interface Circumstances {
  readonly messages: ReadonlyMap<number, KnownMessage>
  readonly isDue: ReadonlySet<string>
  readonly now: Instant
  readonly joins: 'yes' | 'no'
}

/** What each line sends now; and what has to wait for another, until then. */
export function turnsOf(lines: ReadonlyMap<string, readonly Row[]>, { messages, isDue, now, joins }: Circumstances) {
  const turns: Turn[] = []
  const held = new Map<Instant, Row[]>()
  for (const line of lines.values()) {
    const [first] = line
    if (!first) continue
    const isUnderWay = first.claimed_by !== null && first.claimed_until !== null && first.claimed_until > now
    const isWaiting = !isUnderWay && first.lead !== null && first.due_at > now
    const turn = isUnderWay || isWaiting ? null : turnOf([first, ...line.slice(1)], { messages, now, joins })
    if (turn) turns.push(turn)
    const until = isWaiting ? first.due_at : later(now, inLineSeconds)
    const behind = line.filter((row) => isDue.has(keyOf(row)) && turn?.includes(row) !== true)
    if (behind.length > 0) held.set(until, [...(held.get(until) ?? []), ...behind])
  }
  return { turns, held }
}

function turnOf(line: Turn, { messages, now, joins }: Pick<Circumstances, 'messages' | 'now' | 'joins'>): Turn {
  const [first, ...rest] = line
  // It was begun before: the same letter again, so that whoever has it knows it.
  if (first.lead !== null) return [first, ...rest.filter((row) => row.lead === first.lead)]
  const isTold = (row: Row): boolean => messages.get(row.message)?.payload.kind === 'told' && row.lead === null
  if (joins === 'no' || !isTold(first)) return [first]
  // Also what a portion had no room for: it waits no less.
  const last = line.findLastIndex((row) => row.due_at <= now)
  const others = rest.slice(0, Math.min(last, mostTogether - 1))
  const end = others.findIndex((row) => !isTold(row))
  return [first, ...(end === -1 ? others : others.slice(0, end))]
}

export type KnownMessage = Message & { readonly takenBackAt: Instant | null }

export async function messagesOf(
  tx: Tx,
  lines: ReadonlyMap<string, readonly Row[]>,
): Promise<Map<number, KnownMessage>> {
  const numbers = new Set([...lines.values()].flat().map(({ message }) => message))
  const rows = await tx
    .selectFrom('messages')
    .select(['number', 'thread', 'at', 'payload', 'taken_back_at'])
    .where('number', 'in', [...numbers])
    .execute()
  return new Map(
    rows.map(({ number, thread, at, payload, taken_back_at: takenBackAt }) => [
      number,
      { number, thread, at, payload: JSON.parse(payload) as Payload, takenBackAt },
    ]),
  )
}

export function keyOf({ message, audience, recipient }: Pick<Row, 'message' | 'audience' | 'recipient'>): string {
  return `${message} ${audience} ${recipient}`
}

function lineOf({ audience, recipient, thread }: Pick<Row, 'audience' | 'recipient' | 'thread'>): string {
  return `${audience} ${recipient} ${thread}`
}
