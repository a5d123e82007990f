import type { Db } from '../../database/database.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, Forbidden } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'

/** Who wants somebody else to look before readers do. */
export interface Confirmation {
  readonly accountId: string
  readonly author: string
  readonly askedAt: Instant
}

/** Words of this draft, or of this waiting update, are said once somebody else than who asks has confirmed them. */
export async function askForSecond(change: Change, subject: string): Promise<void> {
  const { actor } = change
  if (actor.kind !== 'operator') throw new Forbidden('Only somebody at the desk can ask for a second person.')
  const row = { account_id: actor.id, author: actor.name, asked_at: change.now }
  await change.tx
    .insertInto('confirmations')
    .values({ subject, ...row })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet(row))
    .execute()
}

/** Refuses whoever asked, programs and the clock; for anybody else the question is answered. */
export async function mustBeSecond(change: Change, subject: string): Promise<void> {
  const asked = (await confirmations(change.tx, [subject])).get(subject)
  if (!asked) return
  const { actor } = change
  if (actor.kind !== 'operator' || actor.id === asked.accountId) {
    throw new Conflict(`${asked.author} asked that somebody else confirms this: it cannot be published alone.`)
  }
  await withdrawQuestion(change, subject)
}

export async function withdrawQuestion(change: Change, subject: string): Promise<void> {
  await change.tx.deleteFrom('confirmations').where('subject', '=', subject).execute()
}

/** Those of these subjects that wait for a second person. */
export async function confirmations(db: Db, subjects: readonly string[]): Promise<ReadonlyMap<string, Confirmation>> {
  if (subjects.length === 0) return new Map()
  const rows = await db
    .selectFrom('confirmations')
    .selectAll()
    .where('subject', 'in', subjects)
    .orderBy('subject')
    .execute()
  return new Map(
    rows.map((row) => [row.subject, { accountId: row.account_id, author: row.author, askedAt: row.asked_at }]),
  )
}
