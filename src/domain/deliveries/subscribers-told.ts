import type { Db, Tx } from '../../database/database.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import type { LoggedEvent } from '../changes/log.ts'
import { type Complaints, follower } from './following.ts'
import { handOut } from './handing-out.ts'
import { holdSeconds, staleSeconds, togetherSeconds } from './hold.ts'
import { severityReached } from './matching.ts'
import type { Payload } from './message.ts'
import { toldOf } from './tell.ts'
import { threadOf } from './told.ts'

interface Parts {
  readonly db: Db
  readonly clock: Clock
  readonly log: Complaints
}

/**
 * Job: what happened becomes a message, and a message that has been held long enough a delivery for each whom it concerns.
 * What was seen is handed out only after everything that happened was: a correction or a withdrawal comes first.
 */
export function tellingSubscribers({ db, clock, log }: Parts): () => Promise<void> {
  const follow = followingForSubscribers({ db, clock, log })
  return async () => {
    await follow()
    await handOut({ db, clock })
  }
}

/** The first half of it: for whoever wants to show what waits, the moment it was said. */
export function followingForSubscribers({ db, clock, log }: Parts): () => Promise<void> {
  return follower({ db, log }, { name: 'subscribers', see: (tx, event) => write(tx, event, clock) })
}

async function write(tx: Tx, event: LoggedEvent, clock: Clock): Promise<void> {
  if (event.at < later(clock.now(), -staleSeconds)) return
  const told = await toldOf(tx, event)
  if (!told) return
  const thread = threadOf(told.subject)
  const dueAt = later(event.at, holdSeconds)
  await keepForIt(tx, { thread, at: event.at, dueAt })
  await tx
    .insertInto('messages')
    .values({
      event_seq: event.seq,
      kind: 'told',
      thread,
      severity: await severityReached(tx, thread, told.subject.severity),
      word: told.word?.id ?? null,
      at: event.at,
      due_at: dueAt,
      payload: JSON.stringify({ kind: 'told', told } satisfies Payload),
      handed_out_at: null,
      taken_back_at: null,
    })
    .execute()
}

/** What is held of the same and would go out last waits for this, if all of it was said within the minute before. */
async function keepForIt(
  tx: Tx,
  { thread, at, dueAt }: { readonly thread: string; readonly at: Instant; readonly dueAt: Instant },
): Promise<void> {
  const held = await tx
    .selectFrom('messages')
    .select(['number', 'at', 'due_at'])
    .where('handed_out_at', 'is', null)
    .where('taken_back_at', 'is', null)
    .where('cursor', '=', '')
    .where('thread', '=', thread)
    .where('event_seq', 'is not', null)
    .execute()
  const last = held.reduce<Instant | null>(
    (most, one) => (most === null || one.due_at > most ? one.due_at : most),
    null,
  )
  const together = held.filter((one) => one.due_at === last)
  if (last === null || last >= dueAt || together.some((one) => one.at < later(at, -togetherSeconds))) return
  await tx
    .updateTable('messages')
    .set({ due_at: dueAt })
    .where(
      'number',
      'in',
      together.map(({ number }) => number),
    )
    .execute()
}
