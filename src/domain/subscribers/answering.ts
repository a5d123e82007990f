import type { Tx } from '../../database/database.ts'
import type { Vault } from '../../lib/vault.ts'
import { addressHash, sealTarget } from './addresses.ts'
import type { ChannelKind, Target } from './channel.ts'
import { isNothing } from './input.ts'
import { type LetterParts, turnToBeWrittenTo, writeAboutSubscription } from './letters.ts'
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
  /** `given`: it came from the place itself, a chat that wrote to us. A browser gets the letter, too: that it comes is enough. */
  readonly proof: 'by letter' | 'given'
}

/** Of whoever comes of an ask: letters are named after them, and whoever asked in their name must not know how. */
export function subscriberIdOf(vault: Vault, ask: string): string {
  const bytes = Buffer.from(vault.mark(ask, 'subscriber id'), 'base64url')
  return Array.from(bytes.subarray(0, 12), (byte) => (byte % 36).toString(36)).join('')
}

/** What becomes of an ask, whosever address it is. */
export async function answer(parts: LetterParts, asked: string, ask: Ask): Promise<void> {
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
export async function isBarred(tx: Tx, hash: string): Promise<boolean> {
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
