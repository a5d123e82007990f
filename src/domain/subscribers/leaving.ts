import { type Tx, inTransaction } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { forgetDeliveriesOf } from '../deliveries/forgetting.ts'
import type { LinkPurpose } from './links.ts'
import { turnToBeWrittenTo, writeAboutSubscription } from './letters.ts'
import { type LinkParts, type Shut, rowOfLink } from './opening.ts'
import type { FullSubscriberRow } from './rows.ts'

/** Why somebody must not be brought back by a list. */
export type SuppressionReason = 'left' | 'erased' | 'bounced' | 'complained' | 'operator'

/** `already`: the link was ours, and they left before. */
export type Left = 'left' | 'already' | 'forged'

/** At once, and as often as asked: whoever holds the link of a letter may end what it came from. */
export function leave(parts: LinkParts, token: string): Promise<Left> {
  return end(parts, { purpose: 'leave', token, reason: 'left' })
}

/** From where everything is shown that is known of them. */
export function erase(parts: LinkParts, token: string): Promise<Left> {
  return end(parts, { purpose: 'manage', token, reason: 'erased' })
}

/**
 * Sends the link to change it to whoever would leave: the link to leave is good for ever and opens nothing else, so that
 * a letter that was passed on shows nobody whom it was for. Says nothing of an address that had its three letters of the day.
 */
export async function changeInstead({ db, clock, vault }: LinkParts, token: string): Promise<'sent' | Shut> {
  return inTransaction(db, async (tx) => {
    const now = clock.now()
    const row = await rowOfLink({ tx, vault, now }, 'leave', token)
    if (typeof row === 'string') return row
    const isFit = row.confirmed_at !== null && row.disabled_at === null
    const turn = isFit ? await turnToBeWrittenTo({ tx, now }, row.address_hash) : undefined
    if (turn) await writeAboutSubscription({ tx, now }, turn, 'known')
    return 'sent'
  })
}

async function end(
  { db, clock, vault }: LinkParts,
  {
    purpose,
    token,
    reason,
  }: { readonly purpose: LinkPurpose; readonly token: string; readonly reason: 'left' | 'erased' },
): Promise<Left> {
  return inTransaction(db, async (tx) => {
    const now = clock.now()
    const row = await rowOfLink({ tx, vault, now }, purpose, token)
    if (row === 'gone') return 'already'
    if (typeof row === 'string') return 'forged'
    return (await forget({ tx, now }, row, reason)) ? 'left' : 'already'
  })
}

/**
 * Removes who was told, what was sent to them, and what waits. A keyed hash of the address is left, so that no list brings
 * them back; a stronger reason from before stays. Answers whether they were there.
 */
export async function forget(
  { tx, now }: { readonly tx: Tx; readonly now: Instant },
  { id, address_hash: hash }: Pick<FullSubscriberRow, 'id' | 'address_hash'>,
  reason: SuppressionReason,
): Promise<boolean> {
  // In this order, as what became of a letter is written down: the other way round the two wait for each other.
  await forgetDeliveriesOf(tx, 'subscriber', id)
  const gone = await tx.deleteFrom('subscribers').where('id', '=', id).returning('id').executeTakeFirst()
  if (!gone) return false
  await tx
    .insertInto('suppressions')
    .values({ address_hash: hash, reason, at: now })
    .onConflict((on) =>
      reason === 'operator'
        ? on.column('address_hash').doUpdateSet({ reason, at: now })
        : on.column('address_hash').doNothing(),
    )
    .execute()
  return true
}
