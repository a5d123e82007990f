import type { Change } from '../changes/change.ts'
import { authorOf } from '../incidents/updates.ts'
import type { Facts, Reason, Revised } from './revision.ts'

export interface Correction {
  readonly of: Revised
  readonly subject: string
  /** Left out: the subject has a page of its own. */
  readonly owner?: string
  /** Of an impact: what suffered from it, whose days say that they were corrected. */
  readonly component?: string
  /** Null: a typing error. */
  readonly reason: Reason | null
  readonly before: Facts | null
  readonly after: Facts | null
  readonly author?: string | null
  readonly shown?: 'yes' | 'no'
  /** The annulment of a false alarm that it is part of. */
  readonly annulment?: string | null
}

/** Keeps what something public was before this change; answers the revision's id, for the event. */
export async function keepRevision(change: Change, correction: Correction): Promise<string> {
  const id = change.ids.next()
  await change.tx
    .insertInto('revisions')
    .values({
      id,
      of: correction.of,
      subject_id: correction.subject,
      owner_id: correction.owner ?? correction.subject,
      component_id: correction.component ?? null,
      at: change.now,
      author: authorOf(change, correction.author),
      reason: correction.reason?.reason ?? null,
      translations: JSON.stringify(correction.reason?.translations ?? {}),
      before: correction.before && JSON.stringify(correction.before),
      after: correction.after && JSON.stringify(correction.after),
      shown: correction.shown ?? 'yes',
      annulment_id: correction.annulment ?? null,
    })
    .execute()
  return id
}
