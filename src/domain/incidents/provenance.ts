import type { Instant } from '../../lib/clock.ts'
import type { Revision } from '../revisions/revision.ts'
import type { Incident, Update } from './incident.ts'

/** That a fact about an incident was said otherwise before. */
export interface Moved {
  readonly revision: Revision
  readonly from: Instant
}

/** How a time of an incident was corrected, oldest correction first. */
export function movesOf(
  { id, revisions }: Pick<Incident, 'id' | 'revisions'>,
  fact: 'beganAt' | 'noticedAt' | 'overAt',
): Moved[] {
  return revisions.flatMap((revision) => {
    const from = revision.before?.[fact]
    if (revision.of !== 'incident' || revision.subject !== id || typeof from !== 'string') return []
    return [{ revision, from: from as Instant }]
  })
}

/** Who said something, and through what. */
export type Voice = Pick<Update, 'author' | 'source'>

/** Who said the first word of an incident, and who said that it was over. */
export function voicesOf({ updates, toldAt, toldOverAt }: Pick<Incident, 'updates' | 'toldAt' | 'toldOverAt'>): {
  readonly told: Voice | null
  readonly toldOver: Voice | null
} {
  const oldestFirst = updates.toReversed()
  return {
    told: oldestFirst.find(({ displayedAt }) => displayedAt === toldAt) ?? null,
    toldOver: updates.find(({ displayedAt, stage }) => stage === 'resolved' && displayedAt === toldOverAt) ?? null,
  }
}
