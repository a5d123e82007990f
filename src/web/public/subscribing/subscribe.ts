import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../../../config.ts'
import type { Deps } from '../../../deps.ts'
import { givenBy, offeredChannels } from '../../../domain/subscribers/channel.ts'
import { codeForChat } from '../../../domain/subscribers/chats.ts'
import { askToSubscribe } from '../../../domain/subscribers/signing-up.ts'
import type { Locale } from '../../../domain/site/site.ts'
import { Refusal, TooMany, Unavailable } from '../../../lib/errors.ts'
import { messages } from '../../../lib/messages.ts'
import { networkBlock } from '../../../lib/network-block.ts'
import { everyone } from '../../shared/access.ts'
import { statusOf } from '../../shared/forms.ts'
import { localeIn, readerAt, starts } from '../../shared/languages.ts'
import { pageHeaders } from '../../shared/page-headers.ts'
import { inTheLog } from '../../shared/problem.ts'
import type { Publication } from '../../shared/publication.ts'
import type { SignUpLimits } from '../../shared/sign-up-limits.ts'
import { tellLimit } from '../../shared/rate-limit-headers.ts'
import { renderer } from '../../shared/views.ts'
import type { PushButton } from '../push.ts'
import type { PublicViews } from '../views.ts'
import { faultOf } from './faults.ts'
import { personalHeaders } from './personal.ts'
import {
  type Fields,
  type FormChannel,
  channelIn,
  formChannels,
  targetIn,
  textIn,
  wishValuesIn,
  wishesOf,
} from './read-form.ts'
import { subscribeModel, telegramModel } from './subscribe-page.ts'
import { originOf } from './origins.ts'

export interface SubscribeOptions extends Pick<Deps, 'db' | 'clock' | 'ids' | 'vault'> {
  readonly publication: Publication
  readonly config: Config
  readonly limits: SignUpLimits
  readonly push: PushButton
}

/** Everything chosen one by one on a page of three hundred lines. */
const mostBytes = 64 * 1024

/**
 * `POST /subscribe`. The answer is the same whosever address it is, and the work before it too: one row is written (056).
 * No account's rights can be borrowed here, so no token stands in the form; a form that another site makes its visitors
 * send leads to ours instead.
 */
export const subscribeFace: FastifyPluginAsync<SubscribeOptions> = async (face, parts) => {
  const { publication, config, limits, push } = parts
  const { url } = config
  const offered = offeredChannels(givenBy(config))
  const view = renderer<PublicViews>(face)
  face.removeContentTypeParser(['application/json', 'text/plain'])
  face.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const status = error instanceof Refusal ? statusOf(error) : (error.statusCode ?? 500)
    if (status >= 500) request.log.error(error)
    if (error instanceof TooMany || error instanceof Unavailable) {
      void reply.header('retry-after', String(error.retryAfterSeconds))
    }
    return plain(
      reply,
      status,
      status >= 500 ? `Nothing was written down.\n${inTheLog(request)}\n` : `${error.message}\n`,
    )
  })

  async function signUp(locale: Locale | null, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { snapshot } = publication
    if (!snapshot) throw new Error('Nothing has been published yet.')
    const prefix = locale === null ? '' : `/${locale}`
    const to = (path: string): FastifyReply =>
      reply.headers({ ...pageHeaders, 'cache-control': 'no-store' }).redirect(`${url}${prefix}${path}`, 303)
    const fields = (request.body ?? {}) as Fields
    const origin = originOf(textIn(fields, 'of'), snapshot)
    if (!isOwnForm(request, url)) return to('/subscribe')
    const reader = readerAt(locale, snapshot)
    if (tellLimit(reply, limits.network(networkBlock(request.ip))).isOver) {
      return plain(reply, 429, `${messages(reader.locale)('subscribe.busy')}\n`)
    }
    let channel: FormChannel
    try {
      channel = channelIn(fields, formChannels(offered, snapshot))
      const target = channel === 'telegram' ? null : targetIn(fields, channel)
      const usual = { locale: reader.locale, zone: snapshot.site.zone }
      const wishes = wishesOf(wishValuesIn(fields, usual), origin.of)
      // Filled by programs, which fill whatever there is; and by nobody who sees the page.
      const isPerson = textIn(fields, 'empty') === ''
      if (isPerson && target === null && snapshot.telegramBot !== null) {
        const code = await codeForChat(parts, wishes)
        const model = telegramModel({ snapshot, reader, url }, { bot: snapshot.telegramBot, code })
        void reply.headers(personalHeaders(snapshot, url, reader.locale)).type('text/html; charset=utf-8')
        return await reply.send(await view('public/subscribe-telegram', model))
      }
      if (isPerson && target !== null && limits.mayAsk(channel, target)) {
        await askToSubscribe(parts, { channel, target, wishes, source: 'form', proof: 'by letter' })
      }
    } catch (error) {
      if (!(error instanceof Refusal) || statusOf(error) !== 422) throw error
      const sent = { fields, fault: faultOf(error, reader.say) }
      const model = subscribeModel({ snapshot, reader, url, offered, origin, push, sent })
      void reply
        .code(422)
        .headers(personalHeaders(snapshot, url, reader.locale))
        .type('text/html; charset=utf-8')
      return reply.send(await view('public/subscribe', model))
    }
    return to(`/subscribe/sent/${channel}`)
  }

  for (const start of starts) {
    face.post(`${start}/subscribe`, { bodyLimit: mostBytes, config: { access: everyone } }, (request, reply) =>
      signUp(localeIn(request.params), request, reply),
    )
  }
}

function plain(reply: FastifyReply, status: number, text: string): FastifyReply {
  void reply
    .code(status)
    .headers({ ...pageHeaders, 'cache-control': 'no-store' })
    .type('text/plain; charset=utf-8')
  return reply.send(text)
}

/** Old browsers do not say from which site, and hide the origin where nothing may be told of the page. */
function isOwnForm({ headers: { 'sec-fetch-site': site, origin } }: FastifyRequest, url: string): boolean {
  if (site !== undefined) return site === 'same-origin'
  return origin === undefined || origin === 'null' || origin === url
}
