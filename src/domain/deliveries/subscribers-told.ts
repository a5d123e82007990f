import type { Db, Tx } from '../../database/database.ts'
import { type Clock, later } from '../../lib/clock.ts'
import type { LoggedEvent } from '../changes/log.ts'
import { type Complaints, follower } from './following.ts'
import { handOut } from './handing-out.ts'
import { holdSeconds, staleSeconds } from './hold.ts'
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
  await tx
    .insertInto('messages')
    .values({
      event_seq: event.seq,
      kind: 'told',
      thread,
      severity: await severityReached(tx, thread, told.subject.severity),
      word: told.word?.id ?? null,
      at: event.at,
      due_at: later(event.at, holdSeconds),
      payload: JSON.stringify({ kind: 'told', told } satisfies Payload),
      handed_out_at: null,
      taken_back_at: null,
    })
    .execute()
}
