import { type Db, inTransaction } from '../../database/database.ts'
import { welcome } from './answering.ts'
import { wholeScope } from './input.ts'
import { type LinkParts, type Shut, rowOfLink } from './opening.ts'
import { type FullSubscriberRow, addToScope, scopesOf, subscriberOf, writeScope } from './rows.ts'
import type { Scope, Subscriber } from './subscriber.ts'

/** What somebody says yes to: their subscription, or what is to be added to it. */
export interface Awaited {
  readonly subscriber: Subscriber
  /** Nothing waits where `confirmed`: they said so before. */
  readonly what: 'subscription' | 'addition' | 'confirmed'
  readonly addition: Scope | null
  /** Of their links. */
  readonly links: number
}

/** What a link of a first letter asks. Changes nothing: mail programs open links by themselves. */
export async function awaitedBy({ db, clock, vault }: LinkParts, token: string): Promise<Awaited | Shut> {
  const row = await rowOfLink({ tx: db, vault, now: clock.now() }, 'confirm', token)
  return typeof row === 'string' ? row : awaitedOf({ db, vault }, row)
}

async function awaitedOf(
  { db, vault }: { db: Db } & Pick<LinkParts, 'vault'>,
  row: FullSubscriberRow,
): Promise<Awaited> {
  const subscriber = subscriberOf(vault, row, (await scopesOf(db, [row.id])).get(row.id) ?? [])
  const { links } = row
  if (row.confirmed_at === null) return { subscriber, what: 'subscription', addition: null, links }
  if (row.wanted === null) return { subscriber, what: 'confirmed', addition: null, links }
  return { subscriber, what: 'addition', addition: JSON.parse(row.wanted) as Scope, links }
}

/**
 * They say that it was they who asked. No event: what somebody does with their own subscription is theirs, and is forgotten
 * with it. Twice is once; who leaves meanwhile has left.
 */
export async function confirmSubscription({ db, clock, vault }: LinkParts, token: string): Promise<Awaited | Shut> {
  return inTransaction(db, async (tx) => {
    const now = clock.now()
    const row = await rowOfLink({ tx, vault, now }, 'confirm', token)
    if (typeof row === 'string') return row
    const awaited = await awaitedOf({ db: tx, vault }, row)
    if (awaited.what === 'confirmed') return awaited
    const confirmed = await tx
      .updateTable('subscribers')
      .set((eb) => ({
        confirmed_at: eb.fn.coalesce('confirmed_at', eb.val(now)),
        consented_at: eb.fn.coalesce('consented_at', eb.val(now)),
        paused_at: null,
        disabled_at: null,
        disabled_because: null,
        failures: 0,
        failing_since: null,
        wanted: null,
        wanted_at: null,
      }))
      .where('id', '=', row.id)
      // Of two at once one finds that there is nothing left to say yes to.
      .where((eb) => eb.or([eb('confirmed_at', 'is', null), eb('wanted', 'is not', null)]))
      .returningAll()
      .executeTakeFirst()
    if (!confirmed) {
      const again = await rowOfLink({ tx, vault, now }, 'confirm', token)
      return typeof again === 'string' ? again : { ...(await awaitedOf({ db: tx, vault }, again)), what: 'confirmed' }
    }
    await welcome(tx, row.address_hash)
    if (awaited.addition?.everything === 'yes') {
      await tx.updateTable('subscribers').set({ everything: 'yes' }).where('id', '=', row.id).execute()
      await writeScope(tx, row.id, wholeScope)
    } else if (awaited.addition) await addToScope(tx, row.id, awaited.addition)
    return awaited
  })
}
