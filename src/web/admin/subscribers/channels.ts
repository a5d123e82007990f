import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { MailCheck } from '../../../domain/deliveries/mail-check.ts'
import { type ChannelKind, channelKinds } from '../../../domain/subscribers/channel.ts'
import { inboundPath } from '../../../domain/subscribers/inbound/addresses.ts'
import { telegramBot } from '../../../domain/subscribers/bots.ts'
import { testMail } from '../../../domain/subscribers/operating.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, only, untouched } from '../../shared/forms.ts'
import { offered } from '../alerts/alerts.ts'
import { type Desk, attempt, mayMail, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { channelLabel } from './subscriber-words.ts'
import { Conflict } from '../../../lib/errors.ts'

const page = '/admin/settings/channels'

/** What a channel needs that only the settings of the machine can give. */
const needs: Partial<Record<ChannelKind, readonly string[]>> = {
  email: ['CANDOR_SMTP_URL', 'CANDOR_MAIL_FROM'],
  sms: ['CANDOR_SMS_URL'],
  telegram: ['CANDOR_TELEGRAM_TOKEN'],
}

/** In which ways people can be told here, what the others lack, and whether mail arrives. */
export function channelRoutes(face: FastifyInstance, desk: Desk): void {
  const access = operators('configure')
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { state, check = null, status }: { state: FormState; check?: MailCheck | null; status: number },
  ): Promise<FastifyReply> => {
    const works = offered(desk)
    const bot = await telegramBot(desk.db)
    return desk.show(request, reply, 'admin/channels', {
      title: 'Channels',
      model: {
        state,
        check,
        hasMail: works.includes('email'),
        channels: channelKinds.map((kind) => channelOf(kind, works.includes(kind), { ...desk, bot })),
        inbound: works.includes('email')
          ? [
              { label: 'Where your provider reports mail that came back', kind: 'bounces' as const },
              { label: 'Where mail is handed on by which people leave', kind: 'mail' as const },
            ].map(({ label, kind }) => ({ label, address: `${desk.config.url}${inboundPath(desk.vault, kind)}` }))
          : [],
      },
      status,
    })
  }

  face.get('/settings/channels', { config: { access } }, (request, reply) =>
    show(request, reply, { state: untouched, status: 200 }),
  )

  // Asks the mail server and the DNS, now.
  face.post('/settings/channels/check', { config: { access } }, (request, reply) =>
    attempt(
      request,
      reply,
      async (given) => {
        only(given, [])
        if (!desk.checkMail) throw noMail()
        return show(request, reply, { state: untouched, check: await desk.checkMail(), status: 200 })
      },
      (state, status) => show(request, reply, { state, status }),
    ),
  )

  face.post('/settings/channels/test', { config: { access } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        only(given, [])
        if (!mayMail(desk)) throw noMail()
        const { account, actor } = signedIn(request)
        await desk.change(actor, (it) => testMail(it, account))
        return done(page, 'test-sent')
      },
      (state, status) => show(request, reply, { state, status }),
    ),
  )
}

function noMail(): Conflict {
  return new Conflict('No mail is sent from here: CANDOR_SMTP_URL and CANDOR_MAIL_FROM are not set.')
}

function channelOf(kind: ChannelKind, works: boolean, { config, bot }: Desk & { readonly bot: string | null }) {
  const label = kind === 'web-push' ? 'Browsers' : channelLabel(kind)
  const settings = works ? [] : (needs[kind] ?? [])
  if (kind === 'web-push' && !config.url.startsWith('https://')) {
    return {
      label,
      works: false,
      words: 'Browsers take messages only from a site with https.',
      settings: ['CANDOR_URL'],
    }
  }
  if (kind === 'telegram' && works) {
    const words =
      bot === null
        ? 'Its bot does not hear anybody just now, so readers are not offered it; /readyz says why.'
        : `Readers sign up by writing to @${bot}.`
    return { label, works: bot !== null, words, settings }
  }
  return { label, works, words: works ? '' : 'Is not offered to anybody.', settings }
}
