import { type Db, inTransaction } from '../../database/database.ts'
import type { Vault } from '../../lib/vault.ts'
import type { Target } from '../subscribers/channel.ts'
import { openWay, sealWay } from './own-mail.ts'

/**
 * A browser by which an operator is called is reached elsewhere from now on. Nobody else knows where it was reached, so
 * whoever says it is the browser: that is the proof, and it is no event. `no`: nobody is called by it.
 */
export async function moveOwnBrowser(
  { db, vault }: { readonly db: Db; readonly vault: Vault },
  from: Target,
  to: Target,
): Promise<'moved' | 'no'> {
  return inTransaction(db, async (tx) => {
    const ways = await tx
      .selectFrom('alert_channels')
      .select(['id', 'target_sealed'])
      .where('channel', '=', 'web-push')
      .orderBy('id')
      .execute()
    const own = ways.find(({ id, target_sealed: sealed }) => {
      const { endpoint, auth } = openWay(vault, id, sealed)
      return endpoint === from['endpoint'] && auth === from['auth']
    })
    if (!own) return 'no'
    await tx
      .updateTable('alert_channels')
      .set({
        target_sealed: sealWay(vault, own.id, to),
        disabled_at: null,
        disabled_because: null,
      })
      .where('id', '=', own.id)
      .execute()
    return 'moved'
  })
}
