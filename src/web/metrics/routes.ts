import type { FastifyPluginAsync } from 'fastify'
import type { Deps } from '../../deps.ts'
import { TooMany, Unavailable } from '../../lib/errors.ts'
import { accessOf, tokens } from '../shared/access.ts'
import { OverLimit } from '../shared/limits.ts'
import { sendProblem } from '../shared/problem.ts'
import { type Family, contentTypes, exposition, formatFor } from '../../lib/exposition.ts'
import { tokenBrought } from '../shared/token-door.ts'

export interface MetricsOptions extends Pick<Deps, 'db' | 'clock'> {
  collect(): Promise<Family[]>
}

/** For Prometheus, at the door of the page: only with a token that may read. */
export const metricsFace: FastifyPluginAsync<MetricsOptions> = async (face, { db, clock, collect }) => {
  face.get(
    '/metrics',
    { config: { access: tokens('metrics', 'read', 'disclose', 'manage') } },
    async (request, reply) => {
      void reply.header('cache-control', 'no-store')
      const [, secret] = /^Bearer (\S{10,200})$/i.exec(request.headers.authorization ?? '') ?? []
      const token = secret === undefined ? null : await tokenBrought(request, secret, { db, clock })
      const access = accessOf(request)
      if (!token || access?.to !== 'tokens' || !access.scopes.includes(token.scope)) {
        const detail = 'This asks for a token: make one at the desk (Tokens), or with candor token create.'
        void reply.header('www-authenticate', 'Bearer')
        return sendProblem(request, reply, { status: 401, detail })
      }
      const format = formatFor(request.headers.accept)
      return reply.type(contentTypes[format]).send(exposition(await collect(), format))
    },
  )

  face.setErrorHandler((error, request, reply) => {
    if (error instanceof TooMany) {
      void reply.code(429).header('retry-after', String(error.retryAfterSeconds)).type('text/plain; charset=utf-8')
      return reply.send(`${error.message}\n`)
    }
    if (error instanceof OverLimit)
      return sendProblem(request, reply, { status: error.statusCode, detail: error.message })
    request.log.error(error)
    const status = error instanceof Unavailable ? 503 : 500
    return sendProblem(request, reply, { status, detail: 'The numbers could not be gathered.' })
  })
}
