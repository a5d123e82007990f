import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { breath } from '../../lib/breath.ts'
import type { Clock, Instant } from '../../lib/clock.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Actor } from '../changes/actor.ts'
import type { Changer } from '../changes/change.ts'
import type { Payload } from './message.ts'
import { quietUntil } from './quiet.ts'

/** Whether somebody waits because it did not get through at first. Reads, at most, all to whom this message goes. */
export async function isHeldUp(db: Db, number: number, now: Instant): Promise<boolean> {
  const row = await waitingFor(db, number, now).where('reason', 'is not', null).limit(1).executeTakeFirst()
  return row !== undefined
}

interface Parts {
  readonly db: Db
  readonly change: Changer
  readonly clock: Clock
}

/** Some milliseconds of a file's only connection: others have theirs between two portions. */
const atOnce = 250

/**
 * Tries now what would be tried later, with what stands behind it in the same conversation: for whoever mended what was in
 * the way. Whoever wants quiet hours now is not woken. Answers for how many it is tried. First it is written down who asked
 * for it; then they are taken a portion at a time, so that whoever is killed in between leaves the rest to wait as before.
 */
export async function tryNow({ db, change, clock }: Parts, actor: Actor, number: number): Promise<number> {
  const count = await change(actor, async ({ tx, now, record }) => {
    const { subject } = await toldIn(tx, number)
    const waiting = await awakeFor(tx, number, now)
    if (waiting === 0) throw new Conflict('Nothing waits that could be tried now: it is under way, or for quiet hours.')
    await record({ type: 'message.hurried', subject: subject.id, data: { name: subject.name, recipients: waiting } })
    return waiting
  })
  for (let last: string | null = ''; last !== null;) {
    const after: string = last
    last = await inTransaction(db, (tx) => hurrySome(tx, { number, after, now: clock.now() }))
    await breath()
  }
  return count
}

async function toldIn(tx: Tx, number: number) {
  const message = await tx
    .selectFrom('messages')
    .select(['payload', 'thread'])
    .where('number', '=', number)
    .executeTakeFirst()
  const payload = message ? (JSON.parse(message.payload) as Payload) : null
  if (!message || payload?.kind !== 'told') throw new NotFound('There is no such message to subscribers.')
  return { subject: payload.told.subject, thread: message.thread }
}

/** Their quiet hours are worked out once for each zone and hours that somebody chose. */
async function awakeFor(tx: Tx, number: number, now: Instant): Promise<number> {
  const { subject } = await toldIn(tx, number)
  const alike = await waitingFor(tx, number, now)
    .clearSelect()
    .select((eb) => ['zone', 'quiet_from', 'quiet_until', eb.fn.countAll().as('count')])
    .groupBy(['zone', 'quiet_from', 'quiet_until'])
    .orderBy('zone')
    .execute()
  const awake = alike.filter((one) => subject.severity === 'critical' || quietUntil(one, now) === null)
  return awake.reduce((sum, { count }) => sum + Number(count), 0)
}

interface Portion {
  readonly number: number
  readonly after: string
  readonly now: Instant
}

/** Answers after whom it goes on; null: nobody is left. */
async function hurrySome(tx: Tx, { number, after, now }: Portion): Promise<string | null> {
  const { subject, thread } = await toldIn(tx, number)
  const rows = await waitingFor(tx, number, now)
    .select(['zone', 'quiet_from', 'quiet_until'])
    .where('recipient', '>', after)
    .orderBy('recipient')
    .limit(atOnce)
    .execute()
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
      .where('thread', '=', thread)
      .where('done_at', 'is', null)
      .where('claimed_by', 'is', null)
      .where('due_at', '>', now)
      .execute()
  }
  return rows.length < atOnce ? null : (rows.at(-1)?.recipient ?? null)
}

/** Without those who would get nothing if it were tried: who paused, was given up, or has yet to be reached elsewhere. */
function waitingFor(db: Db, number: number, now: Instant) {
  return db
    .selectFrom('deliveries')
    .innerJoin('subscribers', 'subscribers.id', 'deliveries.recipient')
    .select('recipient')
    .where('message', '=', number)
    .where('audience', '=', 'subscriber')
    .where('done_at', 'is', null)
    .where('claimed_by', 'is', null)
    .where('deliveries.due_at', '>', now)
    .where('confirmed_at', 'is not', null)
    .where('paused_at', 'is', null)
    .where('disabled_at', 'is', null)
}
