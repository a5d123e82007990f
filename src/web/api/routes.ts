import type { FastifyPluginAsync } from 'fastify'
import { millisecondsBy, rateLimit } from '../../lib/rate-limit.ts'
import { prefix } from './addresses.ts'
import { takeBodies } from './bodies.ts'
import { type ApiParts, type Call, serveCalls } from './call.ts'
import { groupCalls } from './component-groups.ts'
import { componentCalls } from './components.ts'
import { tellErrors } from './errors.ts'
import { updateCalls } from './incident-updates.ts'
import { incidentSubscriberCalls } from './incident-subscribers.ts'
import { incidentCalls } from './incidents.ts'
import { metricCalls } from './metrics.ts'
import { pageCalls } from './pages.ts'
import { postmortemCalls } from './postmortem.ts'
import { severalSubscribersCalls } from './several-subscribers.ts'
import { subscriberCalls } from './subscribers.ts'
import { templateCalls } from './templates.ts'
import { uptimeCalls } from './uptime.ts'

/** Every call there is, as the description lists them. */
export const calls: readonly Call[] = [
  ...pageCalls,
  ...componentCalls,
  ...groupCalls,
  ...uptimeCalls,
  ...incidentCalls,
  ...updateCalls,
  ...postmortemCalls,
  ...templateCalls,
  ...metricCalls,
  ...subscriberCalls,
  ...severalSubscribersCalls,
  ...incidentSubscriberCalls,
]

/**
 * The Statuspage management API v1 that programs write to: what it asks and what it answers is theirs, so that a script
 * needs another host name and another key, and nothing else. What is ours beside it stands below the same addresses.
 */
export const managementApi: FastifyPluginAsync<ApiParts> = async (face, parts) => {
  // A request a second on average, over a minute: what clients of the API are written for.
  const limit = rateLimit({ name: 'token', most: 60, seconds: 60 }, millisecondsBy(parts.clock))
  await face.register(
    async (inside) => {
      takeBodies(inside)
      tellErrors(inside)
      serveCalls(inside, parts, calls, limit)
    },
    { prefix },
  )
}
