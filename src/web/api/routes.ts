import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Forbidden, Invalid, NotFound, Refusal, TooMany } from '../../lib/errors.ts'
import { pageHeaders } from '../shared/page-headers.ts'
import { type ApiParts, entrance } from './entrance.ts'
import { requestsPerMinute } from './limit.ts'
import { metricRoutes } from './metrics.ts'
import { NotSignedIn } from './token.ts'

/**
 * The part of the Statuspage management API v1 that programs write to, below `/v1`: what it asks and what it answers is
 * theirs, so that a script needs another host name and another key, and nothing else.
 */
export const managementApi: FastifyPluginAsync<ApiParts> = async (face, parts) => {
  const limit = requestsPerMinute(parts.clock)
  await face.register(
    async (inside) => {
      errorsOf(inside)
      metricRoutes(inside, { ...parts, enter: entrance(parts, limit) })
    },
    { prefix: '/v1' },
  )
}

function errorsOf(face: FastifyInstance): void {
  face.addHook('onRequest', async (_request, reply) => {
    void reply.headers({ ...pageHeaders, 'cache-control': 'no-store' })
  })
  face.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'Not found' }))
  face.setErrorHandler((error, request, reply) => answer(error, request, reply))
}

function answer(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof NotSignedIn) return reply.code(401).send({ error: error.message })
  if (error instanceof Forbidden) return reply.code(403).send({ error: error.message })
  if (error instanceof NotFound) return reply.code(404).send({ error: error.message })
  if (error instanceof TooMany) {
    return reply.code(429).header('retry-after', String(error.retryAfterSeconds)).send({ error: error.message })
  }
  // A list, as the contract has it: each names its field.
  if (error instanceof Invalid) {
    return reply.code(422).send({ error: [error.field === null ? error.message : `${error.field} ${error.message}`] })
  }
  if (error instanceof Refusal) return reply.code(409).send({ error: error.message })
  // What Fastify itself refuses: a body that is too large, or is not JSON.
  const { statusCode } = error as { readonly statusCode?: number }
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return reply.code(statusCode).send({ error: (error as Error).message })
  }
  request.log.error(error)
  return reply.code(500).send({ error: 'Internal error' })
}
