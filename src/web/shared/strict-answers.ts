import type { FastifyInstance } from 'fastify'
import { headersOf, transportHeaders } from './page-headers.ts'

/**
 * What no face thought of is as strict as everything else, and kept by nobody: an error, an address of nothing, a route
 * that is new.
 */
export function strictByDefault(app: FastifyInstance, url: string): void {
  const always = { 'cache-control': 'no-store', ...transportHeaders(url) }
  app.addHook('onSend', (_request, reply, _payload, done) => {
    const standing = { ...always, ...headersOf(String(reply.getHeader('content-type') ?? '')) }
    for (const [name, value] of Object.entries(standing)) if (!reply.hasHeader(name)) void reply.header(name, value)
    done()
  })
}
