import { type Db, inTransaction } from '../../database/database.ts'
import { type Clock, later } from '../../lib/clock.ts'
import { forgetDeliveriesOf } from '../deliveries/forgetting.ts'
import { breath } from '../probes/portions.ts'

/** As long as the link of the first letter is good. */
const unconfirmedSeconds = 24 * 3600
const atOnce = 500

/**
 * Whoever did not answer the first letter within a day never asked, as far as we know: nothing is kept, no hash either.
 * What was asked for with a known address and not confirmed is forgotten as well. Safe to run twice.
 */
export async function forgetUnconfirmed({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<void> {
  const before = later(clock.now(), -unconfirmedSeconds)
  await db.updateTable('subscribers').set({ wanted: null, wanted_at: null }).where('wanted_at', '<=', before).execute()
  for (;;) {
    const forgotten = await inTransaction(db, async (tx) => {
      const rows = await tx
        .deleteFrom('subscribers')
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('subscribers')
            .select('id')
            .where('confirmed_at', 'is', null)
            .where('created_at', '<=', before)
            .orderBy('created_at')
            .limit(atOnce),
        )
        // Who confirmed a moment ago, while this was being looked for.
        .where('confirmed_at', 'is', null)
        .returning('id')
        .execute()
      for (const { id } of rows) await forgetDeliveriesOf(tx, 'subscriber', id)
      return rows.length
    })
    if (forgotten < atOnce) return
    await breath()
  }
}
