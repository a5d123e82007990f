import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { may } from '../../../domain/accounts/account.ts'
import { type Delivery, type DeliveryState, deliveriesOf } from '../../../domain/deliveries/log.ts'
import { deliveryCounts, deliveryStates, resendFailed, whyFailed } from '../../../domain/deliveries/log.ts'
import { isHeldUp, tryNow } from '../../../domain/deliveries/hurrying.ts'
import { type FailureReason, failureReasons } from '../../../domain/deliveries/message.ts'
import { type SaidMessage, messageToSubscribers } from '../../../domain/deliveries/said.ts'
import { takeBackMail } from '../../../domain/deliveries/taking-back.ts'
import { readSite } from '../../../domain/site/queries.ts'
import { addressIn } from '../../../domain/subscribers/list-columns.ts'
import { subscribersById } from '../../../domain/subscribers/queries.ts'
import { NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { formOf, only } from '../../shared/forms.ts'
import { capital } from '../alerts/alert-words.ts'
import { deliveryInWords, failureWords, stateWords, toldInWords } from './delivery-words.ts'
import { type Desk, signedIn } from '../desk.ts'
import { done } from '../done.ts'
import type { DeliveryLine } from './subscriber-models.ts'
import { pathOf, wayInWords } from '../telling.ts'
import { deskWords } from '../words.ts'

const aPage = 50

/** What became of a message to subscribers: who got it, who did not and why, and what can be done about it. */
export function deliveryRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/deliveries/:message', { config: { access: operators('see') } }, (request, reply) =>
    page(request, reply, desk),
  )

  face.post('/deliveries/:message/take-back', { config: { access: operators('disclose') } }, async (request, reply) => {
    only(formOf(request.body), [])
    const { number, told } = await existing(desk, request)
    await desk.change(signedIn(request).actor, (it) => takeBackMail(it, number))
    return reply.redirect(
      done(told.subject.noun === 'notice' ? '/admin' : pathOf(told.subject), 'mail-taken-back'),
      303,
    )
  })

  face.post('/deliveries/:message/resend', { config: { access: operators('disclose') } }, async (request, reply) => {
    const { reason } = only(formOf(request.body), ['reason'])
    const { number } = await existing(desk, request)
    await resendFailed(desk, signedIn(request).actor, { number, reason: reasonIn(reason) })
    return reply.redirect(done(`/admin/deliveries/${number}`, 'resent'), 303)
  })

  face.post('/deliveries/:message/try-now', { config: { access: operators('disclose') } }, async (request, reply) => {
    only(formOf(request.body), [])
    const { number } = await existing(desk, request)
    await tryNow(desk, signedIn(request).actor, number)
    return reply.redirect(done(`/admin/deliveries/${number}`, 'hurried'), 303)
  })
}

async function page(request: FastifyRequest, reply: FastifyReply, desk: Desk): Promise<FastifyReply> {
  const message = await existing(desk, request)
  const { number, told } = message
  const now = desk.clock.now()
  const counts = await deliveryCounts(desk.db, number, now)
  const { state, reason: wanted, after } = request.query as Readonly<Record<string, unknown>>
  const asked = deliveryStates.find((one) => one === state)
  const shown = asked ?? (counts.failed > 0 ? 'failed' : null)
  const reason = shown === 'failed' ? reasonIn(wanted) : null
  const found = await deliveriesOf(desk.db, number, {
    now,
    limit: aPage + 1,
    ...(shown && { state: shown }),
    ...(reason && { reason }),
    ...(typeof after === 'string' && after.length <= 64 && { after }),
  })
  const deliveries = found.slice(0, aPage)
  const last = deliveries.at(-1)
  return desk.show(request, reply, 'admin/deliveries/one', {
    title: 'Who was told',
    model: {
      message,
      what: capital(toldInWords(told)),
      path: told.subject.noun === 'notice' ? '/admin/notices' : pathOf(told.subject),
      counts,
      // Where nobody waits, nothing has to be looked through.
      isHeldUp: counts.queued + counts.again > 0 && (await isHeldUp(desk.db, number, now)),
      states: statesIn(counts),
      shown,
      reason,
      why:
        shown === 'failed'
          ? (await whyFailed(desk.db, number)).map((one) => ({ ...one, words: failureWords[one.reason] }))
          : [],
      deliveries: await linesOf(desk, request, deliveries),
      next:
        found.length > aPage && last
          ? `?${String(new URLSearchParams({ ...(shown && { state: shown }), ...(reason && { reason }), after: last.recipient }))}`
          : null,
    },
  })
}

/** As it stands in an address or a form; null: none that there is. */
function reasonIn(text: unknown): FailureReason | null {
  return failureReasons.find((one) => one === text) ?? null
}

function statesIn(counts: Readonly<Record<DeliveryState, number>>): { state: DeliveryState; label: string }[] {
  return deliveryStates
    .filter((state) => counts[state] > 0)
    .map((state) => ({ state, label: `${counts[state].toLocaleString('en')} ${stateWords[state]}` }))
}

/** Whom each is for: an address is shown to those who see to people, and to nobody else. */
async function linesOf(desk: Desk, request: FastifyRequest, all: readonly Delivery[]): Promise<DeliveryLine[]> {
  const mayKnow = may(signedIn(request).account.role, 'manage-people')
  const known = mayKnow
    ? await subscribersById(
        desk,
        all.map(({ recipient }) => recipient),
      )
    : new Map<string, never>()
  const words = deskWords(desk.clock.now(), (await readSite(desk.db)).zone)
  return all.map((delivery) => {
    const one = known.get(delivery.recipient)
    return {
      delivery,
      whom: (one && addressIn(one.target)) || `Somebody by ${wayInWords(delivery.channel)}`,
      href: one ? `/admin/subscribers/${one.id}` : null,
      words: deliveryInWords(delivery, words),
    }
  })
}

async function existing({ db }: Desk, request: FastifyRequest): Promise<SaidMessage> {
  const { message } = request.params as { readonly message: string }
  const found = /^[1-9]\d{0,14}$/.test(message) ? await messageToSubscribers(db, Number(message)) : null
  if (!found) throw new NotFound('There is no such message to subscribers.')
  return found
}
