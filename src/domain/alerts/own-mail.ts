import type { Vault } from '../../lib/vault.ts'
import type { Change } from '../changes/change.ts'
import type { Target } from '../subscribers/channel.ts'

const purposeOf = (wayId: string): string => `alert target ${wayId}`

/** Where a way leads, as it is kept. */
export function sealWay(vault: Vault, id: string, target: Target): string {
  return vault.seal(JSON.stringify(target), purposeOf(id))
}

export function openWay(vault: Vault, id: string, sealed: string): Target {
  return JSON.parse(vault.open(sealed, purposeOf(id))) as Target
}

/** Mail to call somebody goes where they sign in with, also after that was changed. */
export async function moveOwnMail({ tx, vault }: Change, accountId: string, address: string): Promise<void> {
  const ways = await tx
    .selectFrom('alert_channels')
    .select('id')
    .where('account_id', '=', accountId)
    .where('channel', '=', 'email')
    .orderBy('id')
    .execute()
  for (const { id } of ways) {
    await tx
      .updateTable('alert_channels')
      .set({
        target_sealed: sealWay(vault, id, { address }),
        // Whether it arrives there, nobody knows yet.
        proven_at: null,
        disabled_at: null,
        disabled_because: null,
      })
      .where('id', '=', id)
      .execute()
  }
}
