import type { Change } from '../../changes/change.ts'
import type { EngineNote } from '../../changes/events.ts'

/** Notes for those at the desk what the engine sees of an incident that a person holds. Readers are told nothing. */
export async function noteFor(
  change: Change,
  incidentId: string,
  { note, component }: { readonly note: EngineNote; readonly component: string },
): Promise<void> {
  const incident = await change.tx
    .selectFrom('incidents')
    .select('name')
    .where('id', '=', incidentId)
    .executeTakeFirstOrThrow()
  const known = await change.tx.selectFrom('components').select('name').where('id', '=', component).executeTakeFirst()
  await change.record({
    type: 'incident.noted',
    subject: incidentId,
    data: { name: incident.name, note, component: known?.name ?? component },
  })
}
