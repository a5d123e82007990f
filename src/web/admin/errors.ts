import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal, Unavailable } from '../../lib/errors.ts'
import { statusOf } from '../shared/forms.ts'
import { OverLimit } from '../shared/limits.ts'
import { renderer } from '../shared/views.ts'
import { type UnavailablePage, askedOf } from './unavailable.ts'
import { type Desk, sayWhen } from './desk.ts'
import { deskStyles } from './styles.ts'

/** Refusals and failures as pages of the desk. What went wrong inside stands in the log, never on a page. */
export function pagesForErrors(face: FastifyInstance, desk: Desk): void {
  const render = renderer<{ 'admin/unavailable': UnavailablePage }>(face)
  face.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    sayWhen(reply, error)
    const status = error instanceof Refusal ? statusOf(error) : (error.statusCode ?? 500)
    if (status >= 500) request.log.error(error)
    const sentence =
      error instanceof Refusal || isNamed(error, request)
        ? error.message
        : (plain[status] ?? plain[status < 500 ? 400 : 500])
    const title = isSpent(request, status) ? 'This link no longer works' : (headings[status] ?? 'That did not work')
    const model = { sentence: sentence ?? '', reference: status >= 500 ? request.id : null }
    const unavailable = async (because: UnavailablePage['because']): Promise<FastifyReply> => {
      const html = await render('admin/unavailable', {
        ...model,
        title,
        because,
        share: null,
        hasPage: true,
        ...askedOf(request),
        styles: deskStyles(),
      })
      return reply.code(status).type('text/html; charset=utf-8').send(html)
    }
    // Refused before anybody asked who sends it.
    if (error instanceof OverLimit) return unavailable('limit')
    try {
      return await desk.show(request, reply, 'admin/refused', { title, model, status })
    } catch (again) {
      // Without a database there is no frame: not even the name of the site is known.
      if (again instanceof Unavailable) return unavailable('database')
      request.log.error(again)
      return unavailable('fault')
    }
  })

  face.setNotFoundHandler((request, reply) =>
    desk.show(request, reply, 'admin/refused', {
      title: 'There is no such page',
      model: { sentence: 'Perhaps it was removed, or the address is not complete.', reference: null },
      status: 404,
    }),
  )
}

/** Of a form of texts people know the characters, of a file its size. */
function isNamed(error: Error, { headers }: FastifyRequest): boolean {
  if (!(error instanceof OverLimit)) return false
  return error.statusCode !== 413 || headers['content-type']?.startsWith('multipart/') === true
}

const headings: Record<number, string> = {
  403: 'Not allowed',
  404: 'There is no such thing',
  409: 'Things have moved on',
  429: 'Too often',
  503: 'Not just now',
  507: 'There is no room',
}

/** A link that somebody was handed, and that was good once. */
function isSpent({ routeOptions }: FastifyRequest, status: number): boolean {
  return status === 404 && ['/admin/invitation', '/admin/reset'].includes(routeOptions.url ?? '')
}

const plain: Record<number, string> = {
  400: 'The browser sent something that cannot be read. Nothing was changed.',
  413: 'That is more than a form may hold: a text has at most 25,000 characters. Nothing was changed.',
  415: 'Only forms are accepted here. Nothing was changed.',
  500: 'This is a fault of Candor’s, not yours. Nothing was changed. It has been written to the log.',
}
