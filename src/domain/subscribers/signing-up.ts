import { type Db, inTransaction } from '../../database/database.ts'
import { type Clock, later } from '../../lib/clock.ts'
import { TooMany } from '../../lib/errors.ts'
import type { Ids } from '../../lib/ids.ts'
import type { Vault } from '../../lib/vault.ts'
import { oneByOne } from '../../lib/one-by-one.ts'
import type { Change } from '../changes/change.ts'
import { forgetDeliveriesOf } from '../deliveries/forgetting.ts'
import { addressHash, withSecret } from './addresses.ts'
import { type Ask, answer, subscriberIdOf } from './answering.ts'
import { type LetterParts, askOnceMore } from './letters.ts'

interface AskParts {
  readonly db: Db
  readonly clock: Clock
  readonly ids: Ids
  readonly vault: Vault
}

/** More than an outage brings in ten minutes. */
const mostWaiting = 20_000

/**
 * Writes an ask down, and nothing else: the same work whosever address it is, so that neither an answer nor its time
 * tells who is subscribed (056). Answers the id of the ask, which a stranger may see.
 */
export async function askToSubscribe({ db, clock, ids, vault }: AskParts, ask: Ask): Promise<string> {
  const target = withSecret(ids, ask.channel, ask.target)
  return writeDown({ db, clock, ids, vault }, { ...ask, target })
}

/** A program thinks again about an ask of its own: written down like one, so that nobody learns what became of that. */
export interface Afterthought {
  readonly about: string
  readonly wish: 'withdraw' | 'letter again'
}

export async function thinkAgain(parts: AskParts, afterthought: Afterthought): Promise<void> {
  await writeDown(parts, afterthought)
}

async function writeDown({ db, clock, ids, vault }: AskParts, asked: Ask | Afterthought): Promise<string> {
  const id = ids.next()
  const sealed = vault.seal(JSON.stringify(asked), purpose(id))
  await inTransaction(db, async (tx) => {
    const full = await tx.selectFrom('subscriber_asks').select('id').offset(mostWaiting).limit(1).executeTakeFirst()
    if (full) throw new TooMany('Very many people are signing up just now. Try again in a quarter of an hour.', 900)
    await tx.insertInto('subscriber_asks').values({ id, sealed, at: clock.now() }).execute()
  })
  return id
}

const purpose = (id: string): string => `subscriber ask ${id}`

/** Of one run, each second: letters that anybody can cause leave room for those that tell what happened. */
const answeredAtOnce = 10

/** Who asked so long ago, in a copy that was restored, has given up or asked again. */
const staleSeconds = 24 * 3600

/**
 * Answers who asked, oldest first: each in a transaction of its own, so that one that goes wrong keeps no other waiting.
 * Safe to run twice, and in several processes.
 */
export async function answerAsks({ db, clock, vault, log }: AnsweringParts): Promise<void> {
  const waiting = await db
    .selectFrom('subscriber_asks')
    .select('id')
    .orderBy('at')
    .orderBy('id')
    .limit(answeredAtOnce)
    .execute()
  await oneByOne(waiting, ({ id }) =>
    inTransaction(db, async (tx) => {
      const taken = await tx
        .deleteFrom('subscriber_asks')
        .where('id', '=', id)
        .returning(['sealed', 'at'])
        .executeTakeFirst()
      const now = clock.now()
      if (!taken || taken.at < later(now, -staleSeconds)) return
      const asked = opened(vault, id, taken.sealed)
      if (asked && 'about' in asked) await answerAfterthought({ tx, now, vault }, asked)
      else if (asked) await answer({ tx, now, vault }, id, asked)
      else log.error({ ask: id }, 'Somebody wanted to be told; what they asked could not be read, and is gone.')
    }),
  )
}

type AnsweringParts = Omit<AskParts, 'ids'> & { readonly log: { error(facts: object, words: string): void } }

/** Null: it is damaged, or another key sealed it. */
function opened(vault: Vault, id: string, sealed: string): Ask | Afterthought | null {
  try {
    return JSON.parse(vault.open(sealed, purpose(id))) as Ask | Afterthought
  } catch {
    return null
  }
}

/**
 * A program of an operator names somebody whom nobody knows yet, who is asked: at once, because it may read all of them.
 * Null: nothing is written there, because mail did not arrive, they complained, or an operator barred them.
 */
export async function askForSomebody(change: Change, ask: Ask): Promise<string | null> {
  const { tx, ids, vault } = change
  const target = withSecret(ids, ask.channel, ask.target)
  await answer(change, ids.next(), { ...ask, target })
  const hash = addressHash(vault, ask.channel, target)
  const row = await tx.selectFrom('subscribers').select('id').where('address_hash', '=', hash).executeTakeFirst()
  if (!row) return null
  await change.record({ type: 'subscriber.asked', subject: row.id, data: { asked: 1 } })
  return row.id
}

/** Only until they said yes: from then on it is theirs alone. */
async function answerAfterthought(parts: LetterParts, { about, wish }: Afterthought): Promise<void> {
  const { tx, vault } = parts
  const id = subscriberIdOf(vault, about)
  const row = await tx
    .selectFrom('subscribers')
    .select(['id', 'address_hash'])
    .where('id', '=', id)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst()
  if (!row) return
  if (wish === 'withdraw') {
    const gone = await tx
      .deleteFrom('subscribers')
      .where('id', '=', id)
      .where('confirmed_at', 'is', null)
      .returning('id')
      .executeTakeFirst()
    if (gone) await forgetDeliveriesOf(tx, 'subscriber', id)
    return
  }
  await askOnceMore(parts, row.address_hash)
}
