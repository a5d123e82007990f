import { type Db, type Tx, inTransaction } from '../../database/database.ts'
import { breath } from '../../lib/breath.ts'
import { type Clock, type Instant, later } from '../../lib/clock.ts'
import { forgetDeliveriesOf } from '../deliveries/forgetting.ts'
import { codeSeconds } from './chats.ts'
import { threadOf } from '../deliveries/told.ts'

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

/** Longer than anybody looks back: what comes again so late is another incident. */
const followedSeconds = 30 * 24 * 3600
/** Also where a review that is owed never came. */
const owedSeconds = 90 * 24 * 3600
/** So long it is tried to bring somebody what was said. */
const underWaySeconds = 3 * 24 * 3600

/**
 * Whoever followed one incident is forgotten a month after its end, or when its review came if that was later; the page
 * where they signed up and the letter that it is over say so. Of those who follow more, only that they followed it is
 * forgotten. They did not leave: nothing bars them. Safe to run twice.
 */
export async function forgetFollowers({ db, clock }: { readonly db: Db; readonly clock: Clock }): Promise<void> {
  for (const incident of await followedInVain(db, clock.now())) {
    while ((await inTransaction(db, (tx) => forgetSomeOf(tx, incident))) === atOnce) await breath()
  }
}

/** Incidents that somebody follows, and of which nothing more is to be told. */
async function followedInVain(db: Db, now: Instant): Promise<readonly string[]> {
  const over = await db
    .selectFrom('incidents')
    // Since it was said: what was over long before is told when it is said.
    .select(['id', 'told_over_at'])
    .where('told_over_at', '<=', later(now, -followedSeconds))
    .where('id', 'in', (eb) => eb.selectFrom('subscriber_scopes').select('target_id').where('kind', '=', 'incident'))
    .orderBy('id')
    .execute()
  const settled: string[] = []
  for (const { id, told_over_at: since } of over) {
    const isLong = since !== null && since <= later(now, -owedSeconds)
    if ((isLong || !(await owesReview(db, id))) && !(await isBeingTold(db, id, now))) settled.push(id)
  }
  return settled
}

async function owesReview(db: Db, incident: string): Promise<boolean> {
  const owed = await db
    .selectFrom('promises')
    .select('id')
    .where('incident_id', '=', incident)
    .where('kind', '!=', 'update')
    .where('came_at', 'is', null)
    .where((eb) => eb.or([eb('outcome', 'is', null), eb('outcome', '=', 'missed')]))
    .limit(1)
    .executeTakeFirst()
  return owed !== undefined
}

async function isBeingTold(db: Db, incident: string, now: Instant): Promise<boolean> {
  const told = await db
    .selectFrom('messages')
    .select('number')
    .where('thread', '=', threadOf({ noun: 'incident', id: incident }))
    .where('at', '>', later(now, -underWaySeconds))
    .limit(1)
    .executeTakeFirst()
  return told !== undefined
}

async function forgetSomeOf(tx: Tx, incident: string): Promise<number> {
  const followers = await tx
    .selectFrom('subscriber_scopes')
    .select('subscriber_id')
    .where('kind', '=', 'incident')
    .where('target_id', '=', incident)
    .orderBy('subscriber_id')
    .limit(atOnce)
    .execute()
  for (const { subscriber_id: id } of followers) await forgetFollowed(tx, id, incident)
  return followers.length
}

async function forgetFollowed(tx: Tx, id: string, incident: string): Promise<void> {
  await tx
    .deleteFrom('subscriber_scopes')
    .where('subscriber_id', '=', id)
    .where('kind', '=', 'incident')
    .where('target_id', '=', incident)
    .execute()
  const more = await tx
    .selectFrom('subscribers')
    .leftJoin('subscriber_scopes', 'subscriber_id', 'id')
    .select('id')
    .where('id', '=', id)
    .where((eb) => eb.or([eb('everything', '=', 'yes'), eb('kind', 'is not', null), eb('wanted', 'is not', null)]))
    .limit(1)
    .executeTakeFirst()
  if (more) return
  // In this order, as everywhere: what became of a letter is written down first.
  await forgetDeliveriesOf(tx, 'subscriber', id)
  await tx
    .deleteFrom('subscribers')
    .where('id', '=', id)
    .where('everything', '=', 'no')
    .where('wanted', 'is', null)
    // Who chose more a moment ago.
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('subscriber_scopes').select('kind').whereRef('subscriber_id', '=', 'subscribers.id')),
      ),
    )
    .execute()
}
