import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'

const asked = new WeakSet<IncomingMessage>()

/**
 * The route of GET answers HEAD as well, and Node sends no body: with a second route for each, as Fastify makes them, a
 * third of the start is theirs. To be told of each request before its route is looked for.
 */
export function routeLikeGet(request: IncomingMessage): void {
  if (request.method !== 'HEAD') return
  asked.add(request)
  request.method = 'GET'
}

/** From the route on it is what was asked. To be called before all other hooks. */
export function answerHeads(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (asked.has(request.raw)) request.raw.method = 'HEAD'
    done()
  })
}
