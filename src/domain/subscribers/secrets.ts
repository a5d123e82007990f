import { type Tx, inTransaction } from '../../database/database.ts'
import { type Instant, later } from '../../lib/clock.ts'
import { Conflict } from '../../lib/errors.ts'
import type { Ids } from '../../lib/ids.ts'
import type { Vault } from '../../lib/vault.ts'
import { oneByOne } from '../../lib/one-by-one.ts'
import type { Change } from '../changes/change.ts'
import { openTarget, sealTarget, withNewSecret, withoutFormerSecrets } from './addresses.ts'
import { type LinkParts, type Shut, noSubscription, rowOfLink } from './opening.ts'
import type { FullSubscriberRow } from './rows.ts'

// What a webhook is signed with. It is shown when it is made and never again; while a new one takes its place, messages are
// signed with both, so that the receiver may change it whenever it likes.

/** So long what was made first counts as well. */
export const bothSeconds = 24 * 3600

/** A new secret, at the wish of whoever holds the link; answered this once. No event: it is theirs. */
export async function renewOwnSecret(
  { db, clock, vault, ids }: LinkParts & { readonly ids: Ids },
  token: string,
): Promise<{ readonly secret: string } | Shut> {
  return inTransaction(db, async (tx) => {
    const now = clock.now()
    const row = await rowOfLink({ tx, vault, now }, 'manage', token)
    return typeof row === 'string' ? row : { secret: await renew({ tx, now, vault, ids }, row) }
  })
}

/** The same by an operator, who hands it on. */
export async function renewSecret(change: Change, id: string): Promise<string> {
  const row = await change.tx.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw noSubscription()
  const secret = await renew(change, row)
  await change.record({ type: 'subscriber.secret_renewed', subject: id, data: { channel: row.channel } })
  return secret
}

async function renew(
  { tx, now, vault, ids }: { readonly tx: Tx; readonly now: Instant; readonly vault: Vault; readonly ids: Ids },
  { id, channel }: Pick<FullSubscriberRow, 'id' | 'channel'>,
): Promise<string> {
  if (channel !== 'webhook') throw new Conflict('Only webhooks are signed with a secret.')
  // Held until this is done: of two at once, each keeps what the other made.
  const row = await tx
    .updateTable('subscribers')
    .set({ secret_changed_at: now })
    .where('id', '=', id)
    .returning('target_sealed')
    .executeTakeFirst()
  if (!row) throw noSubscription()
  const { secret, target } = withNewSecret(ids, openTarget(vault, id, row.target_sealed))
  await tx
    .updateTable('subscribers')
    .set({ target_sealed: sealTarget(vault, id, target) })
    .where('id', '=', id)
    .execute()
  return secret
}

/** What was signed with until a day ago is signed with no more. Safe to run twice. */
export async function forgetOldSecrets({ db, clock, vault }: LinkParts): Promise<void> {
  const rows = await db
    .selectFrom('subscribers')
    .select(['id', 'target_sealed'])
    .where('secret_changed_at', '<=', later(clock.now(), -bothSeconds))
    .orderBy('id')
    .execute()
  await oneByOne(rows, async ({ id, target_sealed: sealed }) => {
    const target = withoutFormerSecrets(openTarget(vault, id, sealed))
    await db
      .updateTable('subscribers')
      .set({ target_sealed: sealTarget(vault, id, target), secret_changed_at: null })
      .where('id', '=', id)
      // Who makes another one meanwhile has another day.
      .where('target_sealed', '=', sealed)
      .execute()
  })
}
