import type { Db } from '../../database/database.ts'
import { breath } from '../../lib/breath.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import type { Payload } from './message.ts'
import { quietUntil } from './quiet.ts'

/** Whether somebody waits because it did not get through at first. Reads, at most, all to whom this message goes. */
export async function isHeldUp(db: Db, number: number, now: Instant): Promise<boolean> {
  const row = await waitingFor(db, number, now).where('reason', 'is not', null).limit(1).executeTakeFirst()
  return row !== undefined
}

const atOnce = 250

/**
 * Tries now what would be tried later, with what stands behind it in the same conversation: for whoever mended what was in
 * the way. Whoever wants quiet hours now is not woken. Answers how many subscribers it is tried for.
 */
export async function tryNow(change: Change, number: number): Promise<number> {
  const { tx, now } = change
  const message = await tx
    .selectFrom('messages')
    .select(['payload', 'thread'])
    .where('number', '=', number)
    .executeTakeFirst()
  const payload = message ? (JSON.parse(message.payload) as Payload) : null
  if (!message || payload?.kind !== 'told') throw new NotFound('There is no such message to subscribers.')
  const { subject } = payload.told
  let count = 0
  for (let last = ''; ;) {
    const rows = await waitingFor(tx, number, now)
      .innerJoin('subscribers', 'subscribers.id', 'deliveries.recipient')
      .select(['zone', 'quiet_from', 'quiet_until'])
      .where('recipient', '>', last)
      .orderBy('recipient')
      .limit(atOnce)
      .execute()
    if (rows.length === 0) break
    const awake = rows.filter((row) => subject.severity === 'critical' || quietUntil(row, now) === null)
    if (awake.length > 0) {
      await tx
        .updateTable('deliveries')
        .set((eb) => ({ due_at: now, first_due_at: eb.fn.coalesce('first_due_at', 'due_at') }))
        .where('audience', '=', 'subscriber')
        .where(
          'recipient',
          'in',
          awake.map(({ recipient }) => recipient),
        )
        .where('thread', '=', message.thread)
        .where('done_at', 'is', null)
        .where('claimed_by', 'is', null)
        .where('due_at', '>', now)
        .execute()
    }
    count += awake.length
    last = rows.at(-1)?.recipient ?? ''
    await breath()
  }
  if (count === 0) throw new Conflict('Nothing waits that could be tried now: it is under way, or for quiet hours.')
  await change.record({ type: 'message.hurried', subject: subject.id, data: { name: subject.name, recipients: count } })
  return count
}

function waitingFor(db: Db, number: number, now: Instant) {
  return db
    .selectFrom('deliveries')
    .select('recipient')
    .where('message', '=', number)
    .where('audience', '=', 'subscriber')
    .where('done_at', 'is', null)
    .where('claimed_by', 'is', null)
    .where('deliveries.due_at', '>', now)
}
