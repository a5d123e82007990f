import type { Db, Tx } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Vault } from '../../lib/vault.ts'
import type { Change } from '../changes/change.ts'
import { addressHash } from './addresses.ts'
import type { ChannelKind, Target } from './channel.ts'
import { type SuppressionReason, forget } from './leaving.ts'

/** Somebody whom no list brings back. Who it is cannot be read from here: it is only known again when it is typed. */
export interface Suppression {
  readonly reason: SuppressionReason
  readonly at: Instant
}

type Parts = { readonly db: Db; readonly vault: Vault }

export async function suppressionOf(
  { db, vault }: Parts,
  kind: ChannelKind,
  target: Target,
): Promise<Suppression | null> {
  const row = await db
    .selectFrom('suppressions')
    .select(['reason', 'at'])
    .where('address_hash', '=', addressHash(vault, kind, target))
    .executeTakeFirst()
  return row ? { reason: row.reason as SuppressionReason, at: row.at } : null
}

/** How many there are, by why. */
export async function suppressionCounts(
  db: Db,
): Promise<readonly { readonly reason: SuppressionReason; readonly count: number }[]> {
  const rows = await db
    .selectFrom('suppressions')
    .select((eb) => ['reason', eb.fn.countAll().as('count')])
    .groupBy('reason')
    .orderBy('reason')
    .execute()
  return rows.map(({ reason, count }) => ({ reason: reason as SuppressionReason, count: Number(count) }))
}

/** Ends what they are told, if they are, and sees to it that neither a list nor a form brings them. */
export async function suppressAddress(change: Change, kind: ChannelKind, target: Target): Promise<void> {
  const hash = addressHash(change.vault, kind, target)
  await barAddress(change, hash, 'operator')
  // The log is kept when a person is forgotten: it does not even say by a mark who it was.
  await change.record({ type: 'subscriber.suppressed', subject: kind, data: { channel: kind } })
}

/** Lets somebody be brought or sign up again who asks an operator for it. Answers whether anything stood in their way. */
export async function liftSuppression(change: Change, kind: ChannelKind, target: Target): Promise<'lifted' | 'no'> {
  const gone = await change.tx
    .deleteFrom('suppressions')
    .where('address_hash', '=', addressHash(change.vault, kind, target))
    .returning('reason')
    .executeTakeFirst()
  if (!gone) return 'no'
  await change.record({ type: 'subscriber.unsuppressed', subject: kind, data: { channel: kind, reason: gone.reason } })
  return 'lifted'
}

/** Reasons that do not hinder people from coming back by themselves, and so give way to those that do. */
const weak: readonly SuppressionReason[] = ['left', 'erased']

/** Whoever this is, known or not: nothing is sent there again. Answers whether a subscriber went by it. */
export async function barAddress(
  { tx, now }: Pick<Change, 'tx' | 'now'>,
  hash: string,
  reason: SuppressionReason,
): Promise<boolean> {
  const row = await tx
    .selectFrom('subscribers')
    .select(['id', 'address_hash'])
    .where('address_hash', '=', hash)
    .executeTakeFirst()
  if (row) await forget({ tx, now }, row, reason)
  await tx
    .insertInto('suppressions')
    .values({ address_hash: hash, reason, at: now })
    .onConflict((on) => on.column('address_hash').doNothing())
    .execute()
  await tx
    .updateTable('suppressions')
    .set({ reason, at: now })
    .where('address_hash', '=', hash)
    .where('reason', 'in', weak)
    .execute()
  return row !== undefined
}

/** An address to which nothing is to be sent, as it is handed from one database to another of the same key. */
export interface Barred extends Suppression {
  readonly hash: string
}

/** Who left, complained or could not be reached from this moment on. */
export async function barredSince(db: Db, since: Instant): Promise<readonly Barred[]> {
  const rows = await db
    .selectFrom('suppressions')
    .select(['address_hash', 'reason', 'at'])
    .where('at', '>=', since)
    .orderBy('address_hash')
    .execute()
  return rows.map(({ address_hash: hash, reason, at }) => ({ hash, reason: reason as SuppressionReason, at }))
}

/** Ends in this database as well what they ended in another one; answers for how many it was not over here. Safe to run twice. */
export async function barAgain(tx: Tx, barred: readonly Barred[]): Promise<number> {
  let ended = 0
  for (const { hash, reason, at } of barred) if (await barAddress({ tx, now: at }, hash, reason)) ended += 1
  return ended
}
