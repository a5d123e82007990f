import type { FastifyReply, FastifyRequest } from 'fastify'
import { pageHeaders, transportHeaders } from '../shared/page-headers.ts'

/** Answers, in the shape of the contract, in the place of calls that could not be built. */
export function closedApi(url: string): (request: FastifyRequest, reply: FastifyReply) => FastifyReply {
  const headers = { ...pageHeaders, ...transportHeaders(url), 'cache-control': 'no-store', 'retry-after': '5' }
  return (request, reply) =>
    reply
      .code(503)
      .headers(headers)
      .type('application/json; charset=utf-8')
      .send({ error: 'This cannot be answered just now. Nothing was changed: send it again.', request: request.id })
}
