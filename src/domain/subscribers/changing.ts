import { type Tx, inTransaction } from '../../database/database.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Instant } from '../../lib/clock.ts'
import { isNothing } from './input.ts'
import { type LinkParts, type Shut, noSubscription, rowOfLink } from './opening.ts'
import { type FullSubscriberRow, scopesOf, subscriberOf, whatExists, wishColumns, writeScope } from './rows.ts'
import type { Subscriber, Wishes } from './subscriber.ts'

/** Whose subscription a link of theirs opens. */
export async function subscriberOfLink(
  { db, clock, vault }: LinkParts,
  purpose: 'manage' | 'leave',
  token: string,
): Promise<(Subscriber & { readonly links: number }) | Shut> {
  const row = await rowOfLink({ tx: db, vault, now: clock.now() }, purpose, token)
  if (typeof row === 'string') return row
  return { ...subscriberOf(vault, row, (await scopesOf(db, [row.id])).get(row.id) ?? []), links: row.links }
}

/** What they choose from now on. No event: it is theirs, and is forgotten with them. */
export async function changeWishes(parts: LinkParts, token: string, wishes: Wishes): Promise<void> {
  await byLink(parts, token, async (tx, row) => {
    const scope = await whatExists(tx, wishes.scope)
    if (isNothing(scope)) throw new Invalid('Choose at least one system that exists, or everything.', 'scope')
    // The row first, so that of two changes at once one comes after the other.
    await set(tx, row.id, wishColumns(wishes))
    await writeScope(tx, row.id, scope)
  })
}

/** Nothing is sent until they say so. */
export async function pauseSubscription(parts: LinkParts, token: string): Promise<void> {
  await byLink(parts, token, async (tx, { id, paused_at: pausedAt }, now) => {
    await set(tx, id, { paused_at: pausedAt ?? now })
  })
}

/** What happened meanwhile is not sent later: it stands on the page. */
export async function resumeSubscription(parts: LinkParts, token: string): Promise<void> {
  await byLink(parts, token, async (tx, { id }) => {
    await set(tx, id, { paused_at: null })
  })
}

async function set(tx: Tx, id: string, columns: Partial<FullSubscriberRow>): Promise<void> {
  const changed = await tx
    .updateTable('subscribers')
    .set(columns)
    .where('id', '=', id)
    .returning('id')
    .executeTakeFirst()
  // They left in the same moment.
  if (!changed) throw noSubscription()
}

async function byLink(
  { db, clock, vault }: LinkParts,
  token: string,
  work: (tx: Tx, row: FullSubscriberRow, now: Instant) => Promise<void>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const now = clock.now()
    const row = await rowOfLink({ tx, vault, now }, 'manage', token)
    if (typeof row === 'string') throw noSubscription()
    if (row.confirmed_at === null)
      throw new Conflict('Confirm the subscription first, by the link in the first letter.')
    await work(tx, row, now)
  })
}
