import { type Db, inTransaction } from '../../database/database.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Vault } from '../../lib/vault.ts'
import type { Target } from '../subscribers/channel.ts'
import { openWay, queueTest, sealWay } from './ways.ts'

/**
 * A browser by which an operator is called is reached elsewhere from now on. Nobody else knows where it was reached, so
 * whoever says it is the browser, and it is no event. That anybody hears it there is not proven by that: a test asks.
 * `no`: nobody is called by it.
 */
export async function moveOwnBrowser(
  { db, clock, vault }: { readonly db: Db; readonly clock: Clock; readonly vault: Vault },
  from: Target,
  to: Target,
): Promise<'moved' | 'no'> {
  return inTransaction(db, async (tx) => {
    const ways = await tx
      .selectFrom('alert_channels')
      .innerJoin('accounts', 'accounts.id', 'account_id')
      .select(['alert_channels.id', 'target_sealed', 'accounts.name as by'])
      .where('channel', '=', 'web-push')
      .orderBy('alert_channels.id')
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
        proven_at: null,
        disabled_at: null,
        disabled_because: null,
      })
      .where('id', '=', own.id)
      .execute()
    await queueTest({ tx, now: clock.now() }, { id: own.id, channel: 'web-push', by: own.by })
    return 'moved'
  })
}
