import { sql } from 'kysely'
import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { eachOf, portionOf, whereFree } from '../../database/dialect.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { eachTurn } from '../../lib/each-turn.ts'
import type { Severity } from '../incidents/incident.ts'
import type { ChannelKind } from '../subscribers/channel.ts'
import { joinsOf } from './claim.ts'
import { meetingSeconds, staleSeconds } from './hold.ts'
import { type Matter, type Target, foundBy, hearing, matterOf, moved, targetsOf } from './matching.ts'
import type { Payload } from './message.ts'
import { quietUntil } from './quiet.ts'
import { asItStands } from './as-it-stands.ts'
import type { Told } from './told.ts'

/** So many at once: some milliseconds of a file's only connection. */
const portion = { ofFile: 500, ofServer: 2000 }

/** Empty ones count too, where a thousand systems are affected and hardly anybody named one. */
const mostTargets = 50

/**
 * Job: gives every subscriber whom a due message concerns a delivery, a portion at a time. The place where it goes on is
 * written with each portion, so that it may be killed at any moment, or run in two processes, and nobody is left out or
 * told twice.
 */
export async function handOut({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<void> {
  const turn = eachTurn()
  const failures: Error[] = []
  for (const { number } of await dueMessages(db, clock.now())) {
    try {
      let how = await inOnePortion(db, number, clock.now())
      for (; how === 'more'; how = await inOnePortion(db, number, clock.now())) await turn()
      // Whoever has it goes on with those that come after it, in their order.
      if (how === 'in other hands') break
    } catch (cause) {
      // One that cannot be handed out keeps no other waiting.
      failures.push(new Error(`while handing out message ${number}`, { cause }))
    }
  }
  if (failures[0]) throw failures[0]
}

/** In the order in which they became due. Costs what waits: the index holds nothing else, whatever was told in ten years. */
function dueMessages(db: Db, now: Instant): Promise<{ readonly number: number }[]> {
  return db
    .selectFrom('messages')
    .select('number')
    .where('handed_out_at', 'is', null)
    .where('taken_back_at', 'is', null)
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('number')
    .limit(100)
    .execute()
}

async function inOnePortion(db: Db, number: number, now: Instant): Promise<'more' | 'done' | 'in other hands'> {
  // Not a change: to whom a message goes is in the deliveries, and no part of the log.
  return inTransaction(db, async (tx) => {
    const message = await taken(tx, number)
    if (!message) return (await isWaiting(tx, number)) ? 'in other hands' : 'done'
    const isFirst = message.cursor === ''
    const told = isFirst ? await atTheLast(tx, message, now) : message.told
    if (!told) {
      await tx.updateTable('messages').set({ taken_back_at: now }).where('number', '=', number).execute()
      return 'done'
    }
    const from = isFirst ? { target: 0, after: '' } : placeOf(message.cursor)
    const matter = matterOf(told, message.severity)
    const { found, next } = await nextOnes(tx, { matter, dueAt: message.dueAt, ...from })
    // At either end: whoever moves, or is reached, while it is handed out is found by one of them.
    const elsewhere = isFirst || next === null ? await movedOnes(tx, matter, message.dueAt) : []
    const added = await deliver(tx, message, { told, now, to: [...found, ...elsewhere] })
    await tx
      .updateTable('messages')
      .set((row) => ({
        recipients: row('recipients', '+', added),
        cursor: next === null ? 'all' : `${next.target}:${next.after}`,
        handed_out_at: next === null ? now : null,
        ...(isFirst ? { payload: JSON.stringify({ kind: 'told', told } satisfies Payload) } : {}),
      }))
      .where('number', '=', number)
      .execute()
    return next === null ? 'done' : 'more'
  })
}

interface Taken {
  readonly number: number
  readonly thread: string
  readonly dueAt: Instant
  readonly severity: Severity
  readonly cursor: string
  readonly told: Told
}

/**
 * The message, for this transaction alone. Whoever else wants it lets it be, and looks again in a second: two that took turns
 * with portions would wait for each other at each.
 */
async function taken(tx: Tx, number: number): Promise<Taken | null> {
  const row = await tx
    .updateTable('messages')
    .set((eb) => ({ cursor: eb.ref('cursor') }))
    .where('number', '=', (eb) =>
      whereFree(tx, eb.selectFrom('messages').select('number').where('number', '=', number)),
    )
    .where('handed_out_at', 'is', null)
    .where('taken_back_at', 'is', null)
    .returning(['thread', 'due_at', 'severity', 'cursor', 'payload'])
    .executeTakeFirst()
  if (!row) return null
  const payload = JSON.parse(row.payload) as Payload
  if (payload.kind !== 'told') throw new Error(`Message ${number} is a letter, and was never handed out.`)
  const { thread, due_at: dueAt, cursor } = row
  return { number, thread, dueAt, cursor, severity: row.severity as Severity, told: payload.told }
}

async function isWaiting(tx: Tx, number: number): Promise<boolean> {
  const row = await tx
    .selectFrom('messages')
    .select('number')
    .where('number', '=', number)
    .where('handed_out_at', 'is', null)
    .where('taken_back_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** What it brings, decided when the first of many gets it. Null: nothing any more. */
async function atTheLast(tx: Tx, { told, dueAt }: Taken, now: Instant): Promise<Told | null> {
  return dueAt < later(now, -staleSeconds) ? null : asItStands(tx, told, now)
}

interface Place {
  readonly target: number
  readonly after: string
}

function placeOf(cursor: string): Place {
  const [target = '', after = ''] = cursor.split(':')
  return { target: Number(target), after }
}

type Found = Awaited<ReturnType<typeof foundNext>>[number]

/** Who comes next, and where it goes on; null: nowhere. */
async function nextOnes(
  tx: Tx,
  { matter, dueAt, target, after }: Place & { readonly matter: Matter; readonly dueAt: Instant },
): Promise<{ readonly found: readonly Found[]; readonly next: Place | null }> {
  const targets = targetsOf(matter)
  const atOnce = portionOf(tx, portion)
  const found = new Map<string, Found>()
  let place: Place = { target, after }
  for (let count = 0; count < mostTargets && found.size < atOnce; count += 1) {
    const at = targets[place.target]
    if (!at) return { found: [...found.values()], next: null }
    const limit = atOnce - found.size
    const rows = await foundNext(tx, { matter, dueAt, target: at, after: place.after, limit })
    for (const row of rows) found.set(row.id, row)
    const last = rows.at(-1)
    place = last && rows.length === limit ? { ...place, after: last.id } : { target: place.target + 1, after: '' }
  }
  return { found: [...found.values()], next: place }
}

/**
 * At most `limit` of those whom a target finds. With 50 000 subscribers it reads the limit's entries of one index; where
 * hardly anybody wants the kind, all of them, which takes some ten milliseconds.
 */
function foundNext(
  tx: Tx,
  options: {
    readonly matter: Matter
    readonly dueAt: Instant
    readonly target: Target
    readonly after: string
    readonly limit: number
  },
) {
  return (
    foundBy(hearing(tx, options.matter), options.target, options.after)
      .select(['subscribers.id', 'channel', 'zone', 'quiet_from', 'quiet_until'])
      // Who came after it was due has read it on the page: whom it reaches hangs on no moment of this job.
      // A browser that moved came when it agreed, whenever it is reached where it is now.
      .where((eb) =>
        eb.or([
          eb('confirmed_at', '<=', options.dueAt),
          eb.and([eb('channel', '=', 'web-push'), eb('consented_at', '<=', options.dueAt)]),
        ]),
      )
      .limit(options.limit)
      .execute()
  )
}

/** More than ever move in the day in which they are to be reached where they are now. */
const mostMoved = 2000
const movedSeconds = 2 * 24 * 3600

function movedOnes(tx: Tx, matter: Matter, dueAt: Instant): Promise<readonly Found[]> {
  return (
    moved(tx, matter)
      .select(['id', 'channel', 'zone', 'quiet_from', 'quiet_until'])
      // Where the index begins: what moved longer ago and was never reached is forgotten.
      .where('created_at', '>', later(dueAt, -movedSeconds))
      .where('consented_at', '<=', dueAt)
      .limit(mostMoved)
      .execute()
  )
}

/** Answers how many had none yet: somebody who named two systems is found twice. */
async function deliver(
  tx: Tx,
  { number, thread, dueAt }: Taken,
  { told, now, to }: { readonly told: Told; readonly now: Instant; readonly to: readonly Found[] },
): Promise<number> {
  if (to.length === 0) return 0
  const isCritical = told.subject.severity === 'critical'
  const ends = new Map<string, Instant | null>()
  const quiet = (one: Found): Instant | null => {
    if (isCritical || one.quiet_from === null) return null
    const key = `${one.zone} ${one.quiet_from} ${one.quiet_until}`
    if (!ends.has(key)) ends.set(key, quietUntil(one, now))
    return ends.get(key) ?? null
  }
  // Whoever has both gets them as one letter: the second takes the first along.
  const meets = (await isFollowed(tx, { number, thread, dueAt })) ? later(dueAt, meetingSeconds) : dueAt
  const atOnceBy = (channel: ChannelKind): Instant => (joinsOf(channel) === 'yes' ? meets : dueAt)
  const rows = to.map((one) => [one.id, one.channel, quiet(one) ?? atOnceBy(one.channel as ChannelKind)])
  const result = await tx
    .insertInto('deliveries')
    .columns(['message', 'audience', 'recipient', 'channel', 'thread', 'due_at'])
    .expression(
      // Without a condition one of the databases would take the conflict for one of a join.
      sql`select ${number}, 'subscriber', value ->> 0, value ->> 1, ${thread}, value ->> 2 from ${eachOf(tx, rows)} where true`,
    )
    .onConflict((conflict) => conflict.columns(['message', 'audience', 'recipient']).doNothing())
    .executeTakeFirst()
  if (isCritical) await bringForward(tx, { thread, dueAt, to })
  return Number(result.numInsertedOrUpdatedRows ?? 0)
}

/** Whether another word of the same goes out with it, and has yet to. */
async function isFollowed(
  tx: Tx,
  { number, thread, dueAt }: Pick<Taken, 'number' | 'thread' | 'dueAt'>,
): Promise<boolean> {
  const row = await tx
    .selectFrom('messages')
    .select('number')
    .where('handed_out_at', 'is', null)
    .where('taken_back_at', 'is', null)
    .where('due_at', '=', dueAt)
    .where('thread', '=', thread)
    .where('number', '>', number)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** What is critical comes through quiet hours, and so does what it stands behind: that was to be tried again in the morning. */
async function bringForward(
  tx: Tx,
  { thread, dueAt, to }: Pick<Taken, 'thread' | 'dueAt'> & { readonly to: readonly Found[] },
): Promise<void> {
  const recipients = to.filter(({ quiet_from: from }) => from !== null).map(({ id }) => id)
  if (recipients.length === 0) return
  await tx
    .updateTable('deliveries')
    .set({ due_at: dueAt })
    .where('audience', '=', 'subscriber')
    .where('recipient', 'in', recipients)
    .where('thread', '=', thread)
    .where('done_at', 'is', null)
    .where('claimed_by', 'is', null)
    .where('due_at', '>', dueAt)
    .execute()
}
