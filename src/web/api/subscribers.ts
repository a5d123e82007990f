import { removeSubscribers } from '../../domain/subscribers/adding.ts'
import { remindToConfirm } from '../../domain/subscribers/operating.ts'
import {
  type SubscriberCount,
  type SubscribersAsked,
  subscriberById,
  subscriberCounts,
  subscribersPage,
} from '../../domain/subscribers/queries.ts'
import { chooseComponents, componentsAndGroups } from '../../domain/subscribers/scoping.ts'
import { Invalid } from '../../lib/errors.ts'
import {
  type Static,
  amongOthers,
  choice,
  described,
  fields,
  id,
  line,
  list,
  optional,
  whole,
} from '../../lib/fields.ts'
import { type Call, reads, writes } from './call.ts'
import { many, subscriber, subscriberCount, subscriberHistogram } from './documents.ts'
import { managers, readers } from './scopes.ts'
import {
  type Mode,
  answerOf,
  channelsOf,
  found,
  modeOf,
  modes,
  mostAtOnce,
  placeFields,
  placeOf,
  stateNames,
  statesOf,
  subscriberAnswer,
  takeIn,
} from './subscriber-body.ts'

const noun = 'Subscribers'

const component_ids = list(id, 2000)

const body = amongOthers(
  fields({
    subscriber: amongOthers(
      fields({
        ...placeFields,
        component_ids: described(optional(component_ids), 'Of components and groups. Left out or empty: everything.'),
      }),
    ),
  }),
)

const asked = fields({
  q: described(optional(line(2000)), 'An address, a phone number or an endpoint, whole: parts of one find nobody.'),
  type: optional(choice(modes)),
  state: described(optional(choice(stateNames)), 'Usually those who are told.'),
  limit: optional(whole(1, 100)),
  page: described(optional(whole(0, 1000)), 'Counted from 0.'),
  sort_field: described(
    optional(choice(['primary', 'created_at', 'quarantined_at', 'relevance'])),
    'Left out: the newest first. Addresses lie sealed, so nothing can be sorted by them (`primary`: 422).',
  ),
  sort_direction: optional(choice(['asc', 'desc'])),
})

/** Addresses of people are for programs that may manage; how many there are is for all. */
export const subscriberCalls: readonly Call[] = [
  reads({
    noun,
    path: '/pages/:page/subscribers/count',
    scopes: readers,
    summary: 'How many subscribers are told',
    answer: subscriberCount,
    read: async ({ db }) => {
      const counts = (await subscriberCounts(db)).filter(({ state }) => isActive(state))
      return byMode((mode) => sum(counts, mode))
    },
  }),
  reads({
    noun,
    path: '/pages/:page/subscribers/histogram_by_state',
    scopes: readers,
    summary: 'How many subscribers there are, by their state',
    answer: subscriberHistogram,
    read: async ({ db }) => {
      const counts = await subscriberCounts(db)
      return byMode((mode) => {
        const of = (isIn: (state: SubscriberCount['state']) => boolean): number =>
          sum(
            counts.filter(({ state }) => isIn(state)),
            mode,
          )
        return {
          active: of(isActive),
          unconfirmed: of((state) => state === 'unconfirmed'),
          quarantined: of((state) => state === 'disabled'),
          total: of(() => true),
        }
      })
    },
  }),
  reads({
    noun,
    path: '/pages/:page/subscribers',
    scopes: managers,
    summary: 'Subscribers of the page, newest first',
    query: asked,
    answer: many(subscriber),
    read: async ({ db, vault }, { query: { q, type, state, limit, page, ...sorting } }) => {
      const size = limit ?? mostAtOnce
      const { subscribers } = await subscribersPage(
        { db, vault },
        {
          limit: size,
          skip: size * (page ?? 0),
          states: statesOf[state ?? 'active'],
          ...(type ? { channels: channelsOf(type) } : {}),
          ...(q ? { address: q } : {}),
          ...sortedBy(sorting),
        },
      )
      return subscribers.map(subscriberAnswer)
    },
  }),
  reads({
    noun,
    path: '/pages/:page/subscribers/unsubscribed',
    scopes: managers,
    summary: 'Those who left: nothing is kept of them that could be listed',
    answer: many(subscriber),
    read: async () => [],
  }),
  reads({
    noun,
    path: '/pages/:page/subscribers/:id',
    scopes: managers,
    summary: 'A subscriber of the page',
    answer: subscriber,
    read: async ({ db, vault }, { params }) => subscriberAnswer(found(await subscriberById({ db, vault }, params.id))),
  }),
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/subscribers',
    scopes: managers,
    summary: 'Add a subscriber',
    detail:
      'With skip_confirmation_notification they are told from now on, because you say that they agreed; else they are asked. ' +
      'Who is known is refused (409), and so is who complained or could not be reached; who left is asked, and never added.',
    body,
    status: 201,
    answer: subscriber,
    isPersonal: true,
    write: async (change, { body: { subscriber: given }, site, offered }) => {
      const ids = given.component_ids ?? []
      return answerOf(
        change,
        await takeIn(change, placeOf(given, offered), {
          site,
          scope: ids.length === 0 ? null : await componentsAndGroups(change, ids),
          agreed: given.skip_confirmation_notification === true,
        }),
      )
    },
  }),
  writes({
    noun,
    method: 'PATCH',
    path: '/pages/:page/subscribers/:id',
    scopes: managers,
    summary: 'Change of which components a subscriber is told',
    detail: 'Only these from now on; none: everything. Incidents that they follow stay.',
    body: amongOthers(fields({ component_ids })),
    answer: subscriber,
    isPersonal: true,
    write: async (change, { params, body: { component_ids: ids } }) => {
      await chooseComponents(change, params.id, ids)
      return answerOf(change, params.id)
    },
  }),
  writes({
    noun,
    method: 'DELETE',
    path: '/pages/:page/subscribers/:id',
    scopes: managers,
    summary: 'End a subscription, without a word to whose it was',
    answer: subscriber,
    isPersonal: true,
    write: async (change, { params }) => {
      const before = await answerOf(change, params.id)
      await removeSubscribers(change, [params.id])
      return before
    },
  }),
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/subscribers/:id/resend_confirmation',
    scopes: managers,
    summary: 'Ask a subscriber who has not said yes once more',
    status: 201,
    answer: null,
    write: async (change, { params }) => {
      await remindToConfirm(change, params.id)
      return null
    },
  }),
]

/** As the contract has it, from the oldest on, once a field is named. `relevance` is that of one address, so of one subscriber. */
function sortedBy({
  sort_field: field,
  sort_direction: direction,
}: Partial<Static<typeof asked>>): Pick<SubscribersAsked, 'sorted'> {
  if (field === 'primary') {
    throw new Invalid(
      'cannot be the address: addresses lie sealed, so that nothing can be sorted by them',
      'sort_field',
    )
  }
  if (!field && !direction) return {}
  return { sorted: { by: field === 'quarantined_at' ? 'disabled_at' : 'created_at', direction: direction ?? 'asc' } }
}

/** Who paused it stays one of those who are told. */
function isActive(state: SubscriberCount['state']): boolean {
  return state === 'active' || state === 'paused'
}

function byMode<T>(of: (mode: Mode) => T): Record<Mode, T> {
  return Object.fromEntries(modes.map((mode) => [mode, of(mode)])) as Record<Mode, T>
}

function sum(counts: readonly SubscriberCount[], mode: Mode): number {
  return counts.reduce((all, { channel, count }) => all + (modeOf(channel) === mode ? count : 0), 0)
}
