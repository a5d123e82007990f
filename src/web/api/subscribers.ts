import type { Change } from '../../domain/changes/change.ts'
import { removeSubscribers } from '../../domain/subscribers/adding.ts'
import { reactivateSubscribers, remindToConfirm } from '../../domain/subscribers/operating.ts'
import {
  type SubscriberCount,
  subscriberById,
  subscriberCounts,
  subscriberStates,
  subscribersById,
  subscribersPage,
} from '../../domain/subscribers/queries.ts'
import { chooseComponents, componentsAndGroups } from '../../domain/subscribers/scoping.ts'
import { Invalid } from '../../lib/errors.ts'
import {
  type Static,
  amongOthers,
  choice,
  described,
  either,
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
  placeFields,
  placeOf,
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
  state: described(optional(choice(['active', 'unconfirmed', 'quarantined', 'all'])), 'Usually those who are told.'),
  limit: optional(whole(1, 100)),
  page: described(optional(whole(0, 1000)), 'Counted from 0.'),
})

const mostAtOnce = 100

const several = amongOthers(
  fields({
    subscribers: either(choice(['all']), list(id, mostAtOnce)),
    type: optional(choice(modes)),
    state: optional(choice(['active', 'unconfirmed', 'quarantined', 'all'])),
  }),
)

const statesOf = {
  active: ['active', 'paused'],
  unconfirmed: ['unconfirmed'],
  quarantined: ['disabled'],
  all: subscriberStates,
} as const

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
    read: async ({ db, vault }, { query: { q, type, state, limit, page } }) => {
      const size = limit ?? mostAtOnce
      const { subscribers } = await subscribersPage(
        { db, vault },
        {
          limit: size,
          skip: size * (page ?? 0),
          states: statesOf[state ?? 'active'],
          ...(type ? { channels: channelsOf(type) } : {}),
          ...(q ? { address: q } : {}),
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
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/subscribers/unsubscribe',
    scopes: managers,
    summary: 'End subscriptions, without a word to whose they were',
    detail: `Those of these ids who are there; or all that are meant by state and type, if they are ${mostAtOnce} at most.`,
    body: several,
    answer: null,
    write: async (change, { body: given }) => {
      await removeSubscribers(change, await meant(change, given, given.state ?? 'active'))
      return null
    },
  }),
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/subscribers/reactivate',
    scopes: managers,
    summary: 'Try again with subscribers who were given up',
    detail: 'Those whose place was gone or refused us. Where mail bounced, or who complained, is left as it is.',
    body: several,
    answer: null,
    write: async (change, { body: given }) => {
      await reactivateSubscribers(change, await meant(change, given, 'quarantined'))
      return null
    },
  }),
]

/** By their ids; or everybody in a state, as far as they are not too many for a slip. */
async function meant(
  { tx: db, vault }: Change,
  { subscribers, type }: Static<typeof several>,
  state: keyof typeof statesOf,
): Promise<readonly string[]> {
  const channels = type ? { channels: channelsOf(type) } : {}
  if (typeof subscribers !== 'string') {
    const all = await subscribersById({ db, vault }, subscribers)
    return [...all.values()].flatMap(({ id: one, channel }) => (!type || modeOf(channel) === type ? [one] : []))
  }
  const { subscribers: all, next } = await subscribersPage(
    { db, vault },
    { limit: mostAtOnce, states: statesOf[state], ...channels },
  )
  if (next) throw new Invalid(`means more than ${mostAtOnce}: name them by their ids`, 'subscribers')
  return all.map(({ id: one }) => one)
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
