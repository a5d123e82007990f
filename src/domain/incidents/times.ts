import type { Selectable } from 'kysely'
import type { IncidentRow } from '../../database/tables.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict, Invalid } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { reviseImpact } from '../revisions/intervals.ts'
import type { Reason } from '../revisions/revision.ts'
import { mustHaveHappened } from './rules.ts'

type Row = Selectable<IncidentRow>

/** Refuses times of a public incident that cannot be true together. */
export function mustBeInOrder(
  change: Change,
  incident: Row,
  { beganAt, noticedAt, overAt }: { beganAt: Instant; noticedAt: Instant | null; overAt: Instant | null },
): void {
  mustHaveHappened(change, beganAt, 'beganAt')
  if (noticedAt !== incident.noticed_at && noticedAt !== null && incident.told_at && noticedAt > incident.told_at)
    throw new Invalid('You cannot have noticed it after you told readers.', 'noticedAt')
  if (overAt !== null && incident.over_at === null)
    throw new Conflict('This incident is not over: an update that resolves says when it was.', 'overAt')
  if (overAt === null) return
  mustHaveHappened(change, overAt, 'overAt')
  if (beganAt > overAt) {
    const isEnd = overAt !== incident.over_at
    throw new Invalid(
      isEnd ? 'It cannot have been over before it began.' : 'It cannot have begun after it was over.',
      isEnd ? 'overAt' : 'beganAt',
    )
  }
}

/** What began with the incident begins with it still, and nothing before it, also what had ended by then. */
export async function moveBeginning(
  change: Change,
  incident: { id: string; began_at: Instant },
  { beganAt, reason }: { beganAt: Instant; reason: Reason | null },
): Promise<void> {
  const first = await change.tx
    .selectFrom('impacts')
    .selectAll()
    .where('incident_id', '=', incident.id)
    .where((eb) => eb.or([eb('began_at', '=', incident.began_at), eb('began_at', '<', beganAt)]))
    .orderBy('began_at')
    .orderBy('id')
    .execute()
  for (const impact of first) {
    const { ended_at: endedAt } = impact
    const moved = { ...impact, began_at: beganAt, ended_at: endedAt && (endedAt < beganAt ? beganAt : endedAt) }
    await reviseImpact(change, { before: impact, after: moved, reason, shown: 'no' })
  }
}

/** What ended with the incident ends with it still. Of what had ended otherwise it was said until when it was felt. */
export async function moveEnd(
  change: Change,
  incident: Row,
  { overAt, reason }: { overAt: Instant; reason: Reason | null },
): Promise<void> {
  const impacts = await change.tx
    .selectFrom('impacts')
    .selectAll()
    .where('incident_id', '=', incident.id)
    .where('status', '!=', 'operational')
    .orderBy('began_at')
    .orderBy('id')
    .execute()
  for (const impact of impacts) {
    if (impact.ended_at === incident.over_at && impact.began_at <= overAt) {
      await reviseImpact(change, { before: impact, after: { ...impact, ended_at: overAt }, reason, shown: 'no' })
    } else if (impact.ended_at === null || impact.ended_at > overAt) {
      throw new Invalid('A system was still affected then: choose a later time, or correct that interval.', 'overAt')
    }
  }
  if (incident.mitigated_at !== null && (incident.mitigated_at === incident.over_at || incident.mitigated_at > overAt))
    await change.tx.updateTable('incidents').set({ mitigated_at: overAt }).where('id', '=', incident.id).execute()
}
