import type { FastifyError, FastifyInstance } from 'fastify'
import { Refusal, Unavailable } from '../../lib/errors.ts'
import { OverLimit } from './limits.ts'
import { inTheLog, isForPrograms, sendProblem } from './problem.ts'

/** What no face answers itself: logged where it is our fault, and told without a word of what only we may know. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: Partial<FastifyError>, request, reply) => {
    const given = error.statusCode ?? 500
    const status =
      error instanceof Unavailable ? 503 : error instanceof Refusal ? 422 : given >= 400 && given < 500 ? given : 500
    if (status === 500) request.log.error(error)
    const detail = error instanceof Refusal || error instanceof OverLimit ? error.message : words(status)
    if (error instanceof Unavailable) void reply.header('retry-after', String(error.retryAfterSeconds))
    void reply.header('cache-control', 'no-store')
    if (isForPrograms(request.url)) return sendProblem(request, reply, { status, detail })
    return reply
      .code(status)
      .type('text/plain; charset=utf-8')
      .send(status === 500 ? `${detail}\n${inTheLog(request)}\n` : `${detail}\n`)
  })
}

function words(status: number): string {
  if (status === 413) return 'This is too much at once.'
  if (status === 415) return 'This is not written in a way that can be read here.'
  return status < 500 ? 'This cannot be read.' : 'This could not be made. Please try again in a moment.'
}
