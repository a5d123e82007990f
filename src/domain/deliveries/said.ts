import { sql } from 'kysely'
import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Payload } from './message.ts'
import { type Told, type ToldSubject, threadOf } from './told.ts'

/** A message to subscribers, and how far it has come. */
export interface SaidMessage {
  readonly number: number
  readonly at: Instant
  readonly told: Told
  /** Nobody gets it before. */
  readonly dueAt: Instant
  /** Null: it waits for that, or is being handed out. */
  readonly handedOutAt: Instant | null
  readonly takenBackAt: Instant | null
  /** So many it was for. */
  readonly recipients: number
  readonly underWay: number
  readonly failed: number
}

/** More than an incident ever had words; the newest. */
const most = 200

/** What subscribers were told of one thing, in the order in which it happened. Reads what did not go well, not all that did. */
export async function messagesAbout(db: Db, subject: Pick<ToldSubject, 'noun' | 'id'>): Promise<SaidMessage[]> {
  const rows = await messages(db)
    .where('thread', '=', threadOf(subject))
    .orderBy('number', 'desc')
    .limit(most)
    .execute()
  return withOutcomes(db, rows.toReversed())
}

export async function messageToSubscribers(db: Db, number: number): Promise<SaidMessage | null> {
  const rows = await messages(db).where('number', '=', number).execute()
  return (await withOutcomes(db, rows))[0] ?? null
}

function messages(db: Db) {
  return db
    .selectFrom('messages')
    .select(['number', 'at', 'payload', 'due_at', 'handed_out_at', 'taken_back_at', 'recipients', 'failed'])
    .where('event_seq', 'is not', null)
}

type Row = Awaited<ReturnType<ReturnType<typeof messages>['execute']>>[number]

async function withOutcomes(db: Db, rows: readonly Row[]): Promise<SaidMessage[]> {
  if (rows.length === 0) return []
  const numbers = rows.map(({ number }) => number)
  const waiting = await db
    .selectFrom('deliveries')
    .select(['message', (eb) => eb.fn.countAll().as('count')])
    .where('message', 'in', numbers)
    .where('done_at', 'is', null)
    .groupBy('message')
    .orderBy('message')
    .execute()
  const failed = await db
    .selectFrom('deliveries')
    .select(['message', (eb) => eb.fn.countAll().as('count')])
    .where('message', 'in', numbers)
    // In the very words of the index of those that failed.
    .where('outcome', '=', sql.lit('failed'))
    .groupBy('message')
    .orderBy('message')
    .execute()
  const countIn = (counts: typeof waiting, number: number): number =>
    Number(counts.find(({ message }) => message === number)?.count ?? 0)
  return rows.flatMap((row) => {
    const payload = JSON.parse(row.payload) as Payload
    if (payload.kind !== 'told') return []
    const { number, at, recipients } = row
    return {
      number,
      at,
      told: payload.told,
      dueAt: row.due_at,
      handedOutAt: row.handed_out_at,
      takenBackAt: row.taken_back_at,
      recipients,
      underWay: countIn(waiting, number),
      failed: countIn(failed, number) + row.failed,
    }
  })
}
