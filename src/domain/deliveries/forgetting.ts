import type { ExpressionBuilder } from 'kysely'
import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import type { Tables } from '../../database/tables.ts'
import { breath } from '../../lib/breath.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import type { Audience } from './message.ts'

/** Who got what is of use for as long as somebody may ask for it. */
const deliveryDays = 90
/** Letters were between us and one person. */
const letterDays = 30
/** What was told stands on the page; how many it reached is of use for a yearly look back. */
const messageDays = 400

const atOnce = 500

interface Parts {
  readonly db: Db
  readonly clock: Clock
}

/** Job: forgets who got what, and keeps how many. A portion at a time, so that nothing waits for it. */
export async function forgetDeliveries({ db, clock }: Parts): Promise<void> {
  const before = (days: number): Instant => later(clock.now(), -days * 24 * 3600)
  const works = [
    () => inTransaction(db, (tx) => forgetDone(tx, before(deliveryDays))),
    () => inTransaction(db, (tx) => forgetLetters(tx, before(letterDays))),
    () => inTransaction(db, (tx) => forgetMessages(tx, before(messageDays))),
  ]
  for (const work of works) {
    while ((await work()) === 'more') await breath()
  }
}

/** What somebody who is erased was sent goes with them; how many it reached stays true. */
export async function forgetDeliveriesOf(tx: Tx, audience: Audience, recipient: string): Promise<void> {
  const rows = await tx
    .deleteFrom('deliveries')
    .where('audience', '=', audience)
    .where('recipient', '=', recipient)
    .returning(['message', 'outcome'])
    .execute()
  await addUp(tx, rows)
  // A letter was for nobody else.
  const numbers = rows.map(({ message }) => message)
  if (numbers.length === 0) return
  await tx
    .deleteFrom('messages')
    .where('number', 'in', numbers)
    .where('event_seq', 'is', null)
    .where((eb) => eb.not(eb.exists(deliveryOf(eb))))
    .execute()
}

async function forgetDone(tx: Tx, before: Instant): Promise<'more' | 'done'> {
  const old = await tx
    .selectFrom('deliveries')
    .select(['message', 'audience', 'recipient', 'outcome'])
    .where('done_at', '<', before)
    .orderBy('done_at')
    .orderBy('message')
    .orderBy('recipient')
    .limit(atOnce)
    .execute()
  for (const some of Map.groupBy(old, ({ message, audience }) => `${message} ${audience}`).values()) {
    const [one] = some
    if (!one) continue
    await tx
      .deleteFrom('deliveries')
      .where('message', '=', one.message)
      .where('audience', '=', one.audience)
      .where(
        'recipient',
        'in',
        some.map(({ recipient }) => recipient),
      )
      .execute()
  }
  await addUp(tx, old)
  return old.length === atOnce ? 'more' : 'done'
}

/** In the order of their numbers, one after the other: two who leave at once wait for each other, and not both. */
async function addUp(
  tx: Tx,
  rows: readonly { readonly message: number; readonly outcome: string | null }[],
): Promise<void> {
  const messages = Map.groupBy(rows, ({ message }) => message)
  for (const [number, of] of [...messages].toSorted(([a], [b]) => a - b)) {
    const accepted = of.filter(({ outcome }) => outcome === 'accepted').length
    const failed = of.filter(({ outcome }) => outcome === 'failed').length
    if (accepted + failed === 0) continue
    await tx
      .updateTable('messages')
      .set((eb) => ({ accepted: eb('accepted', '+', accepted), failed: eb('failed', '+', failed) }))
      .where('number', '=', number)
      .execute()
  }
}

/** Few are there: those of the last month. */
async function forgetLetters(tx: Tx, before: Instant): Promise<'more' | 'done'> {
  const old = await tx
    .selectFrom('messages')
    .select('number')
    .where('event_seq', 'is', null)
    .where('at', '<', before)
    .where((eb) => eb.not(eb.exists(deliveryOf(eb).where('done_at', 'is', null))))
    .orderBy('number')
    .limit(atOnce)
    .execute()
  const numbers = old.map(({ number }) => number)
  if (numbers.length === 0) return 'done'
  await tx.deleteFrom('deliveries').where('message', 'in', numbers).execute()
  await tx.deleteFrom('messages').where('number', 'in', numbers).execute()
  return numbers.length === atOnce ? 'more' : 'done'
}

async function forgetMessages(tx: Tx, before: Instant): Promise<'more' | 'done'> {
  const old = await tx
    .selectFrom('messages')
    .select('number')
    .where('at', '<', before)
    .where((eb) => eb.not(eb.exists(deliveryOf(eb))))
    .orderBy('number')
    .limit(atOnce)
    .execute()
  const numbers = old.map(({ number }) => number)
  if (numbers.length > 0) await tx.deleteFrom('messages').where('number', 'in', numbers).execute()
  return numbers.length === atOnce ? 'more' : 'done'
}

function deliveryOf(eb: ExpressionBuilder<Tables, 'messages'>) {
  return eb.selectFrom('deliveries').select('message').whereRef('message', '=', 'messages.number')
}
