import type { FastifyInstance } from 'fastify'
import { Refusal, TooMany } from '../../lib/errors.ts'
import { statusOf } from '../shared/forms.ts'
import type { Desk } from './desk.ts'

/** Refusals and failures as pages of the desk. What went wrong inside stands in the log, never on a page. */
export function pagesForErrors(face: FastifyInstance, desk: Desk): void {
  face.setErrorHandler(async (error: Error & { statusCode?: number }, request, reply) => {
    if (error instanceof TooMany) void reply.header('retry-after', String(error.retryAfterSeconds))
    const status = error instanceof Refusal ? statusOf(error) : (error.statusCode ?? 500)
    if (status >= 500) request.log.error(error)
    const sentence = error instanceof Refusal ? error.message : (plain[status] ?? plain[status < 500 ? 400 : 500])
    return desk.show(request, reply, 'admin/refused', {
      title: headings[status] ?? 'That did not work',
      model: { sentence: sentence ?? '', reference: status >= 500 ? request.id : null },
      status,
    })
  })

  face.setNotFoundHandler((request, reply) =>
    desk.show(request, reply, 'admin/refused', {
      title: 'There is no such page',
      model: { sentence: 'Perhaps it was removed, or the address is not complete.', reference: null },
      status: 404,
    }),
  )
}

const headings: Record<number, string> = {
  403: 'Not allowed',
  404: 'There is no such thing',
  409: 'Things have moved on',
  429: 'Too often',
}

const plain: Record<number, string> = {
  400: 'The browser sent something that cannot be read. Nothing was changed.',
  413: 'That is more than a form may hold: a text has at most 25,000 characters. Nothing was changed.',
  415: 'Only forms are accepted here. Nothing was changed.',
  500: 'This is a fault of Candor’s, not yours. Nothing was changed. It has been written to the log.',
}
