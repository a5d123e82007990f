import type { FastifyReply, FastifyRequest } from 'fastify'
import { deskHeaders, transportHeaders } from '../shared/page-headers.ts'
import { unavailablePage, askedOf } from './unavailable.ts'

/** Answers in the place of a desk that could not be built. */
export function closedDesk(url: string): (request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  const headers = { ...deskHeaders, ...transportHeaders(url), 'cache-control': 'no-store', 'retry-after': '5' }
  return (request, reply) =>
    reply
      .code(503)
      .headers(headers)
      .type('text/html; charset=utf-8')
      .send(
        unavailablePage({
          title: 'Not just now',
          sentence: 'The desk could not be opened. Nothing was changed, and it is tried again when you come back.',
          reference: request.id,
          because: 'fault',
          share: null,
          hasPage: true,
          ...askedOf(request),
        }),
      )
}
