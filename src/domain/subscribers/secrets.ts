import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { Conflict } from '../../lib/errors.ts'
import type { Ids } from '../../lib/ids.ts'
import type { Vault } from '../../lib/vault.ts'
import type { Change } from '../changes/change.ts'
import { newSecret, openTarget, sealTarget } from './addresses.ts'
import type { Target } from './channel.ts'
import { type LinkParts, type Shut, noSubscription, rowOfLink } from './opening.ts'
import type { FullSubscriberRow } from './rows.ts'

// What a webhook is signed with. It is shown when it is made and never again; while a new one takes its place, messages are
// signed with both, so that the receiver may change it whenever it likes.

const bothSeconds = 24 * 3600
/** So many are signed with, at most, where somebody makes one after the other. */
const mostBefore = 3

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
  { id, channel, target_sealed: sealed }: FullSubscriberRow,
): Promise<string> {
  if (channel !== 'webhook') throw new Conflict('Only webhooks are signed with a secret.')
  const target = openTarget(vault, id, sealed)
  const secret = newSecret(ids)
  const before = [target['secret'] ?? '', ...(target['secretBefore'] ?? '').split(' ')].filter((one) => one !== '')
  const both = { ...target, secret, secretBefore: before.slice(0, mostBefore).join(' ') }
  await set(tx, vault, { id, target: both, at: now })
  return secret
}

/** What was signed with until a day ago is signed with no more. Safe to run twice. */
export async function forgetOldSecrets({
  db,
  clock,
  vault,
}: {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
}): Promise<void> {
  const before = later(clock.now(), -bothSeconds)
  await inTransaction(db, async (tx) => {
    const rows = await tx
      .selectFrom('subscribers')
      .select(['id', 'target_sealed'])
      .where('secret_changed_at', '<=', before)
      .orderBy('id')
      .execute()
    for (const { id, target_sealed: sealed } of rows) {
      const { secretBefore: _, ...target } = openTarget(vault, id, sealed)
      await set(tx, vault, { id, target, at: null })
    }
  })
}

async function set(
  tx: Tx,
  vault: Vault,
  { id, target, at }: { readonly id: string; readonly target: Target; readonly at: Instant | null },
): Promise<void> {
  await tx
    .updateTable('subscribers')
    .set({ target_sealed: sealTarget(vault, id, target), secret_changed_at: at })
    .where('id', '=', id)
    .execute()
}
