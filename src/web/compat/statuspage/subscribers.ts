import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Deps } from '../../../deps.ts'
import { givenBy, offeredChannels } from '../../../domain/subscribers/channel.ts'
import type { ChannelKind, Target } from '../../../domain/subscribers/channel.ts'
import { usualWishesBy } from '../../../domain/subscribers/input.ts'
import { numberIn } from '../../../domain/subscribers/national-numbers.ts'
import { leave } from '../../../domain/subscribers/leaving.ts'
import { linkFault, linkToken, ownerOfLink } from '../../../domain/subscribers/links.ts'
import { type Afterthought, askToSubscribe, thinkAgain } from '../../../domain/subscribers/signing-up.ts'
import type { Wishes } from '../../../domain/subscribers/subscriber.ts'
import { readTarget } from '../../../domain/subscribers/targets.ts'
import type { Snapshot } from '../../../domain/status/snapshot-types.ts'
import { later } from '../../../lib/clock.ts'
import { Invalid, NotFound, TooMany, Unavailable } from '../../../lib/errors.ts'
import { networkBlock } from '../../../lib/network-block.ts'
import { everyone } from '../../shared/access.ts'
import { forAllOrigins } from '../../shared/page-headers.ts'
import type { Publication } from '../../shared/publication.ts'
import type { SignUpLimits } from '../../shared/sign-up-limits.ts'
import { holdTo } from '../../shared/rate-limit-headers.ts'
import { timestampsIn } from './timestamps.ts'

export interface SubscribersOptions extends Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'config'> {
  readonly publication: Publication
  readonly limits: SignUpLimits
}

/** As long as the link of the first letter is good. */
const askSeconds = 24 * 3600
const mostBytes = 16 * 1024

/**
 * Subscribing by program. Nothing is told that the form does not tell: the answer is the same whosever address it is, and
 * whoever it belongs to is asked first. The id in it is a signed word about this ask (058), good until they said yes.
 */
export const statuspageSubscribers: FastifyPluginAsync<SubscribersOptions> = async (face, parts) => {
  const { publication, limits, clock, vault, config } = parts
  const offered = offeredChannels(givenBy(config))
  const open = { ...forAllOrigins, 'cache-control': 'no-store' }
  face.removeContentTypeParser(['application/json', 'text/plain'])
  // Programs say JSON of nothing, too.
  face.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : (JSON.parse(body as string) as unknown))
    } catch {
      done(new Invalid('The body is not JSON.'))
    }
  })
  face.setErrorHandler((error: FastifyError, request, reply) => {
    const status = statusOf(error)
    if (status >= 500 && status !== 503) request.log.error(error)
    if (error instanceof TooMany || error instanceof Unavailable) {
      void reply.header('retry-after', String(error.retryAfterSeconds))
    }
    const told = status === 500 ? { error: 'Internal error', request: request.id } : { error: error.message }
    return reply.code(status).headers(open).send(told)
  })

  function hold(request: FastifyRequest, reply: FastifyReply): void {
    holdTo(reply, limits.network(networkBlock(request.ip)), 'Too many asked from this network.')
  }

  face.post('/subscribers.json', { bodyLimit: mostBytes, config: { access: everyone } }, async (request, reply) => {
    const { snapshot } = publication
    if (!snapshot) throw new Error('Nothing has been published yet.')
    hold(request, reply)
    const given = subscriberIn(request.body)
    const { channel, target, shown } = placeOf(given, offered)
    const wishes = wishesOf(given, channel, snapshot)
    // Beyond the limit of a domain nothing is written down, and nobody is told: they would learn who else asked.
    const id = limits.mayAsk(channel, target)
      ? await askToSubscribe(parts, { channel, target, wishes, source: 'api', proof: 'by letter' })
      : parts.ids.next()
    return reply
      .code(201)
      .headers(open)
      .send({
        subscriber: {
          created_at: timestampsIn(snapshot.site.zone)(clock.now()),
          skip_confirmation_notification: false,
          quarantined_at: null,
          id: linkToken(vault, 'ask', { id, links: 1 }, later(clock.now(), askSeconds)),
          mode: shown.mode,
          purge_at: null,
          ...shown.place,
        },
      })
  })

  /** Whose ask it is, as far as the id was signed by us and is still good. */
  async function again(request: FastifyRequest, wish: Afterthought['wish']): Promise<void> {
    const { id: token = '' } = request.params as { readonly id?: string }
    const about = ownerOfLink(token)
    const fault =
      about === null ? 'forged' : linkFault(vault, { purpose: 'ask', token, now: clock.now() }, { id: about, links: 1 })
    if (about === null || fault !== null) throw new NotFound('There is no such subscriber.')
    await thinkAgain(parts, { about, wish })
  }

  for (const end of ['', '.json']) {
    face.delete(
      `/subscribers/:id${end}`,
      { bodyLimit: mostBytes, config: { access: everyone } },
      async (request, reply) => {
        hold(request, reply)
        const { id = '' } = request.params as { readonly id?: string }
        // Who holds the link of a letter ends what it came from, here as there.
        if ((await leave(parts, id)) === 'forged') await again(request, 'withdraw')
        return reply.code(204).headers(open).send()
      },
    )
    const url = `/subscriptions/:id/resend_confirmation${end}`
    face.post(url, { bodyLimit: mostBytes, config: { access: everyone } }, async (request, reply) => {
      hold(request, reply)
      await again(request, 'letter again')
      return reply.code(200).headers(open).send({})
    })
  }
}

const names = ['email', 'endpoint', 'phone_number', 'phone_country', 'component_id', 'incident_id'] as const
type Given = Readonly<Record<(typeof names)[number], string>>

/** From `{ "subscriber": { "email": … } }`, or a form as Ruby on Rails writes it. */
function subscriberIn(body: unknown): Given {
  const fields = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>
  const inner = fields['subscriber']
  const object = (typeof inner === 'object' && inner !== null ? inner : {}) as Readonly<Record<string, unknown>>
  const read = (name: string): string => {
    const value = Object.hasOwn(object, name) ? object[name] : fields[`subscriber[${name}]`]
    if (value === undefined || value === null) return ''
    if (typeof value !== 'string') throw new Invalid(`The subscriber[${name}] must be one text.`)
    return value.trim()
  }
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Given
}

interface Place {
  readonly channel: ChannelKind
  readonly target: Target
  readonly shown: { readonly mode: string; readonly place: object }
}

/** With an endpoint, an address of mail beside it is not needed here: whoever runs the endpoint says yes there. */
function placeOf(
  { email, endpoint, phone_number: phone, phone_country: country }: Given,
  offered: readonly ChannelKind[],
): Place {
  const need = (kind: ChannelKind, what: string): void => {
    if (!offered.includes(kind)) throw new Invalid(`This page sends no ${what}.`)
  }
  if (endpoint !== '') {
    need('webhook', 'webhooks')
    const target = readTarget('webhook', { url: endpoint, format: 'statuspage' })
    return { channel: 'webhook', target, shown: { mode: 'webhook', place: { endpoint } } }
  }
  if (phone !== '') {
    need('sms', 'text messages')
    const target = readTarget('sms', { number: numberIn(phone, country === '' ? null : country) })
    const place = { phone_number: phone, phone_country: country === '' ? null : country }
    return { channel: 'sms', target, shown: { mode: 'sms', place } }
  }
  if (email === '')
    throw new Invalid('One of subscriber[email], subscriber[endpoint], subscriber[phone_number] is needed.')
  need('email', 'mail')
  return {
    channel: 'email',
    target: readTarget('email', { address: email }),
    shown: { mode: 'email', place: { email } },
  }
}

function wishesOf(
  { component_id: component, incident_id: incident }: Given,
  channel: ChannelKind,
  snapshot: Snapshot,
): Wishes {
  const usual = usualWishesBy(channel, { locale: snapshot.site.locale, zone: snapshot.site.zone })
  if (component === '' && incident === '') return usual
  const isGroup = snapshot.groups.some(({ id }) => id === component)
  if (component !== '' && !isGroup && !snapshot.listed.some(({ id }) => id === component)) {
    throw new Invalid('The subscriber[component_id] must be the id of a component of this page.')
  }
  if (incident !== '' && !snapshot.openIncidents.some(({ id }) => id === incident)) {
    throw new Invalid('The subscriber[incident_id] must be the id of an incident that is open.')
  }
  const scope = {
    everything: 'no' as const,
    components: component === '' || isGroup ? [] : [component],
    groups: isGroup ? [component] : [],
    incidents: incident === '' ? [] : [incident],
  }
  return { ...usual, scope }
}

function statusOf(error: FastifyError): number {
  if (error instanceof Invalid) return 422
  if (error instanceof NotFound) return 404
  if (error instanceof TooMany) return 429
  if (error instanceof Unavailable) return 503
  return error.statusCode ?? 500
}
