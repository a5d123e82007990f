import type { Instant } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import { addressHash, sealTarget, withSecret } from './addresses.ts'
import { type ChannelKind, type Target, anyHost } from './channel.ts'
import { isNothing } from './input.ts'
import { forget } from './leaving.ts'
import { whatExists, wishColumns, writeScope } from './rows.ts'
import type { SubscriberSource, Wishes } from './subscriber.ts'

/** Somebody whom a list or an operator brings, who agreed elsewhere. */
export interface Brought {
  readonly channel: ChannelKind
  readonly target: Target
  readonly wishes: Wishes
  /** When they agreed. */
  readonly consentedAt: Instant
  /** Only of a line of our own export: they signed up themselves where it was written, and nobody here answers for it. */
  readonly signedUpBy?: 'form' | 'api'
}

/** `suppressed`: they left, or mail to them did not arrive; a list does not change that. */
export type Added =
  | { readonly id: string; readonly became: 'added' }
  | { readonly id: null; readonly became: 'known' | 'suppressed' | 'without scope' }

/** Takes in those who are not known and did not leave, and says of each what became of it. One event for all. */
export async function addSubscribers(
  change: Change,
  brought: readonly Brought[],
  source: Exclude<SubscriberSource, 'form'>,
): Promise<readonly Added[]> {
  const added: Added[] = []
  for (const one of brought) added.push(await addSubscriber(change, one, source))
  const count = (became: Added['became']): number => added.filter((one) => one.became === became).length
  const first = added.find(({ became }) => became === 'added')
  if (first?.id) {
    await change.record({
      type: 'subscriber.added',
      subject: first.id,
      data: { source, added: count('added'), known: count('known'), suppressed: count('suppressed') },
    })
  }
  return added
}

async function addSubscriber(
  { tx, now, ids, vault }: Change,
  { channel, target, wishes, consentedAt, signedUpBy }: Brought,
  source: SubscriberSource,
): Promise<Added> {
  const hash = addressHash(vault, channel, target)
  const suppressed = await tx
    .selectFrom('suppressions')
    .select('reason')
    .where('address_hash', '=', hash)
    .executeTakeFirst()
  if (suppressed) return { id: null, became: 'suppressed' }
  const scope = await whatExists(tx, wishes.scope)
  if (isNothing(scope)) return { id: null, became: 'without scope' }
  const id = ids.next()
  const created = await tx
    .insertInto('subscribers')
    .values({
      id,
      channel,
      target_sealed: sealTarget(vault, id, withSecret(ids, channel, target)),
      address_hash: hash,
      ...wishColumns({ ...wishes, scope }),
      source: signedUpBy ?? source,
      created_at: now,
      consented_at: consentedAt,
      confirmed_at: now,
      paused_at: null,
      disabled_at: null,
      disabled_because: null,
      asked_since: null,
      failing_since: null,
      wanted: null,
      wanted_at: null,
    })
    .onConflict((on) => on.column('address_hash').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!created) {
    // From now on an operator answers for where it leads: networks that are closed to strangers are open to it. What an
    // operator answers for already came from where it came.
    if (source !== 'api' && signedUpBy === undefined && anyHost.has(channel)) {
      await tx
        .updateTable('subscribers')
        .set({ source })
        .where('address_hash', '=', hash)
        .where('source', 'in', ['form', 'api'])
        .execute()
    }
    return { id: null, became: 'known' }
  }
  await writeScope(tx, id, scope)
  return { id, became: 'added' }
}

/** Ends subscriptions as an operator: they are told nothing more, and no list brings them back. Answers how many there were. */
export async function removeSubscribers(change: Change, ids: readonly string[]): Promise<number> {
  const { tx } = change
  if (ids.length === 0) return 0
  const rows = await tx
    .selectFrom('subscribers')
    .select(['id', 'address_hash'])
    .where('id', 'in', ids)
    .orderBy('id')
    .execute()
  let removed = 0
  for (const row of rows) if (await forget(change, row, 'operator')) removed += 1
  if (removed > 0) {
    await change.record({ type: 'subscriber.removed', subject: rows[0]?.id ?? '', data: { removed } })
  }
  return removed
}
