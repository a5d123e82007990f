import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { type Clock, later } from '../../lib/clock.ts'
import { TooMany } from '../../lib/errors.ts'
import type { Ids } from '../../lib/ids.ts'
import type { Vault } from '../../lib/vault.ts'
import type { Change } from '../changes/change.ts'
import { forgetDeliveriesOf } from '../deliveries/forgetting.ts'
import { addressHash, sealTarget, withSecret } from './addresses.ts'
import type { ChannelKind, Target } from './channel.ts'
import { isNothing } from './input.ts'
import { type LetterParts, askOnceMore, turnToBeWrittenTo, writeAboutSubscription } from './letters.ts'
import {
  type FullSubscriberRow,
  additionOf,
  scopesOf,
  subscriberOf,
  whatExists,
  wishColumns,
  writeScope,
} from './rows.ts'
import type { SubscriberSource, Wishes } from './subscriber.ts'

/** Somebody wants to be told; whoever it is, because nobody knows yet whose address this is. */
export interface Ask {
  readonly channel: ChannelKind
  readonly target: Target
  readonly wishes: Wishes
  readonly source: Extract<SubscriberSource, 'form' | 'api'>
  /** `given`: only its owner can have named this place, a browser its own or a chat that wrote to us. */
  readonly proof: 'by letter' | 'given'
}

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
  const failures: unknown[] = []
  for (const { id } of waiting) {
    try {
      await inTransaction(db, async (tx) => {
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
      })
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
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

/** Of whoever comes of an ask: letters are named after them, and whoever asked in their name must not know how. */
function subscriberIdOf(vault: Vault, ask: string): string {
  const bytes = Buffer.from(vault.mark(ask, 'subscriber id'), 'base64url')
  return Array.from(bytes.subarray(0, 12), (byte) => (byte % 36).toString(36)).join('')
}

async function answer(parts: LetterParts, asked: string, ask: Ask): Promise<void> {
  const { tx, now, vault } = parts
  const id = subscriberIdOf(vault, asked)
  const hash = addressHash(vault, ask.channel, ask.target)
  if (await isBarred(tx, hash)) return
  const scope = await whatExists(tx, ask.wishes.scope)
  if (isNothing(scope)) return
  const wishes = { ...ask.wishes, scope }
  const isProven = ask.proof === 'given'
  const created = await tx
    .insertInto('subscribers')
    .values({
      id,
      channel: ask.channel,
      target_sealed: sealTarget(vault, id, ask.target),
      address_hash: hash,
      ...wishColumns(wishes),
      source: ask.source,
      created_at: now,
      consented_at: isProven ? now : null,
      confirmed_at: isProven ? now : null,
      paused_at: null,
      disabled_at: null,
      disabled_because: null,
      asked: isProven ? 0 : 1,
      asked_since: isProven ? null : now,
      failing_since: null,
      wanted: null,
      wanted_at: null,
    })
    .onConflict((on) => on.column('address_hash').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (created) {
    await writeScope(tx, id, scope)
    await (isProven ? welcome(tx, hash) : writeAboutSubscription(parts, created, 'confirm'))
    return
  }
  if (isProven) {
    await chooseAnew(parts, hash, wishes)
    return
  }
  const row = await turnToBeWrittenTo(parts, hash)
  if (row) await answerAgain(parts, row, wishes)
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

/** They came back by themselves: a list may bring them again. */
export async function welcome(tx: Tx, hash: string): Promise<void> {
  await tx.deleteFrom('suppressions').where('address_hash', '=', hash).execute()
}

/** Of somebody who proved already who they are: what they choose now counts, and nothing from before. */
async function chooseAnew({ tx, now }: LetterParts, hash: string, wishes: Wishes): Promise<void> {
  const row = await tx
    .updateTable('subscribers')
    .set((eb) => ({
      ...wishColumns(wishes),
      consented_at: now,
      confirmed_at: eb.fn.coalesce('confirmed_at', eb.val(now)),
      paused_at: null,
      disabled_at: null,
      disabled_because: null,
    }))
    .where('address_hash', '=', hash)
    .returning('id')
    .executeTakeFirst()
  if (row) await writeScope(tx, row.id, wishes.scope)
}

/** Whoever left may come back by themselves; where mail cannot arrive or is not wanted, none is sent. */
async function isBarred(tx: Tx, hash: string): Promise<boolean> {
  const suppression = await tx
    .selectFrom('suppressions')
    .select('reason')
    .where('address_hash', '=', hash)
    .executeTakeFirst()
  return suppression !== undefined && suppression.reason !== 'left' && suppression.reason !== 'erased'
}

/** Somebody whose address is known. Who confirmed it is asked again before anything changes. */
async function answerAgain(parts: LetterParts, row: FullSubscriberRow, wishes: Wishes): Promise<void> {
  const { tx, now, vault } = parts
  const { id } = row
  // Mail to them does not arrive, or was taken for spam by themselves.
  if (row.disabled_because === 'bounced' || row.disabled_because === 'complained') return
  if (row.confirmed_at === null) {
    await tx
      .updateTable('subscribers')
      .set({ ...wishColumns(wishes), created_at: now })
      .where('id', '=', id)
      .execute()
    await writeScope(tx, id, wishes.scope)
    await writeAboutSubscription(parts, row, 'confirm')
    return
  }
  const { scope } = subscriberOf(vault, row, (await scopesOf(tx, [id])).get(id) ?? [])
  const addition = additionOf(wishes.scope, scope)
  const isStill = row.paused_at !== null || row.disabled_at !== null
  if (addition === null && !isStill) {
    await writeAboutSubscription(parts, row, 'known')
    return
  }
  await tx
    .updateTable('subscribers')
    .set({ wanted: JSON.stringify(addition ?? scope), wanted_at: now })
    .where('id', '=', id)
    .execute()
  await writeAboutSubscription(parts, row, 'confirm')
}
