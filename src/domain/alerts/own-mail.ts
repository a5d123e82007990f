import type { Change } from '../changes/change.ts'
import { sealWay } from './ways.ts'

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
