import { Conflict } from '../../../lib/errors.ts'
import type { Change } from '../../changes/change.ts'
import { readIncidentOrDraft } from '../../incidents/queries.ts'
import { incidentRow, toldIncident } from '../../incidents/rules.ts'
import { measuredSystems } from './measured-systems.ts'
import { readVerdict, writeVerdict } from '../verdicts/verdicts.ts'

/** A person takes an incident, or a draft, out of the engine's hands; it only notes from now on what it sees. */
export async function takeOver(change: Change, id: string): Promise<void> {
  const incident = await incidentRow(change, id)
  if (incident.over_at !== null || incident.dismissed_at !== null) throw new Conflict('This incident is over already.')
  if (incident.held_by === 'person') throw new Conflict('A person holds this incident already.')
  await change.tx
    .updateTable('incidents')
    .set({ held_by: 'person', publishes_at: null, updated_at: change.now })
    .where('id', '=', id)
    .execute()
  await change.record({ type: 'incident.taken-over', subject: id, data: { name: incident.name } })
}

/**
 * A person gives an open incident back: from now on it says by itself what changes, when all is well, and that it is
 * over. What is well already is said a moment later, by the engine and not in that person's name. Refused where it names something that nobody measures: only people could
 * say that that works.
 */
export async function handBack(change: Change, id: string): Promise<void> {
  const row = await toldIncident(change, id)
  if (row.over_at !== null) throw new Conflict('This incident is resolved: there is nothing left to automate.')
  if (row.held_by === 'engine') throw new Conflict('This incident is automated already.')
  const incident = await readIncidentOrDraft(change.tx, id)
  const affected = incident ? (await measuredSystems(change.tx, incident)).filter(({ isAffected }) => isAffected) : []
  if (affected.length === 0) throw new Conflict('It says of no system that it suffers, so there is nothing to watch.')
  if (affected.some(({ measured }) => measured === 'nobody' || measured === 'paused'))
    throw new Conflict('Nobody measures all that it affects, so only a person can say when that works again.')
  await change.tx
    .updateTable('incidents')
    .set({ held_by: 'engine', recovered_at: null, intermittent_at: null, came_back: '[]', updated_at: change.now })
    .where('id', '=', id)
    .execute()
  const probes = await change.tx
    .selectFrom('probes')
    .select('id')
    .where(
      'component_id',
      'in',
      affected.map(({ componentId }) => componentId),
    )
    .where('removed_at', 'is', null)
    .where('paused_at', 'is', null)
    .where('policy', '!=', 'off')
    .orderBy('id')
    .execute()
  for (const probe of probes) {
    const verdict = await readVerdict(change.tx, probe.id)
    if (!verdict) continue
    const actedAt = verdict.state === 'up' ? null : change.now
    await writeVerdict(change.tx, { ...verdict, incidentId: id, actedAt })
  }
  await change.record({ type: 'incident.handed-back', subject: id, data: { name: row.name } })
}
