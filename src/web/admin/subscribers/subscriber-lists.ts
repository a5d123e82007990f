import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { readSite } from '../../../domain/site/queries.ts'
import type { ChannelKind, Target } from '../../../domain/subscribers/channel.ts'
import { exportSubscribers } from '../../../domain/subscribers/exporting.ts'
import { type ListReport, checkSubscriberList, importSubscribers } from '../../../domain/subscribers/importing.ts'
import { fieldsOfAddress } from '../../../domain/subscribers/list-columns.ts'
import { subscriberByAddress } from '../../../domain/subscribers/queries.ts'
import {
  liftSuppression,
  suppressAddress,
  suppressionCounts,
  suppressionOf,
} from '../../../domain/subscribers/suppressions.ts'
import { readTarget } from '../../../domain/subscribers/targets.ts'
import { dayOf } from '../../../lib/days.ts'
import { Invalid, NotFound } from '../../../lib/errors.ts'
import { millisecondsBy, rateLimit } from '../../../lib/rate-limit.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, besideField, only, refused, text, untouched } from '../../shared/forms.ts'
import { takeFiles } from '../../shared/multipart.ts'
import { holdTo } from '../../shared/rate-limit-headers.ts'
import { offered } from '../alerts/alerts.ts'
import { type Desk, attempt, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { channelLabel, suppressedInWords, suppressionWords } from './subscriber-words.ts'

const people = { config: { access: operators('manage-people') } }

/** Lists of those who are told, brought and taken away; and the addresses that nothing brings back. */
export function subscriberListRoutes(face: FastifyInstance, desk: Desk): void {
  exportRoute(face, desk)
  importRoutes(face, desk)
  suppressionRoutes(face, desk)
}

function exportRoute(face: FastifyInstance, desk: Desk): void {
  const limit = rateLimit({ name: 'account', most: 10, seconds: 600 }, millisecondsBy(desk.clock))
  // It holds everybody's addresses: whoever finds an open browser does not get it.
  const options = { config: { access: operators('manage-people', { fresh: true }) } }
  face.get('/subscribers.csv', options, async (request, reply) => {
    // It would read all for nothing.
    if (request.method === 'HEAD') return reply.callNotFound()
    const { account, actor } = signedIn(request)
    holdTo(reply, limit.take(account.id), 'You took the list away ten times within ten minutes.')
    await desk.change(actor, (it) => it.record({ type: 'subscriber.exported', subject: 'everybody', data: {} }))
    const { zone } = await readSite(desk.db)
    const name = `candor-subscribers-${dayOf(desk.clock.now(), zone)}.csv`
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(Readable.from(exportSubscribers(desk.db, desk.vault)))
  })
}

/** As much as a list may be long, and what a form adds to it. */
const mostBytes = 12_000_000

function importRoutes(face: FastifyInstance, desk: Desk): void {
  const page = (
    request: FastifyRequest,
    reply: FastifyReply,
    { state, report = null, isDry = true, status }: Shown,
  ): Promise<FastifyReply> =>
    desk.show(request, reply, 'admin/subscribers/bring', {
      title: 'Bring a list',
      model: { state, report, isDry },
      status,
    })

  face.get('/subscribers/bring', people, (request, reply) => page(request, reply, { state: untouched, status: 200 }))

  void face.register((inside, _options, ready) => {
    takeFiles(inside)
    inside.post('/subscribers/bring', { ...people, bodyLimit: mostBytes }, (request, reply) => {
      const { list, ...rest } = Object(request.body) as { readonly list?: unknown }
      request.body = rest
      return attempt(
        request,
        reply,
        async (given) => {
          const isDry = only(given, ['intent', 'list']).intent !== 'bring'
          const csv = textOf(list)
          const { locale, zone } = await readSite(desk.db)
          const usual = { locale, zone }
          const report = isDry
            ? await checkSubscriberList(desk, csv, usual)
            : await importSubscribers(desk, signedIn(request).actor, csv, usual)
          const isRefused = report.faults.length > 0 && !isDry
          return page(request, reply, { state: untouched, report, isDry, status: isRefused ? 422 : 200 })
        },
        (state, status) => page(request, reply, { state, status }),
      )
    })
    ready()
  })
}

interface Shown {
  readonly state: FormState
  readonly status: number
  readonly report?: ListReport | null
  readonly isDry?: boolean
}

function textOf(list: unknown): string {
  if (!Buffer.isBuffer(list)) throw new Invalid('Choose a file.', 'list')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(list)
  } catch {
    throw new Invalid('This file is not written in UTF-8: save it as “CSV UTF-8”.', 'list')
  }
}

/** Addresses are sent in forms, never in addresses of pages: those stand in histories and logs. */
function suppressionRoutes(face: FastifyInstance, desk: Desk): void {
  const page = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { state, status }: { readonly state: FormState; readonly status: number },
    looked: { readonly kind: ChannelKind; readonly target: Target } | null = null,
  ): Promise<FastifyReply> => {
    const suppression = looked && (await suppressionOf(desk, looked.kind, looked.target))
    return desk.show(request, reply, 'admin/subscribers/found', {
      title: 'Never told',
      model: {
        state,
        finds: finds(desk).map((kind) => ({ value: kind, label: channelLabel(kind) })),
        looked: looked && {
          label: channelLabel(looked.kind),
          suppressed: suppression && suppressionWords[suppression.reason],
          at: suppression?.at ?? null,
        },
        counts: (await suppressionCounts(desk.db))
          .toSorted((a, b) => b.count - a.count)
          .map(({ reason, count }) => suppressedInWords(reason, count)),
      },
      status,
    })
  }

  face.get('/subscribers/never', people, (request, reply) => page(request, reply, { state: untouched, status: 200 }))

  face.post('/subscribers/find', people, (request, reply) =>
    attempt(
      request,
      reply,
      async (given) => {
        const { kind, target } = addressOf(desk, given)
        const found = await subscriberByAddress(desk, kind, target)
        if (found) return reply.redirect(`/admin/subscribers/${found.id}`, 303)
        return page(request, reply, { state: { values: given, fault: null }, status: 200 }, { kind, target })
      },
      (state, status) => page(request, reply, { state, status }),
    ),
  )

  face.post('/subscribers/never', people, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { kind, target } = addressOf(desk, given)
        await desk.change(signedIn(request).actor, (it) => suppressAddress(it, kind, target))
        return done('/admin/subscribers/never', 'suppressed')
      },
      (state, status) => page(request, reply, { state, status }),
    ),
  )

  face.post('/subscribers/never/lift', people, (request, reply) =>
    attempt(
      request,
      reply,
      async (given) => {
        const { kind, target } = addressOf(desk, given)
        const lifted = await desk.change(signedIn(request).actor, (it) => liftSuppression(it, kind, target))
        if (lifted === 'lifted') return reply.redirect(done('/admin/subscribers/never', 'suppression-lifted'), 303)
        const state = refused(given, new NotFound('This address does not stand on the list.'))
        return page(request, reply, { state, status: 404 })
      },
      (state, status) => page(request, reply, { state, status }),
    ),
  )
}

function finds(desk: Desk): ChannelKind[] {
  return offered(desk).filter((kind) => kind !== 'web-push')
}

function addressOf(desk: Desk, given: Form): { kind: ChannelKind; target: Target } {
  only(given, ['channel', 'address'])
  const kind = finds(desk).find((one) => one === text(given, 'channel'))
  if (!kind) throw new Invalid('Choose one of these ways.', 'channel')
  try {
    return { kind, target: readTarget(kind, fieldsOfAddress(kind, text(given, 'address').trim(), '')) }
  } catch (error) {
    throw error instanceof Invalid ? new Invalid(besideField(error), 'address') : error
  }
}
