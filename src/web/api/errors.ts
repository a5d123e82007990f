import type { FastifyError, FastifyInstance } from 'fastify'
import { Forbidden, Invalid, NotFound, Refusal, TooMany, Unavailable } from '../../lib/errors.ts'
import { pageHeaders } from '../shared/page-headers.ts'
import { Unreadable, Unsupported } from './bodies.ts'
import { NotSignedIn } from './token.ts'

/** What is refused is told in the words of the contract. */
export function tellErrors(face: FastifyInstance): void {
  face.addHook('onRequest', async (_request, reply) => {
    void reply.headers({ ...pageHeaders, 'cache-control': 'no-store' })
  })
  face.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'Not found' }))
  face.setErrorHandler((error, request, reply) => {
    const status = statusOf(error)
    if (status === 500) request.log.error(error)
    if (error instanceof TooMany || error instanceof Unavailable)
      void reply.header('retry-after', String(error.retryAfterSeconds))
    if (status === 401) void reply.header('www-authenticate', 'OAuth realm="Candor", Bearer realm="Candor"')
    const where = status === 500 ? { request: request.id } : {}
    return reply.code(status).send({ error: told(error, status), ...where })
  })
}

export function statusOf(error: unknown): number {
  if (error instanceof NotSignedIn) return 401
  if (error instanceof Forbidden) return 403
  if (error instanceof NotFound) return 404
  if (error instanceof TooMany) return 429
  if (error instanceof Unreadable) return 400
  if (error instanceof Unsupported) return 415
  if (error instanceof Invalid) return 422
  if (error instanceof Unavailable) return error.lack === 'room' ? 507 : 503
  if (error instanceof Refusal) return 409
  // What Fastify itself refuses: a body that is too large, or that does not come to its end.
  const { statusCode } = error as Partial<FastifyError>
  return statusCode !== undefined && statusCode >= 400 && statusCode < 500 ? statusCode : 500
}

/** One text; a list of them where fields are at fault, as the contract has it: each names its field. */
function told(error: unknown, status: number): string | readonly string[] {
  if (status === 500) return 'Internal error'
  const { message } = error as Error
  if (!(error instanceof Invalid)) return message
  // A sentence names its field itself.
  return [error.field === null || /^\p{Lu}/u.test(message) ? message : `${error.field} ${message}`]
}
