import type { FastifyPluginAsync } from 'fastify'
import { takeBodies } from './bodies.ts'
import { type ApiParts, type Call, serveCalls } from './call.ts'
import { entrance } from './entrance.ts'
import { tellErrors } from './errors.ts'
import { requestsPerMinute } from './limit.ts'
import { metricRoutes } from './metrics.ts'

/** Every call there is, as the description lists them. */
export const calls: readonly Call[] = []

/**
 * The Statuspage management API v1 that programs write to: what it asks and what it answers is theirs, so that a script
 * needs another host name and another key, and nothing else. What is ours beside it stands below the same addresses.
 */
export const managementApi: FastifyPluginAsync<ApiParts> = async (face, parts) => {
  const limit = requestsPerMinute(parts.clock)
  for (const prefix of ['/v1', '/api/v1']) {
    await face.register(
      async (inside) => {
        takeBodies(inside)
        tellErrors(inside)
        serveCalls(inside, parts, calls, limit)
        metricRoutes(inside, { ...parts, enter: entrance(parts, limit) })
      },
      { prefix },
    )
  }
}
