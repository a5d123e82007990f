import type { Tx } from '../../database/database.ts'
import { type Instant, later } from '../../lib/clock.ts'
import type { Vault } from '../../lib/vault.ts'
import { queueLetter } from '../deliveries/queue.ts'
import type { ChannelKind } from './channel.ts'
import type { FullSubscriberRow } from './rows.ts'

// Letters about a subscription itself: anybody can cause them who knows an address, so each address gets few of them.

export interface LetterParts {
  readonly tx: Tx
  readonly now: Instant
  readonly vault: Vault
}

const mostLetters = 3
const daySeconds = 24 * 3600

/** Counts a letter that anybody can cause; null: this address had its three of the day. */
export async function turnToBeWrittenTo(
  { tx, now }: Pick<LetterParts, 'tx' | 'now'>,
  hash: string,
): Promise<FullSubscriberRow | undefined> {
  const since = later(now, -daySeconds)
  return tx
    .updateTable('subscribers')
    .set((eb) => ({
      asked: eb
        .case()
        .when('asked_since', '>', since)
        .then(eb('asked', '+', 1))
        .else(1)
        .end(),
      asked_since: eb.case().when('asked_since', '>', since).then(eb.ref('asked_since')).else(now).end(),
    }))
    .where('address_hash', '=', hash)
    .where((eb) =>
      eb.or([eb('asked_since', 'is', null), eb('asked_since', '<=', since), eb('asked', '<', mostLetters)]),
    )
    .returningAll()
    .executeTakeFirst()
}

/** The first letter once more, to somebody who has not answered it; false: they had their three of the day. */
export async function askOnceMore(change: Pick<LetterParts, 'tx' | 'now'>, hash: string): Promise<boolean> {
  const row = await turnToBeWrittenTo(change, hash)
  if (!row) return false
  await change.tx.updateTable('subscribers').set({ created_at: change.now }).where('id', '=', row.id).execute()
  await writeAboutSubscription(change, row, 'confirm')
  return true
}

export async function writeAboutSubscription(
  { tx, now }: Pick<LetterParts, 'tx' | 'now'>,
  row: FullSubscriberRow,
  kind: 'confirm' | 'known',
): Promise<void> {
  await queueLetter(
    { tx, now },
    {
      payload: { kind },
      audience: 'subscriber',
      recipient: row.id,
      channel: row.channel as ChannelKind,
      thread: `subscription:${row.id}`,
    },
  )
}
