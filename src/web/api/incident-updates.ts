import type { Change } from '../../domain/changes/change.ts'
import { type Update } from '../../domain/incidents/incident.ts'
import { readIncident } from '../../domain/incidents/queries.ts'
import { readMaintenance } from '../../domain/maintenances/queries.ts'
import { correctUpdate } from '../../domain/revisions/words.ts'
import { Invalid, NotFound } from '../../lib/errors.ts'
import { amongOthers, described, fields, flag, instant, line, optional, prose } from '../../lib/fields.ts'
import { updateDocuments } from '../compat/statuspage/things.ts'
import { type Call, writes } from './call.ts'
import { type UpdateAnswer, incidentUpdate } from './documents.ts'
import { disclosers } from './scopes.ts'
import { toTheSecond, updateAnswers } from './shapes.ts'
import { withTheirFields } from './their-fields.ts'
import { usualReason } from './usual-words.ts'

const body = amongOthers(
  fields({
    incident_update: amongOthers(
      fields({
        body: optional(prose()),
        display_at: described(optional(instant), 'Taken only as it is: when something was said is a fact.'),
        deliver_notifications: described(
          optional(flag),
          'Whether subscribers are told of the correction; usually not.',
        ),
        reason: described(optional(line(300)), 'Ours: why it is corrected. Readers see it.'),
      }),
    ),
  }),
)

export const updateCalls: readonly Call[] = (['PATCH', 'PUT'] as const).map((method) =>
  writes({
    noun: 'Incidents',
    method,
    path: '/pages/:page/incidents/:incident/incident_updates/:id',
    scopes: disclosers,
    summary: 'Correct what was said',
    detail: 'Readers see that it was corrected, why, and what it said before.',
    body,
    answer: incidentUpdate,
    write: async (change, { params, body: { incident_update: wished } }) => {
      const { update } = await updateOf(change, params.incident, params.id)
      const saidAt = toTheSecond(update.displayedAt ?? update.createdAt)
      if (wished.display_at && toTheSecond(wished.display_at) !== saidAt)
        throw new Invalid(`cannot be changed: it was said at ${saidAt}`, 'incident_update.display_at')
      if (wished.body) {
        const correction = {
          body: wished.body,
          ...(wished.reason ? { reason: wished.reason } : usualReason(update.locale)),
          deliver: wished.deliver_notifications ? 'yes' : 'no',
        }
        await withTheirFields('incident_update', () => correctUpdate(change, update.id, correction))
      }
      return (await updateOf(change, params.incident, params.id)).answer
    },
  }),
)

async function updateOf(
  { tx }: Change,
  owner: string,
  id: string,
): Promise<{ readonly update: Update; readonly answer: UpdateAnswer }> {
  const updates = ((await readIncident(tx, owner)) ?? (await readMaintenance(tx, owner)))?.updates
  const update = updates?.find((one) => one.id === id)
  const answer = updates && updateAnswers(updateDocuments(updates, owner, toTheSecond)).find((one) => one.id === id)
  if (!update || !answer) throw new NotFound('There is no such update.')
  return { update, answer }
}
