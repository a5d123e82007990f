import type { Change } from '../../domain/changes/change.ts'
import { openIncidents, readIncident } from '../../domain/incidents/queries.ts'
import { remindToConfirm } from '../../domain/subscribers/operating.ts'
import { subscriberByAddress, subscriberById, subscribersPage } from '../../domain/subscribers/queries.ts'
import { followIncident, leaveIncident } from '../../domain/subscribers/scoping.ts'
import type { Subscriber } from '../../domain/subscribers/subscriber.ts'
import type { Db } from '../../database/database.ts'
import type { Vault } from '../../lib/vault.ts'
import { Conflict, NotFound } from '../../lib/errors.ts'
import { amongOthers, described, fields, optional, whole } from '../../lib/fields.ts'
import { type Call, reads, writes } from './call.ts'
import { many, subscriber } from './documents.ts'
import { managers } from './scopes.ts'
import { answerOf, found, mostAtOnce, placeFields, placeOf, subscriberAnswer, takeIn } from './subscriber-body.ts'

const noun = 'Incident subscribers'
const path = '/pages/:page/incidents/:incident/subscribers'

/** Who follows one incident until it ends; who is told of everything is not among them. */
export const incidentSubscriberCalls: readonly Call[] = [
  reads({
    noun,
    path,
    scopes: managers,
    summary: 'Subscribers of an incident, newest first',
    query: fields({
      limit: optional(whole(1, mostAtOnce)),
      page: described(optional(whole(0, 1000)), 'Counted from 0.'),
    }),
    answer: many(subscriber),
    read: async ({ db, vault }, { params: { incident }, query: { limit, page } }) => {
      if (!(await readIncident(db, incident))) throw noIncident()
      const size = limit ?? mostAtOnce
      const { subscribers } = await subscribersPage({ db, vault }, { incident, limit: size, skip: size * (page ?? 0) })
      return subscribers.map(subscriberAnswer)
    },
  }),
  reads({
    noun,
    path: `${path}/:id`,
    scopes: managers,
    summary: 'A subscriber of an incident',
    answer: subscriber,
    read: async ({ db, vault }, { params }) => subscriberAnswer(await follower({ db, vault }, params)),
  }),
  writes({
    noun,
    method: 'POST',
    path,
    scopes: managers,
    summary: 'Add a subscriber of an incident',
    detail:
      'Of one that is open. With skip_confirmation_notification, because you say that they agreed, it comes to what they are told ' +
      'of already; who is not known is told of it alone. Without it only somebody new can be named, who is asked.',
    body: amongOthers(fields({ subscriber: amongOthers(fields(placeFields)) })),
    status: 201,
    answer: subscriber,
    isPersonal: true,
    write: async (change, { params: { incident }, body: { subscriber: given }, site, offered }) => {
      await mustBeOpen(change, incident)
      const place = placeOf(given, offered)
      const agreed = given.skip_confirmation_notification === true
      const known = await subscriberByAddress({ db: change.tx, vault: change.vault }, place.channel, place.target)
      if (known && agreed) {
        await followIncident(change, known.id, incident)
        return answerOf(change, known.id)
      }
      const scope = { everything: 'no' as const, components: [], groups: [], incidents: [incident] }
      return answerOf(change, await takeIn(change, place, { site, scope, agreed }))
    },
  }),
  writes({
    noun,
    method: 'DELETE',
    path: `${path}/:id`,
    scopes: managers,
    summary: 'Tell a subscriber no more of an incident',
    detail: 'Who was told of nothing else is told of nothing any more.',
    answer: subscriber,
    isPersonal: true,
    write: async (change, { params }) => {
      const before = await follower({ db: change.tx, vault: change.vault }, params)
      await leaveIncident(change, params.id, params.incident)
      return subscriberAnswer(before)
    },
  }),
  writes({
    noun,
    method: 'POST',
    path: `${path}/:id/resend_confirmation`,
    scopes: managers,
    summary: 'Ask a subscriber of an incident who has not said yes once more',
    status: 201,
    answer: null,
    write: async (change, { params }) => {
      await follower({ db: change.tx, vault: change.vault }, params)
      await remindToConfirm(change, params.id)
      return null
    },
  }),
]

async function follower(
  { db, vault }: { readonly db: Db; readonly vault: Vault },
  { incident, id }: { readonly incident: string; readonly id: string },
): Promise<Subscriber> {
  const one = found(await subscriberById({ db, vault }, id))
  return found(one.scope.incidents.includes(incident) ? one : null)
}

async function mustBeOpen({ tx }: Change, incident: string): Promise<void> {
  if ((await openIncidents(tx)).some(({ id }) => id === incident)) return
  if (!(await readIncident(tx, incident))) throw noIncident()
  throw new Conflict('This incident is over: there is nothing more to be told of it.')
}

function noIncident(): NotFound {
  return new NotFound('There is no such incident.')
}
