import type { Db } from '../../database/database.ts'
import { type Clock, later } from '../../lib/clock.ts'
import { Conflict } from '../../lib/errors.ts'
import type { Vault } from '../../lib/vault.ts'
import { oneByOne } from '../../lib/one-by-one.ts'
import type { Account } from '../accounts/account.ts'
import type { Change } from '../changes/change.ts'
import { withNewSecret, withoutFormerSecrets } from '../subscribers/addresses.ts'
import { bothSeconds } from '../subscribers/secrets.ts'
import { recordOfWay, wayOf } from './channels.ts'
import { openWay, sealWay } from './ways.ts'

/** A new secret for the program by which one is called; answered this once. For a day both are signed with. */
export async function renewWaySecret(change: Change, account: Account, id: string): Promise<string> {
  const { tx, now, ids, vault } = change
  const way = await wayOf(change, account, id)
  if (way.channel !== 'webhook') throw new Conflict('Only webhooks are signed with a secret.')
  // Held until this is done: of two at once, each keeps what the other made.
  const row = await tx
    .updateTable('alert_channels')
    .set({ secret_changed_at: now })
    .where('id', '=', id)
    .returning('target_sealed')
    .executeTakeFirstOrThrow()
  const { secret, target } = withNewSecret(ids, openWay(vault, id, row.target_sealed))
  await tx
    .updateTable('alert_channels')
    .set({ target_sealed: sealWay(vault, id, target) })
    .where('id', '=', id)
    .execute()
  await recordOfWay(change, 'alert.way-secret-renewed', account, way)
  return secret
}

interface Parts {
  readonly db: Db
  readonly clock: Clock
  readonly vault: Vault
}

/** Job: what a program was known by until a day ago is signed with no more. Safe to run twice. */
export async function forgetOldWaySecrets({ db, clock, vault }: Parts): Promise<void> {
  const rows = await db
    .selectFrom('alert_channels')
    .select(['id', 'target_sealed'])
    .where('secret_changed_at', '<=', later(clock.now(), -bothSeconds))
    .orderBy('id')
    .execute()
  await oneByOne(rows, async ({ id, target_sealed: sealed }) => {
    const target = withoutFormerSecrets(openWay(vault, id, sealed))
    await db
      .updateTable('alert_channels')
      .set({ target_sealed: sealWay(vault, id, target), secret_changed_at: null })
      .where('id', '=', id)
      // Who makes another one meanwhile has another day.
      .where('target_sealed', '=', sealed)
      .execute()
  })
}
