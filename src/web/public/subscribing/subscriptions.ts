import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../../config.ts'
import type { Deps } from '../../../deps.ts'
import {
  changeWishes,
  pauseSubscription,
  resumeSubscription,
  subscriberOfLink,
} from '../../../domain/subscribers/changing.ts'
import { awaitedBy, confirmSubscription } from '../../../domain/subscribers/confirming.ts'
import { changeInstead, erase, leave } from '../../../domain/subscribers/leaving.ts'
import { linkToken } from '../../../domain/subscribers/links.ts'
import type { Shut } from '../../../domain/subscribers/opening.ts'
import { renewOwnSecret } from '../../../domain/subscribers/secrets.ts'
import { everythingKnown } from '../../../domain/subscribers/queries.ts'
import type { Subscriber } from '../../../domain/subscribers/subscriber.ts'
import { readerOf } from '../../../domain/site/reader.ts'
import { type Instant, later } from '../../../lib/clock.ts'
import { Invalid, NotFound, Refusal } from '../../../lib/errors.ts'
import { dayOf } from '../../../lib/days.ts'
import { holders } from '../../shared/access.ts'
import { statusOf } from '../../shared/forms.ts'
import { pageHeaders } from '../../shared/page-headers.ts'
import { inTheLog } from '../../shared/problem.ts'
import type { Publication } from '../../shared/publication.ts'
import { renderer } from '../../shared/views.ts'
import type { PublicViews } from '../views.ts'
import { faultOf } from './faults.ts'
import { personalHeaders } from './personal.ts'
import { type Fields, wishValuesIn, wishesOf } from './read-form.ts'
import {
  type Around,
  confirmModel,
  confirmedModel,
  insteadModel,
  knownModel,
  leaveModel,
  leftModel,
  manageModel,
  shutModel,
} from './subscription-pages.ts'

export interface SubscriptionsOptions extends Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'> {
  readonly publication: Publication
  readonly config: Pick<Config, 'url'>
}

type ByToken = FastifyRequest<{ Params: { token: string } }>

const access = holders('subscription link')
const mostBytes = 64 * 1024
const manageSeconds = 30 * 86_400
/** Long enough to be led to the page that shows a new secret. */
const shownSeconds = 60

/**
 * Pages behind the links of letters: each drawn for one person, and kept by nobody. What is asked for by GET changes
 * nothing, because programs open links by themselves. The token in the address is the proof, so no other is asked for.
 */
export const subscriptionsFace: FastifyPluginAsync<SubscriptionsOptions> = async (face, parts) => {
  const { publication, config, vault, clock } = parts
  const view = renderer<PublicViews>(face)
  face.removeContentTypeParser(['application/json', 'text/plain'])
  // Mail programs may send the one field of RFC 8058 so; it says nothing that the address does not.
  face.addContentTypeParser('multipart/form-data', { parseAs: 'buffer' }, (_request, _body, done) =>
    done(null, oneClick),
  )
  face.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error instanceof Refusal ? statusOf(error) : (error.statusCode ?? 500)
    if (status >= 500) request.log.error(error)
    return plain(reply, status, status >= 500 ? `Nothing was changed.\n${inTheLog(request)}\n` : `${error.message}\n`)
  })

  /** In their language and zone; in the site's where nobody knows whose link it is. */
  function around(subscriber: Subscriber | null): Around {
    const { snapshot } = publication
    if (!snapshot) throw new Error('Nothing has been published yet.')
    const zone = subscriber?.zone ?? snapshot.site.zone
    const about = { site: { ...snapshot.site, zone }, today: dayOf(clock.now(), zone) }
    return { snapshot, reader: readerOf(about, subscriber?.locale ?? snapshot.site.locale), url: config.url }
  }

  async function show<Name extends keyof PublicViews>(
    reply: FastifyReply,
    name: Name,
    model: PublicViews[Name],
    { snapshot, reader }: Around,
  ): Promise<FastifyReply> {
    const body = await view(name, model)
    return reply
      .headers(personalHeaders(snapshot, config.url, reader.locale))
      .type('text/html; charset=utf-8')
      .send(body)
  }

  function shut(reply: FastifyReply, why: Shut): Promise<FastifyReply> {
    const here = around(null)
    return show(reply.code(why === 'forged' ? 404 : 410), 'public/subscription-done', shutModel(why, here), here)
  }

  /** To leave, always; to change, as long as by a letter. */
  const untilOf = (purpose: 'manage' | 'leave'): Instant | null =>
    purpose === 'leave' ? null : later(clock.now(), manageSeconds)
  const linkTo = (purpose: 'manage' | 'leave', owner: { readonly id: string; readonly links: number }): string =>
    `${config.url}/subscriptions/${purpose}/${linkToken(vault, purpose, owner, untilOf(purpose))}`

  face.get('/subscriptions/confirm/:token', { config: { access } }, async (request: ByToken, reply) => {
    const awaited = await awaitedBy(parts, request.params.token)
    if (typeof awaited === 'string') return shut(reply, awaited)
    const here = around(awaited.subscriber)
    if (awaited.what === 'confirmed') {
      return show(reply, 'public/subscription-done', confirmedModel(awaited, '', here), here)
    }
    return show(reply, 'public/subscription-confirm', confirmModel(awaited, here), here)
  })

  face.post(
    '/subscriptions/confirm/:token',
    { bodyLimit: 1024, config: { access } },
    async (request: ByToken, reply) => {
      const awaited = await confirmSubscription(parts, request.params.token)
      if (typeof awaited === 'string') return shut(reply, awaited)
      const here = around(awaited.subscriber)
      const manage = linkTo('manage', { id: awaited.subscriber.id, links: awaited.links })
      return show(reply, 'public/subscription-done', confirmedModel(awaited, manage, here), here)
    },
  )

  const manage = '/subscriptions/manage/:token'

  /** Their page, as it is now. */
  async function showManage(
    { params: { token } }: ByToken,
    reply: FastifyReply,
    sent?: Parameters<typeof manageModel>[1]['sent'],
  ): Promise<FastifyReply> {
    const subscriber = await subscriberOfLink(parts, 'manage', token)
    if (typeof subscriber === 'string') return shut(reply, subscriber)
    const here = around(subscriber)
    const links = { here: `${config.url}/subscriptions/manage/${token}`, leave: linkTo('leave', subscriber) }
    const model = manageModel(subscriber, { ...links, ...(sent === undefined ? {} : { sent }) }, here)
    return show(reply, 'public/subscription-manage', model, here)
  }

  const newSecretOf = (subscriber: Subscriber): string => `new secret of ${subscriber.id}`

  /** No cookie, as on every page for readers: the address says only until when the secret is shown to who holds the link. */
  function isSecretNew(subscriber: Subscriber, mark: unknown): boolean {
    if (typeof mark !== 'string') return false
    try {
      return vault.open(mark, newSecretOf(subscriber)) > clock.now()
    } catch {
      // Not sealed by us, or of another subscription.
      return false
    }
  }

  face.get(manage, { config: { access } }, async (request: ByToken, reply) => {
    const { made } = request.query as { readonly made?: unknown }
    if (made === undefined) return showManage(request, reply)
    const subscriber = await subscriberOfLink(parts, 'manage', request.params.token)
    if (typeof subscriber === 'string') return shut(reply, subscriber)
    const { secret } = subscriber.target
    return showManage(request, reply, secret !== undefined && isSecretNew(subscriber, made) ? { secret } : undefined)
  })

  face.post(manage, { bodyLimit: mostBytes, config: { access } }, async (request: ByToken, reply) => {
    const { token } = request.params
    const subscriber = await subscriberOfLink(parts, 'manage', token)
    if (typeof subscriber === 'string') return shut(reply, subscriber)
    const values = wishValuesIn((request.body ?? {}) as Fields, subscriber)
    try {
      await changeWishes(parts, token, wishesOf(values, null))
    } catch (error) {
      if (!(error instanceof Invalid)) throw error
      const { reader } = around(subscriber)
      return showManage(request, reply.code(422), { values, fault: faultOf(error, reader.say) })
    }
    return showManage(request, reply, 'saved')
  })

  face.post(`${manage}/secret`, { bodyLimit: 1024, config: { access } }, async (request: ByToken, reply) => {
    const { token } = request.params
    const made = await renewOwnSecret(parts, token)
    if (typeof made === 'string') return shut(reply, made)
    const subscriber = await subscriberOfLink(parts, 'manage', token)
    if (typeof subscriber === 'string') return shut(reply, subscriber)
    const mark = vault.seal(later(clock.now(), shownSeconds), newSecretOf(subscriber))
    return reply.headers(personal).redirect(`${config.url}/subscriptions/manage/${token}?made=${mark}#secret`, 303)
  })

  for (const [word, act] of [
    ['pause', pauseSubscription],
    ['resume', resumeSubscription],
  ] as const) {
    face.post(`${manage}/${word}`, { bodyLimit: 1024, config: { access } }, async (request: ByToken, reply) => {
      try {
        await act(parts, request.params.token)
      } catch (error) {
        // Said by the page itself.
        if (!(error instanceof NotFound)) throw error
      }
      return showManage(request, reply)
    })
  }

  face.get(`${manage}/everything`, { config: { access } }, async (request: ByToken, reply) => {
    const { token } = request.params
    const subscriber = await subscriberOfLink(parts, 'manage', token)
    const known = typeof subscriber === 'string' ? null : await everythingKnown(parts, subscriber.id)
    if (!known || typeof subscriber === 'string')
      return shut(reply, typeof subscriber === 'string' ? subscriber : 'gone')
    const here = around(subscriber)
    const model = knownModel(known, `${config.url}/subscriptions/manage/${token}`, here)
    return show(reply, 'public/subscription-known', model, here)
  })

  face.get(`${manage}/everything.json`, { config: { access } }, async (request: ByToken, reply) => {
    const subscriber = await subscriberOfLink(parts, 'manage', request.params.token)
    const known = typeof subscriber === 'string' ? null : await everythingKnown(parts, subscriber.id)
    if (!known) return shut(reply, typeof subscriber === 'string' ? subscriber : 'gone')
    return reply
      .headers({ ...personal, 'content-disposition': 'attachment; filename="everything.json"' })
      .type('application/json; charset=utf-8')
      .send(`${JSON.stringify(known, null, 2)}\n`)
  })

  face.post(`${manage}/erase`, { bodyLimit: 1024, config: { access } }, async (request: ByToken, reply) => {
    const { token } = request.params
    const subscriber = await subscriberOfLink(parts, 'manage', token)
    if ((await erase(parts, token)) === 'forged') return shut(reply, 'forged')
    const here = around(typeof subscriber === 'string' ? null : subscriber)
    return show(reply, 'public/subscription-done', leftModel('erased', here), here)
  })

  face.get('/subscriptions/leave/:token', { config: { access } }, async (request: ByToken, reply) => {
    const subscriber = await subscriberOfLink(parts, 'leave', request.params.token)
    if (subscriber === 'forged' || subscriber === 'too late') return shut(reply, subscriber)
    const here = around(subscriber === 'gone' ? null : subscriber)
    if (subscriber === 'gone') return show(reply, 'public/subscription-done', leftModel('left', here), here)
    return show(
      reply,
      'public/subscription-leave',
      leaveModel(subscriber, `${config.url}/subscriptions/leave/${request.params.token}`, here),
      here,
    )
  })

  face.post(
    '/subscriptions/leave/:token/instead',
    { bodyLimit: 1024, config: { access } },
    async (request: ByToken, reply) => {
      const { token } = request.params
      const sent = await changeInstead(parts, token)
      if (sent !== 'sent') return shut(reply, sent)
      const subscriber = await subscriberOfLink(parts, 'leave', token)
      const here = around(typeof subscriber === 'string' ? null : subscriber)
      return show(reply, 'public/subscription-done', insteadModel(here), here)
    },
  )

  // RFC 8058: no cookie, no origin, no question, at once, and as often as a program likes.
  face.post('/subscriptions/leave/:token', { bodyLimit: 4096, config: { access } }, async (request: ByToken, reply) => {
    const { token } = request.params
    const isProgram = isOneClick(request.body)
    const subscriber = isProgram ? 'gone' : await subscriberOfLink(parts, 'leave', token)
    const left = await leave(parts, token)
    if (left === 'forged') {
      return isProgram ? plain(reply, 404, 'This is not one of our links.\n') : shut(reply, 'forged')
    }
    if (isProgram) return plain(reply, 200, 'Unsubscribed.\n')
    const here = around(typeof subscriber === 'string' ? null : subscriber)
    return show(reply, 'public/subscription-done', leftModel('left', here), here)
  })
}

const oneClick = { 'List-Unsubscribe': 'One-Click' }

function isOneClick(body: unknown): boolean {
  return (body as Fields | null | undefined)?.['List-Unsubscribe'] === 'One-Click'
}

const personal = { 'cache-control': 'no-store', 'x-robots-tag': 'noindex' }

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .headers({ ...pageHeaders, ...personal })
    .type('text/plain; charset=utf-8')
    .send(text)
}
