import type { Selectable } from 'kysely'
import type { ImpactRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Change } from '../changes/change.ts'
import { settleImpacts } from '../status/settle.ts'
import { keepRevision } from './commands.ts'
import type { Facts, Reason } from './revision.ts'

type Row = Selectable<ImpactRow>

export interface ImpactRevision {
  /** Null: it is new. */
  readonly before: Row | null
  /** Null: it is taken back. */
  readonly after: Row | null
  readonly reason: Reason | null
  /** `no`: it follows from a correction that readers are told of. */
  readonly shown: 'yes' | 'no'
  /** The annulment that it is part of. */
  readonly annulment?: string
}

/**
 * Writes another interval in the place of one, keeps what it was, and counts the days again that this touches, no
 * others: where only the beginning moved, those between the old and the new one. Answers the revision's id.
 */
export async function reviseImpact(change: Change, revised: ImpactRevision): Promise<string> {
  const { before, after, reason, shown, annulment = null } = revised
  const one = after ?? before
  if (one === null) throw new Error('A correction of nothing.')
  const revision = await keepRevision(change, {
    of: 'impact',
    subject: one.id,
    owner: one.incident_id ?? one.id,
    component: one.component_id,
    reason,
    shown,
    annulment,
    before: before && factsOf(before),
    after: after && factsOf(after),
  })
  if (before === null) await change.tx.insertInto('impacts').values(one).execute()
  else if (after === null) await change.tx.deleteFrom('impacts').where('id', '=', one.id).execute()
  else await change.tx.updateTable('impacts').set(after).where('id', '=', one.id).execute()
  for (const [from, until] of touched(before, after, change.now)) {
    await settleImpacts(change, [one.component_id], from, until)
  }
  return revision
}

function factsOf(row: Row): Facts {
  return { component: row.component_id, status: row.status, beganAt: row.began_at, endedAt: row.ended_at }
}

/** The times of which something else is said now. */
function touched(before: Row | null, after: Row | null, now: Instant): [Instant, Instant][] {
  const end = (row: Row): Instant => row.ended_at ?? now
  const between = (...instants: Instant[]): [Instant, Instant] => {
    const sorted = instants.toSorted()
    return [sorted[0] ?? now, sorted.at(-1) ?? now]
  }
  if (before === null || after === null || before.status !== after.status) {
    return [between(...[before, after].flatMap((row) => (row ? [row.began_at, end(row)] : [])))]
  }
  return [
    ...(before.began_at === after.began_at ? [] : [between(before.began_at, after.began_at)]),
    ...(before.ended_at === after.ended_at ? [] : [between(end(before), end(after))]),
  ]
}
