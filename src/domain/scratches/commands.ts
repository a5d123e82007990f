import type { Db } from '../../database/database.ts'
import { type Clock, later } from '../../lib/clock.ts'
import { Invalid } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { readScratch } from './queries.ts'
import { type Scratch, type ScratchForm, keptDays, longestScratch, mostScratches, subjectOf } from './scratch.ts'

export type Kept =
  | { readonly outcome: 'kept'; readonly version: number }
  /** Another window of the same person saved something else since. */
  | { readonly outcome: 'elsewhere'; readonly scratch: Scratch }
  /** It was said, or thrown away, in another window. */
  | { readonly outcome: 'gone' }

export interface Written {
  readonly subject: string
  readonly accountId: string
  readonly form: ScratchForm
  /** That this window knows, 0: none; null: whatever is there. */
  readonly version: number | null
}

/**
 * Keeps what somebody is writing. No event tells of it: nothing was done yet. A row belongs to one person, so nobody
 * overwrites another; `version` sees to it that nobody overwrites themselves.
 */
export async function keepScratch(change: Change, { subject, accountId, form, version }: Written): Promise<Kept> {
  if (!subjectOf(subject)) throw new Invalid('There is no such place to write.', 'scratch')
  const json = JSON.stringify(form)
  if (json.length > longestScratch) {
    throw new Invalid(`That is more than can be kept: at most ${longestScratch} characters.`, 'body')
  }
  const before = await readScratch(change.tx, { subject, accountId })
  if (before && version !== null && before.version !== version) {
    return JSON.stringify(before.form) === json
      ? { outcome: 'kept', version: before.version }
      : { outcome: 'elsewhere', scratch: before }
  }
  if (!before && version) return { outcome: 'gone' }
  if (before) return rewrite(change, before, json)
  await change.tx
    .insertInto('scratches')
    .values({
      id: change.ids.next(),
      subject,
      account_id: accountId,
      form: json,
      version: 1,
      began_at: change.now,
      updated_at: change.now,
    })
    .execute()
  await dropOldest(change, accountId)
  return { outcome: 'kept', version: 1 }
}

/** Forgets what somebody wrote: because it was said, or because they throw it away. */
export async function forgetScratch(
  change: Change,
  { subject, accountId }: Pick<Scratch, 'subject' | 'accountId'>,
): Promise<void> {
  await change.tx.deleteFrom('scratches').where('subject', '=', subject).where('account_id', '=', accountId).execute()
}

/** Job: what nobody came back to for long is forgotten. */
export async function forgetOldScratches(db: Db, clock: Clock): Promise<void> {
  await db
    .deleteFrom('scratches')
    .where('updated_at', '<', later(clock.now(), -keptDays * 86_400))
    .execute()
}

async function rewrite(change: Change, { subject, accountId, version }: Scratch, form: string): Promise<Kept> {
  await change.tx
    .updateTable('scratches')
    .set({ form, version: version + 1, updated_at: change.now })
    .where('subject', '=', subject)
    .where('account_id', '=', accountId)
    .execute()
  return { outcome: 'kept', version: version + 1 }
}

async function dropOldest(change: Change, accountId: string): Promise<void> {
  const beyond = await change.tx
    .selectFrom('scratches')
    .select('id')
    .where('account_id', '=', accountId)
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .offset(mostScratches)
    .limit(100)
    .execute()
  if (beyond.length === 0) return
  await change.tx
    .deleteFrom('scratches')
    .where(
      'id',
      'in',
      beyond.map(({ id }) => id),
    )
    .execute()
}
