import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { TooMany } from '../../lib/errors.ts'
import type { Ids } from '../../lib/ids.ts'
import type { Vault } from '../../lib/vault.ts'
import type { Change } from '../changes/change.ts'
import { queueLetter } from '../deliveries/queue.ts'
import { addressHash, sealTarget, withSecret } from './addresses.ts'
import type { ChannelKind, Target } from './channel.ts'
import { isNothing } from './input.ts'
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
 * tells who is subscribed (056). Answers the id that a new subscriber will have.
 */
export async function askToSubscribe({ db, clock, ids, vault }: AskParts, ask: Ask): Promise<string> {
  const id = ids.next()
  const target = withSecret(ids, ask.channel, ask.target)
  const sealed = vault.seal(JSON.stringify({ ...ask, target }), purpose(id))
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
        const ask = opened(vault, id, taken.sealed)
        if (ask) await answer({ tx, now, vault }, id, ask)
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
function opened(vault: Vault, id: string, sealed: string): Ask | null {
  try {
    return JSON.parse(vault.open(sealed, purpose(id))) as Ask
  } catch {
    return null
  }
}

interface Parts {
  readonly tx: Tx
  readonly now: Instant
  readonly vault: Vault
}

async function answer(parts: Parts, id: string, ask: Ask): Promise<void> {
  const { tx, now, vault } = parts
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
    await (isProven ? welcome(tx, hash) : write(parts, created, 'confirm'))
    return
  }
  if (isProven) {
    await chooseAnew(parts, hash, wishes)
    return
  }
  const row = await turnToBeWrittenTo(parts, hash)
  if (row) await answerAgain(parts, row, wishes)
}

/** They came back by themselves: a list may bring them again. */
export async function welcome(tx: Tx, hash: string): Promise<void> {
  await tx.deleteFrom('suppressions').where('address_hash', '=', hash).execute()
}

/** Of somebody who proved already who they are: what they choose now counts, and nothing from before. */
async function chooseAnew({ tx, now }: Parts, hash: string, wishes: Wishes): Promise<void> {
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

const mostLetters = 3
const daySeconds = 24 * 3600

/** Counts a letter that anybody can cause; null: this address had its three of the day. */
async function turnToBeWrittenTo({ tx, now }: Parts, hash: string): Promise<FullSubscriberRow | undefined> {
  const since = later(now, -daySeconds)
  return tx
    .updateTable('subscribers')
    .set((eb) => ({
      asked: eb
        .case()
        .when('asked_since', '>', since)
        .then(eb('asked', '+', 1))
        .else(1)
        .end(),
      asked_since: eb.case().when('asked_since', '>', since).then(eb.ref('asked_since')).else(now).end(),
    }))
    .where('address_hash', '=', hash)
    .where((eb) =>
      eb.or([eb('asked_since', 'is', null), eb('asked_since', '<=', since), eb('asked', '<', mostLetters)]),
    )
    .returningAll()
    .executeTakeFirst()
}

/** The first letter once more, to somebody who has not answered it; false: they had their three of the day. */
export async function askOnceMore(change: Pick<Change, 'tx' | 'now' | 'vault'>, hash: string): Promise<boolean> {
  const row = await turnToBeWrittenTo(change, hash)
  if (!row) return false
  await change.tx.updateTable('subscribers').set({ created_at: change.now }).where('id', '=', row.id).execute()
  await write(change, row, 'confirm')
  return true
}

/** Somebody whose address is known. Who confirmed it is asked again before anything changes. */
async function answerAgain(parts: Parts, row: FullSubscriberRow, wishes: Wishes): Promise<void> {
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
    await write(parts, row, 'confirm')
    return
  }
  const { scope } = subscriberOf(vault, row, (await scopesOf(tx, [id])).get(id) ?? [])
  const addition = additionOf(wishes.scope, scope)
  const isStill = row.paused_at !== null || row.disabled_at !== null
  if (addition === null && !isStill) {
    await write(parts, row, 'known')
    return
  }
  await tx
    .updateTable('subscribers')
    .set({ wanted: JSON.stringify(addition ?? scope), wanted_at: now })
    .where('id', '=', id)
    .execute()
  await write(parts, row, 'confirm')
}

async function write({ tx, now }: Parts, row: FullSubscriberRow, kind: 'confirm' | 'known'): Promise<void> {
  await queueLetter(
    { tx, now },
    {
      payload: { kind },
      audience: 'subscriber',
      recipient: row.id,
      channel: row.channel as ChannelKind,
      thread: `subscription:${row.id}`,
    },
  )
}
