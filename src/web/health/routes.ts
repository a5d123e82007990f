import type { FastifyPluginAsync } from 'fastify'
import type { Health } from '../../lib/health.ts'
import { everyone } from '../shared/access.ts'

export interface HealthOptions {
  readonly health: Health
}

/** For whoever watches the process: `/healthz` asks whether it lives, `/readyz` whether it does its work. */
export const health: FastifyPluginAsync<HealthOptions> = async (face, { health }) => {
  face.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
  })

  face.get('/healthz', { config: { access: everyone } }, async () => ({ status: 'alive' }))

  face.get('/readyz', { config: { access: everyone } }, async (_request, reply) => {
    const parts = await health.parts()
    const remarks = await health.remarks()
    const failing = Object.keys(parts).filter((part) => parts[part] !== null)
    reply.code(failing.length === 0 ? 200 : 503)
    return {
      status: failing.length === 0 ? 'ready' : 'not ready',
      failing,
      parts: Object.fromEntries(
        Object.entries({ ...parts, ...remarks }).map(([part, problem]) => [part, problem ?? 'well']),
      ),
    }
  })
}
