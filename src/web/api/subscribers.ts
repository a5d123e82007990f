import type { Change } from '../../domain/changes/change.ts'
import { addSubscribers, removeSubscribers } from '../../domain/subscribers/adding.ts'
import type { ChannelKind, Target } from '../../domain/subscribers/channel.ts'
import { usualWishes } from '../../domain/subscribers/input.ts'
import { remindToConfirm } from '../../domain/subscribers/operating.ts'
import {
  type SubscriberCount,
  stateOf,
  subscriberById,
  subscriberCounts,
  subscribersPage,
} from '../../domain/subscribers/queries.ts'
import type { Subscriber } from '../../domain/subscribers/subscriber.ts'
import { readTarget } from '../../domain/subscribers/targets.ts'
import { Conflict, Invalid, NotFound } from '../../lib/errors.ts'
import { type Static, amongOthers, described, fields, flag, id, line, list, optional, whole } from '../../lib/fields.ts'
import { type Call, reads, writes } from './call.ts'
import { type SubscriberAnswer, many, subscriber, subscriberCount, subscriberHistogram } from './documents.ts'
import { managers, readers } from './scopes.ts'
import { toTheSecond } from './shapes.ts'

const noun = 'Subscribers'

const body = amongOthers(
  fields({
    subscriber: amongOthers(
      fields({
        email: optional(line(320)),
        endpoint: optional(line(2000)),
        phone_number: optional(line(60)),
        component_ids: described(optional(list(id, 2000)), 'Left out or empty: everything.'),
        skip_confirmation_notification: described(
          optional(flag),
          'Has to be true: you say that they agreed. To have somebody asked, use the public API, /api/v2/subscribers.json.',
        ),
      }),
    ),
  }),
)

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
    query: fields({ limit: optional(whole(1, 100)), page: optional(whole(0, 1000)) }),
    answer: many(subscriber),
    read: async ({ db, vault }, { query: { limit, page } }) => {
      const [size, at] = [limit ?? 100, page ?? 0]
      const { subscribers } = await subscribersPage({ db, vault }, { limit: size * (at + 1) })
      return subscribers.slice(size * at).map(subscriberAnswer)
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
    summary: 'Add a subscriber who agreed elsewhere',
    detail: 'Who left, complained or could not be reached is not brought back: 409. So is who is told already.',
    body,
    status: 201,
    answer: subscriber,
    isPersonal: true,
    write: async (change, { body: { subscriber: given }, site }) => {
      if (given.skip_confirmation_notification !== true) {
        throw new Invalid('has to be true: you say that they agreed', 'subscriber.skip_confirmation_notification')
      }
      const { locale, zone } = site
      const components = given.component_ids ?? []
      const usual = usualWishes({ locale, zone })
      const scope =
        components.length === 0
          ? usual.scope
          : { everything: 'no' as const, components: [...new Set(components)].toSorted(), groups: [], incidents: [] }
      const brought = { ...placeOf(given), wishes: { ...usual, scope }, consentedAt: change.now }
      const [added] = await addSubscribers(change, [brought], 'api')
      if (added?.became === 'known') throw new Conflict('They are subscribed already.')
      if (added?.became === 'suppressed') {
        throw new Conflict(
          'They left, complained or could not be reached: only an operator can let them be told again.',
        )
      }
      if (!added?.id) throw new Invalid('holds no component of this page', 'subscriber.component_ids')
      return answerOf(change, added.id)
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

const modes = ['email', 'sms', 'webhook', 'integration_partner', 'slack', 'teams'] as const
type Mode = (typeof modes)[number]

/** Channels that the contract does not know are those of partners. */
function modeOf(channel: ChannelKind): Mode {
  return modes.find((mode) => mode === channel) ?? 'integration_partner'
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

function placeOf({ email, endpoint, phone_number: number }: Static<typeof body>['subscriber']): {
  channel: ChannelKind
  target: Target
} {
  if (email) return { channel: 'email', target: readTarget('email', { address: email }) }
  if (endpoint) return { channel: 'webhook', target: readTarget('webhook', { url: endpoint, format: 'statuspage' }) }
  if (number) return { channel: 'sms', target: readTarget('sms', { number }) }
  throw new Invalid('needs an email, an endpoint or a phone_number', 'subscriber')
}

async function answerOf({ tx: db, vault }: Change, wanted: string): Promise<SubscriberAnswer> {
  return subscriberAnswer(found(await subscriberById({ db, vault }, wanted)))
}

function found(one: Subscriber | null): Subscriber {
  if (!one) throw new NotFound('There is no such subscriber.')
  return one
}

function subscriberAnswer(one: Subscriber): SubscriberAnswer {
  const { channel, target, scope } = one
  return {
    id: one.id,
    created_at: toTheSecond(one.createdAt),
    mode: modeOf(channel),
    email: target['address'] ?? null,
    endpoint: channel === 'webhook' ? (target['url'] ?? null) : null,
    phone_number: target['number'] ?? null,
    skip_confirmation_notification: one.source === 'api' || one.source === 'import',
    quarantined_at: one.disabledAt === null ? null : toTheSecond(one.disabledAt),
    purge_at: null,
    confirmed: stateOf(one) !== 'unconfirmed',
    components: scope.everything === 'yes' ? null : scope.components,
  }
}
