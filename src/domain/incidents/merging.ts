import { Conflict } from '../../lib/errors.ts'
import type { Change } from '../changes/change.ts'
import { type ComponentStatus, type DeclaredStatus, worse } from '../components/component.ts'
import { openImpactsOf } from '../components/impacts.ts'
import { withdrawQuestion } from './confirming.ts'
import { widenIncident } from './drafts.ts'
import { toldIncident, waitingDraft } from './rules.ts'

/**
 * A draft that is about what an open incident already tells: its systems become part of that incident, and so does what
 * its probe finds from now on. It is no false alarm, so it is kept apart from those.
 */
export async function mergeDraft(change: Change, draftId: string, into: string): Promise<void> {
  const draft = await waitingDraft(change, draftId)
  const incident = await toldIncident(change, into)
  if (incident.over_at !== null)
    throw new Conflict('This incident is resolved: there is nothing to merge into.', 'into')
  const known = new Map((await openImpactsOf(change, { incident: into })).map((one) => [one.component_id, one.status]))
  const components = (await openImpactsOf(change, { incident: draftId }))
    .filter(({ component_id: id, status }) => isWorse(status, known.get(id)))
    .map(({ component_id: id, status }) => ({ id, status: status as DeclaredStatus }))
  if (components.length > 0) await widenIncident(change, into, { components, beganAt: draft.began_at })
  await change.tx
    .updateTable('impacts')
    .set({ ended_at: change.now })
    .where('incident_id', '=', draftId)
    .where('ended_at', 'is', null)
    .execute()
  await change.tx
    .updateTable('incidents')
    .set({ dismissed_at: change.now, merged_into: into, publishes_at: null, updated_at: change.now })
    .where('id', '=', draftId)
    .execute()
  await change.tx.updateTable('probe_verdicts').set({ incident_id: into }).where('incident_id', '=', draftId).execute()
  await withdrawQuestion(change, draftId)
  await change.record({ type: 'incident.merged', subject: draftId, data: { name: draft.name, into: incident.name } })
}

function isWorse(status: string, known: string | undefined): boolean {
  if (known === undefined) return true
  return status !== known && worse(status as ComponentStatus, known as ComponentStatus) === status
}
