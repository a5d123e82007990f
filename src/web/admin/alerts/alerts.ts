import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Account, may, whoMay } from '../../../domain/accounts/account.ts'
import { addWay, changeWay, proveWay, removeWay, testWay } from '../../../domain/alerts/channels.ts'
import { roster } from '../../../domain/alerts/escalating.ts'
import { channelsOf, lastSentTo, targetOf } from '../../../domain/alerts/queries.ts'
import { renewWaySecret } from '../../../domain/alerts/secrets.ts'
import { takeAlert } from '../../../domain/alerts/settling.ts'
import type { Change } from '../../../domain/changes/change.ts'
import { type ChannelKind, givenBy, offeredChannels } from '../../../domain/subscribers/channel.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { Invalid, NotFound } from '../../../lib/errors.ts'
import { pushKeys } from '../../../lib/push-keys.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, filled, only, text, texts, untouched } from '../../shared/forms.ts'
import type { WayPage, WaysPage } from './alert-models.ts'
import {
  afterInWords,
  capital,
  channelWords,
  delays,
  isChannel,
  kindsFor,
  kindsInWords,
  meansInWords,
  sentInWords,
} from './alert-words.ts'
import { type Desk, attempt, signedIn, submit } from '../desk.ts'
import { type Done, done } from '../done.ts'
import { leadToOnce, shownOnce } from '../shown-once.ts'
import { deskWords } from '../words.ts'

const mine = { config: { access: operators('see') } }
const page = '/admin/me/alerts'

/** How one is called when something waits for a person, and “I have it”. */
export function alertRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/me/alerts', mine, (request, reply) => list(request, reply, desk, untouched, 200))

  face.get('/me/alerts/new', mine, (request, reply) => {
    const { channel = '' } = request.query as { readonly channel?: unknown }
    const chosen = workingChannel(desk, String(channel))
    const kinds = kindsFor(signedIn(request).account.role).map(({ value }) => value)
    const values = { name: channelWords[chosen].label, kinds, afterMinutes: '0' }
    return form(request, reply, desk, { channel: chosen, state: filled(values), id: null, status: 200 })
  })

  // Whoever finds an open browser does not have our drafts sent to themselves.
  face.post('/me/alerts', { config: { access: operators('see', { fresh: true }) } }, async (request, reply) => {
    let channel: ChannelKind = 'email'
    return attempt(
      request,
      reply,
      async (given) => {
        channel = workingChannel(desk, text(given, 'channel'))
        const { account, actor } = signedIn(request)
        const wish = { ...wishOf(given, channel), channel }
        const target = typedTarget(channel, given)
        const made = await desk.change(actor, async (it) => {
          const id = await addWay(it, account, {
            wish,
            target,
            offered: offered(desk),
            pushHosts: desk.config.pushHosts,
          })
          await testWay(it, account, id)
          return id
        })
        const { secret } = await targetOf(desk.db, desk.vault, made)
        if (secret === undefined) return reply.redirect(done(page, 'way-added'), 303)
        const what: WayPage['secret'] = { words: 'Added. The test is on its way.', value: secret }
        return leadToOnce(request, reply, desk, { page: `${page}/${made}`, what })
      },
      (state, status) => form(request, reply, desk, { channel, state, id: null, status }),
    )
  })

  changingRoutes(face, desk)

  // It is looked at in the command who may: what one could do anything about is for each kind another deed.
  face.post('/alerts/:id/take', mine, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        only(given, [])
        const { account, actor } = signedIn(request)
        await desk.change(actor, (it) => takeAlert(it, account, idOf(request)))
        return done('/admin', 'taken')
      },
      (state, status) => list(request, reply, desk, state, status),
    ),
  )
}

function changingRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/me/alerts/:id', mine, async (request, reply) => {
    const id = idOf(request)
    return existing(request, reply, desk, id, shownOnce(request, reply, desk, `${page}/${id}`))
  })

  // Whoever finds an open browser does not learn how to speak in our name.
  face.post('/me/alerts/:id/secret', { config: { access: operators('see', { fresh: true }) } }, (request, reply) =>
    attempt(
      request,
      reply,
      async (given) => {
        only(given, [])
        const { account, actor } = signedIn(request)
        const value = await desk.change(actor, (it) => renewWaySecret(it, account, idOf(request)))
        const words = 'Made a new secret. For 24 hours we sign with the one before as well, so that no call is lost.'
        const what: WayPage['secret'] = { words, value }
        return leadToOnce(request, reply, desk, { page: `${page}/${idOf(request)}`, what })
      },
      (state, status) => list(request, reply, desk, state, status),
    ),
  )

  face.post('/me/alerts/:id', mine, async (request, reply) => {
    const { id, channel } = await ownWay(request, desk, idOf(request))
    return submit(
      request,
      reply,
      async (given) => {
        const { account, actor } = signedIn(request)
        await desk.change(actor, (it) => changeWay(it, account, id, wishOf(given, null)))
        return done(page, 'changed')
      },
      (state, status) => form(request, reply, desk, { channel, state, id, status }),
    )
  })

  const verbs: readonly [string, Done, (it: Change, account: Account, id: string) => Promise<void>][] = [
    ['test', 'test-sent', testWay],
    ['arrived', 'proven', proveWay],
    ['remove', 'removed', removeWay],
  ]
  for (const [verb, what, command] of verbs) {
    face.post(`/me/alerts/:id/${verb}`, mine, (request, reply) =>
      submit(
        request,
        reply,
        async (given) => {
          only(given, [])
          const { account, actor } = signedIn(request)
          await desk.change(actor, (it) => command(it, account, idOf(request)))
          return done(page, what)
        },
        (state, status) => list(request, reply, desk, state, status),
      ),
    )
  }
}

/** The ways that work here. */
export function offered({ config }: Pick<Desk, 'config'>): readonly ChannelKind[] {
  return offeredChannels(givenBy(config))
}

function workingChannel(desk: Desk, channel: string): ChannelKind {
  if (!isChannel(channel) || !offered(desk).includes(channel)) throw new NotFound('This way does not work here.')
  return channel
}

/** Where it leads, as it was typed; of a browser, as its own script says. */
function typedTarget(channel: ChannelKind, given: Form): Readonly<Record<string, unknown>> {
  if (channel === 'web-push') return jsonIn(text(given, 'subscription'))
  return Object.fromEntries(channelWords[channel].fields.map(({ name }) => [name, text(given, name)]))
}

function jsonIn(written: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(written)) as Record<string, unknown>
  } catch {
    throw new Invalid('This browser did not say where it takes messages: its script has to ask it.', 'subscription')
  }
}

/** Of one that is added already: “this” may be another. */
function nameOf(channel: ChannelKind): string {
  return channel === 'web-push' ? 'Browser' : channelWords[channel].label
}

/** What somebody chose; `channel`: with the fields that say where it leads. */
function wishOf(given: Form, channel: ChannelKind | null) {
  const { kinds: _, ...singly } = given
  const typed = channel === null ? [] : ['channel', ...channelWords[channel].fields.map(({ name }) => name)]
  const fields = channel === 'web-push' ? [...typed, 'subscription'] : typed
  const { name = '', afterMinutes = '' } = only(singly, ['name', 'afterMinutes', ...fields])
  return { name, afterMinutes, kinds: texts(given, 'kinds') }
}

function idOf(request: FastifyRequest): string {
  return (request.params as { readonly id: string }).id
}

async function ownWay(request: FastifyRequest, desk: Desk, wanted: string) {
  const ways = await channelsOf(desk.db, signedIn(request).account.id)
  const way = ways.find(({ id }) => id === wanted)
  if (!way) throw new NotFound('There is no such way to call you.')
  return way
}

async function list(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  state: FormState,
  status: number,
): Promise<FastifyReply> {
  const { account } = signedIn(request)
  const ways = await channelsOf(desk.db, account.id)
  const sent = await lastSentTo(
    desk.db,
    ways.map(({ id }) => id),
  )
  const { time } = deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
  const model: WaysPage = {
    state,
    ways: ways.map((way) => ({ ...way, label: nameOf(way.channel), sent: sent.get(way.id) ?? null })),
    offers: offered(desk).flatMap((channel) =>
      isChannel(channel) ? [{ channel, label: channelWords[channel].label }] : [],
    ),
    hasMail: offered(desk).includes('email'),
    isCallable: may(account.role, 'disclose'),
    whoIs: whoMay('disclose'),
    otherwise: await otherwiseOf(desk, account),
    after: (minutes) => capital(afterInWords(minutes)),
    kinds: (way) => kindsInWords(way, account.role),
    sent: (way) => sentInWords(way.sent, time),
  }
  return desk.show(request, reply, 'admin/alerts/ways', { title: 'How you are called', model, status })
}

/** What happens while somebody chose nothing. */
async function otherwiseOf(desk: Desk, { id }: Account): Promise<string> {
  const who = await roster(desk.db, offered(desk))
  if (who('promise-missed').some(({ account }) => account.id === id)) {
    return 'While nobody on the team did, owners and admins get a mail for everything.'
  }
  return 'You are not called.'
}

async function existing(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  wanted: string,
  secret: WayPage['secret'] = null,
): Promise<FastifyReply> {
  const { id, channel, name, kinds, afterMinutes } = await ownWay(request, desk, wanted)
  const state = filled({ name, kinds, afterMinutes: String(afterMinutes) })
  return form(request, reply, desk, { channel, state, id, secret, status: 200 })
}

interface FormPage {
  readonly channel: ChannelKind
  readonly state: FormState
  /** Null: a new one. */
  readonly id: string | null
  readonly secret?: WayPage['secret']
  readonly status: number
}

async function form(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  { channel, state, id, secret = null, status }: FormPage,
): Promise<FastifyReply> {
  const { role, email } = signedIn(request).account
  const words = channelWords[channel]
  const title = id === null ? `Be called by ${meansInWords(channel)}` : 'Change how you are called'
  const model: WayPage = {
    id,
    channel,
    title,
    words,
    secret,
    email,
    state,
    kinds: kindsFor(role),
    push: channel === 'web-push' ? { publicKey: pushKeys(desk.key).publicKey, origin: desk.config.url } : null,
    delays: delays(Number(text(state.values, 'afterMinutes')) || 0),
  }
  return desk.show(request, reply, 'admin/alerts/way', { title, model, status })
}
