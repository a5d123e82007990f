import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { queueLetter } from '../deliveries/queue.ts'
import type { ChannelKind } from './channel.ts'
import type { FullSubscriberRow } from './rows.ts'
import { askOnceMore } from './letters.ts'

/** Nothing is sent until an operator lets it, or they themselves by their link. */
export async function pauseSubscriber(change: Change, id: string): Promise<void> {
  const row = await rowOf(change, id)
  if (row.confirmed_at === null || row.paused_at !== null) throw new Conflict('They are told nothing now.')
  await change.tx.updateTable('subscribers').set({ paused_at: change.now }).where('id', '=', id).execute()
  await change.record({ type: 'subscriber.paused', subject: id, data: { channel: row.channel } })
}

/** Whether it was an operator who paused it: only then an operator may end that. */
export async function isPausedByOperator(
  db: Db,
  { id, pausedAt }: { readonly id: string; readonly pausedAt: Instant | null },
): Promise<boolean> {
  if (pausedAt === null) return false
  const found = await db
    .selectFrom('events')
    .select('seq')
    .where('noun', '=', 'subscriber')
    .where('subject', '=', id)
    .where('type', '=', 'subscriber.paused')
    .where('at', '=', pausedAt)
    .executeTakeFirst()
  return found !== undefined
}

export async function resumeSubscriber(change: Change, id: string): Promise<void> {
  const row = await rowOf(change, id)
  if (!(await isPausedByOperator(change.tx, { id, pausedAt: row.paused_at }))) {
    throw new Conflict('They paused it themselves: only they can go on, by the link in their letters.')
  }
  await change.tx.updateTable('subscribers').set({ paused_at: null }).where('id', '=', id).execute()
  await change.record({ type: 'subscriber.resumed', subject: id, data: { channel: row.channel } })
}

/** The first letter once more: no more of them a day than anybody can ask for. */
export async function remindToConfirm(change: Change, id: string): Promise<void> {
  const { address_hash: hash, confirmed_at: confirmedAt } = await rowOf(change, id)
  if (confirmedAt !== null) throw new Conflict('They have said yes meanwhile.')
  if (!(await askOnceMore(change, hash))) throw new Conflict('They were asked three times today. Try again tomorrow.')
  await change.record({ type: 'subscriber.asked', subject: id, data: { asked: 1 } })
}

/** The same to many: who said yes meanwhile or was asked three times today is left out. Answers how many were asked. */
export async function remindAllToConfirm(change: Change, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0
  const rows = await change.tx
    .selectFrom('subscribers')
    .select(['id', 'address_hash'])
    .where('id', 'in', ids)
    .where('confirmed_at', 'is', null)
    .orderBy('id')
    .execute()
  const asked: string[] = []
  for (const { id, address_hash: hash } of rows) if (await askOnceMore(change, hash)) asked.push(id)
  const [first] = asked
  if (first !== undefined) {
    await change.record({ type: 'subscriber.asked', subject: first, data: { asked: asked.length } })
  }
  return asked.length
}

/**
 * Tries again with those whose place was gone or refused us, as an operator says that it is there again; answers who they
 * are. What bounced stays as it is, and so does who complained: their address is lifted by hand, and they sign up anew.
 */
export async function reactivateSubscribers(change: Change, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return []
  const rows = await change.tx
    .updateTable('subscribers')
    .set({ disabled_at: null, disabled_because: null, failures: 0, failing_since: null })
    .where('id', 'in', ids)
    .where('disabled_because', 'in', ['gone', 'refused'])
    .returning('id')
    .execute()
  const [first] = rows
  if (first) {
    await change.record({ type: 'subscriber.reactivated', subject: first.id, data: { reactivated: rows.length } })
  }
  return rows.map(({ id }) => id)
}

/** Shows that the way works. One at a time. */
export async function testSubscriber(change: Change, id: string, by: string): Promise<void> {
  const row = await rowOf(change, id)
  if (row.confirmed_at === null || row.disabled_at !== null) throw new Conflict('Nothing is sent there now.')
  const channel = row.channel as ChannelKind
  await sendTest(change, { audience: 'subscriber', recipient: id, channel, by })
  await change.record({ type: 'subscriber.tested', subject: id, data: { channel } })
}

/** A test mail to an operator's own address. */
export async function testMail(change: Change, account: { readonly id: string; readonly name: string }): Promise<void> {
  await sendTest(change, { audience: 'account', recipient: account.id, channel: 'email', by: account.name })
}

interface Test {
  readonly audience: 'subscriber' | 'account'
  readonly recipient: string
  readonly channel: ChannelKind
  readonly by: string
}

async function sendTest(change: Change, { by, ...to }: Test): Promise<void> {
  const waiting = await change.tx
    .selectFrom('deliveries')
    .innerJoin('messages', 'messages.number', 'deliveries.message')
    .select('deliveries.message')
    .where('audience', '=', to.audience)
    .where('recipient', '=', to.recipient)
    .where('done_at', 'is', null)
    .where('messages.kind', '=', 'test')
    .limit(1)
    .executeTakeFirst()
  if (waiting) throw new Conflict('A test is on its way already.')
  await queueLetter(change, { payload: { kind: 'test', by }, thread: `test:${to.recipient}`, ...to })
}

async function rowOf({ tx }: Pick<Change, 'tx'>, id: string): Promise<FullSubscriberRow> {
  const row = await tx.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new NotFound('There is no such subscriber.')
  return row
}
