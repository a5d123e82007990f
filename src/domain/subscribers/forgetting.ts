import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { type Clock, later } from '../../lib/clock.ts'
import { forgetDeliveriesOf } from '../deliveries/forgetting.ts'
import { codeSeconds } from './chats.ts'
import { breath } from '../probes/portions.ts'

/** As long as the link of the first letter is good. */
const unconfirmedSeconds = 24 * 3600
const atOnce = 500

/**
 * Whoever did not answer the first letter within a day never asked, as far as we know: nothing is kept, no hash either.
 * What was asked for with a known address and not confirmed is forgotten as well, and so is what was chosen for a chat in
 * which nobody said so. Safe to run twice.
 */
export async function forgetUnconfirmed({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<void> {
  const before = later(clock.now(), -unconfirmedSeconds)
  await db.deleteFrom('subscriber_codes').where('at', '<=', later(clock.now(), -codeSeconds)).execute()
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

/** In seconds. Longer than a review is owed usually, and than anybody looks back: an incident that comes again so late is another one. */
const followedSeconds = 30 * 24 * 3600
/** Also where the review that is owed never came. */
const owedSeconds = 90 * 24 * 3600

/**
 * Whoever followed one incident is forgotten a month after its end, or when its review came if that was later; the page
 * where they signed up and the letter that it is over say so. Of those who follow more, only that they followed it is
 * forgotten. They did not leave: nothing bars them. Safe to run twice.
 */
export async function forgetFollowers({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<void> {
  const before = later(clock.now(), -followedSeconds)
  const owedBefore = later(clock.now(), -owedSeconds)
  for (;;) {
    const forgotten = await inTransaction(db, async (tx) => {
      const rows = await tx
        .selectFrom('subscriber_scopes')
        .innerJoin('incidents', 'incidents.id', 'subscriber_scopes.target_id')
        .select(['subscriber_id', 'target_id'])
        .where('subscriber_scopes.kind', '=', 'incident')
        // From when it was said: what was over long before is told when it is said.
        .where('told_over_at', '<=', before)
        .where((eb) => eb.or([eb('review_due_at', 'is', null), eb('told_over_at', '<=', owedBefore)]))
        .orderBy('subscriber_id')
        .orderBy('target_id')
        .limit(atOnce)
        .execute()
      for (const { subscriber_id: id, target_id: incident } of rows) await forgetFollowed(tx, id, incident)
      return rows.length
    })
    if (forgotten < atOnce) return
    await breath()
  }
}

async function forgetFollowed(tx: Tx, id: string, incident: string): Promise<void> {
  await tx
    .deleteFrom('subscriber_scopes')
    .where('subscriber_id', '=', id)
    .where('kind', '=', 'incident')
    .where('target_id', '=', incident)
    .execute()
  const rest = await tx
    .selectFrom('subscribers')
    .leftJoin('subscriber_scopes', 'subscriber_id', 'id')
    .select('id')
    .where('id', '=', id)
    .where((eb) => eb.or([eb('everything', '=', 'yes'), eb('kind', 'is not', null), eb('wanted', 'is not', null)]))
    .limit(1)
    .executeTakeFirst()
  if (rest) return
  // In this order, as everywhere: what became of a letter is written down first.
  await forgetDeliveriesOf(tx, 'subscriber', id)
  await tx
    .deleteFrom('subscribers')
    .where('id', '=', id)
    .where('everything', '=', 'no')
    .where('wanted', 'is', null)
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('subscriber_scopes').select('kind').whereRef('subscriber_id', '=', 'subscribers.id')),
      ),
    )
    .execute()
}
