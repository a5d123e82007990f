import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { may } from '../../../domain/accounts/account.ts'
import type { Change } from '../../../domain/changes/change.ts'
import { deliveriesTo } from '../../../domain/deliveries/log.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { removeSubscribers } from '../../../domain/subscribers/adding.ts'
import { channelKinds } from '../../../domain/subscribers/channel.ts'
import { addressIn } from '../../../domain/subscribers/list-columns.ts'
import { renewSecret } from '../../../domain/subscribers/secrets.ts'
import {
  isPausedByOperator,
  pauseSubscriber,
  remindToConfirm,
  resumeSubscriber,
  testSubscriber,
} from '../../../domain/subscribers/operating.ts'
import {
  type Cursor,
  stateOf,
  subscriberById,
  subscriberCounts,
  subscriberStates,
  subscribersPage,
} from '../../../domain/subscribers/queries.ts'
import type { Subscriber } from '../../../domain/subscribers/subscriber.ts'
import { parseInstant } from '../../../lib/clock.ts'
import { NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, formOf, only, untouched } from '../../shared/forms.ts'
import { offered } from '../alerts/alerts.ts'
import { capital } from '../alerts/alert-words.ts'
import { deliveryInWords, letterInWords } from './delivery-words.ts'
import { type Desk, attempt, signedIn, submit } from '../desk.ts'
import { type Done, done } from '../done.ts'
import { followedThings } from './followed-things.ts'
import { leadToOnce, shownOnce } from '../shown-once.ts'
import {
  channelLabel,
  originInWords,
  standingInWords,
  subscriberStateWords,
  wishesInWords,
} from './subscriber-words.ts'
import { deskWords } from '../words.ts'

const aPage = 50
const people = { config: { access: operators('manage-people') } }

/** Who is told. How many they are everybody at the desk may see; who they are, those who see to people. */
export function subscriberRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/subscribers', { config: { access: operators('see') } }, (request, reply) => list(request, reply, desk))

  face.get('/subscribers/:id', people, (request, reply) =>
    one(request, reply, desk, untouched, 200, shownOnce<string>(request, reply, desk, pageOf(request))),
  )

  const verbs: readonly [string, Done, (it: Change, id: string, by: string) => Promise<unknown>][] = [
    ['pause', 'subscriber-paused', pauseSubscriber],
    ['resume', 'subscriber-resumed', resumeSubscriber],
    ['remind', 'asked-again', remindToConfirm],
    ['test', 'test-sent', testSubscriber],
  ]
  for (const [verb, what, command] of verbs) {
    face.post(`/subscribers/:id/${verb}`, people, (request, reply) =>
      submit(
        request,
        reply,
        async (given) => {
          only(given, [])
          const { account, actor } = signedIn(request)
          await desk.change(actor, (it) => command(it, idOf(request), account.name))
          return done(pageOf(request), what)
        },
        (state, status) => one(request, reply, desk, state, status),
      ),
    )
  }

  face.post('/subscribers/:id/secret', people, (request, reply) =>
    attempt(
      request,
      reply,
      async (given) => {
        only(given, [])
        const secret = await desk.change(signedIn(request).actor, (it) => renewSecret(it, idOf(request)))
        return leadToOnce(request, reply, desk, { page: pageOf(request), what: secret })
      },
      (state, status) => one(request, reply, desk, state, status),
    ),
  )

  face.post('/subscribers/:id/remove', people, async (request, reply) => {
    only(formOf(request.body), [])
    const removed = await desk.change(signedIn(request).actor, (it) => removeSubscribers(it, [idOf(request)]))
    if (removed === 0) throw noSubscriber()
    return reply.redirect(done('/admin/subscribers', 'subscriber-removed'), 303)
  })
}

async function list(request: FastifyRequest, reply: FastifyReply, desk: Desk): Promise<FastifyReply> {
  const { channel, state, after } = request.query as Readonly<Record<string, unknown>>
  const sought = {
    channel: channelKinds.find((kind) => kind === channel) ?? null,
    state: subscriberStates.find((one) => one === state) ?? null,
  }
  const counts = await subscriberCounts(desk.db)
  const mayKnow = may(signedIn(request).account.role, 'manage-people')
  const { subscribers, next } = mayKnow
    ? await subscribersPage(desk, {
        limit: aPage,
        after: cursorIn(after),
        ...(sought.channel && { channel: sought.channel }),
        ...(sought.state && { state: sought.state }),
      })
    : { subscribers: [], next: null }
  const works = offered(desk)
  const used = channelKinds.filter((kind) => counts.some((count) => count.channel === kind))
  return desk.show(request, reply, 'admin/subscribers/list', {
    title: 'Subscribers',
    model: {
      total: counts.reduce((sum, { count }) => sum + count, 0),
      byChannel: used.map((kind) => ({
        channel: kind,
        label: channelLabel(kind),
        works: works.includes(kind),
        counts: subscriberStates.map(
          (one) => counts.find((count) => count.channel === kind && count.state === one)?.count ?? 0,
        ),
      })),
      states: subscriberStates.map((one) => ({ value: one, label: subscriberStateWords[one] })),
      channels: used.map((kind) => ({ value: kind, label: channelLabel(kind) })),
      finds: works.filter((kind) => kind !== 'web-push').map((kind) => ({ value: kind, label: channelLabel(kind) })),
      sought,
      hasMail: works.includes('email'),
      subscribers: subscribers.map((subscriber) => ({
        id: subscriber.id,
        whom: whomOf(subscriber),
        label: channelLabel(subscriber.channel),
        state: stateOf(subscriber),
        stateLabel: subscriberStateWords[stateOf(subscriber)],
        since: subscriber.createdAt,
        everything: subscriber.scope.everything === 'yes',
      })),
      next: next && nextOf(sought, next),
    },
  })
}

/** A browser has no address that says anything. */
function whomOf({ channel, target }: Subscriber): string {
  if (channel === 'web-push') return 'A browser'
  return addressIn(target) || 'Somebody whose address is sealed with another key'
}

function cursorIn(after: unknown): Cursor | null {
  const [, at = '', id = ''] = /^(.{24})~([\w-]{1,64})$/.exec(typeof after === 'string' ? after : '') ?? []
  const createdAt = parseInstant(at)
  return createdAt && { createdAt, id }
}

function nextOf({ channel, state }: { channel: string | null; state: string | null }, next: Cursor): string {
  const query = new URLSearchParams({ after: `${next.createdAt}~${next.id}` })
  if (channel) query.set('channel', channel)
  if (state) query.set('state', state)
  return `?${query.toString()}`
}

const lastLetters = 50

async function one(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  state: FormState,
  status: number,
  secret: string | null = null,
): Promise<FastifyReply> {
  const subscriber = await subscriberById(desk, idOf(request))
  if (!subscriber) throw noSubscriber()
  const { id } = subscriber
  const now = desk.clock.now()
  const words = deskWords(now, (await readSite(desk.db)).zone)
  const letters = await deliveriesTo(desk.db, { audience: 'subscriber', recipient: id }, { now, limit: lastLetters })
  return desk.show(request, reply, 'admin/subscribers/one', {
    title: 'Subscriber',
    model: {
      state,
      id,
      whom: whomOf(subscriber),
      label: channelLabel(subscriber.channel),
      isSigned: subscriber.channel === 'webhook',
      secret,
      standing: stateOf(subscriber),
      sentences: [standingInWords(subscriber, words), originInWords(subscriber, words)],
      follows: await followedThings(desk.db, subscriber.scope),
      wishes: wishesInWords(subscriber),
      isResumable: await isPausedByOperator(desk.db, subscriber),
      letters: letters.map((delivery) => ({
        at: delivery.at,
        number: delivery.payload.kind === 'told' ? delivery.message : null,
        what: capital(letterInWords(delivery.payload)),
        words: deliveryInWords(delivery, words),
        isFailed: delivery.state === 'failed',
      })),
    },
    status,
  })
}

function idOf(request: FastifyRequest): string {
  return (request.params as { readonly id: string }).id
}

function pageOf(request: FastifyRequest): string {
  return `/admin/subscribers/${idOf(request)}`
}

function noSubscriber(): NotFound {
  return new NotFound('There is no such subscriber. Whoever leaves is forgotten at once.')
}
