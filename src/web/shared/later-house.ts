import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type House, type HouseParts, emptyHouse, furnish } from './house.ts'

/** A house that is built when somebody first comes: until then it takes no memory, and no time of the start. */
export interface LaterHouse {
  /** Built once, however many come at once. If it cannot be, this rejects, and whoever asks next has it tried again. */
  built(): Promise<House>
  /** If it was built. */
  close(): Promise<void>
}

interface LaterHouseParts {
  /** Stands in the reference of each of its requests, so that a log does not take it for one of another house. */
  readonly name: string
  /** Adds the hooks that come before all others. */
  before?(app: FastifyInstance): void
  /** Registers its faces. Modules that it imports are loaded for it alone. */
  move(app: FastifyInstance): Promise<unknown>
}

export function laterHouse(parts: HouseParts, { name, before, move }: LaterHouseParts): LaterHouse {
  let house: ReturnType<LaterHouse['built']> | null = null
  let count = 0
  const build: LaterHouse['built'] = async () => {
    const app = emptyHouse(parts, { genReqId: () => `req-${name}-${(count += 1).toString(36)}` })
    before?.(app)
    const routes = await furnish(app, parts)
    await move(app)
    await app.ready()
    return { app, routes }
  }
  return {
    built: () =>
      (house ??= build().catch((error: unknown) => {
        house = null
        throw error
      })),
    async close() {
      const there = await house?.catch(() => null)
      await there?.app.close()
    },
  }
}

interface Gate {
  readonly prefixes: readonly string[]
  readonly house: LaterHouse
  /** Answers while it cannot be built. */
  sorry(request: FastifyRequest, reply: FastifyReply): FastifyReply
}

/**
 * Whatever is asked below the prefixes, by any method, goes over to that house before anything of it is read. To be
 * registered before all hooks: who goes over meets them there.
 */
export const gate: FastifyPluginAsync<Gate> = async (app, { prefixes, house, sorry }) => {
  app.addHook('onClose', () => house.close())
  for (const prefix of prefixes) {
    await app.register(
      async (inside) => {
        inside.addHook('onRequest', async (request, reply) => {
          const { app: over } = await house.built()
          reply.hijack()
          over.routing(request.raw, reply.raw)
        })
        inside.setErrorHandler((error, request, reply) => {
          request.log.error(error, `What answers ${prefix} could not be built. The next request tries it again.`)
          return sorry(request, reply)
        })
        // Nothing is found on this side, and so the hook hears of everything.
        inside.setNotFoundHandler(sorry)
      },
      { prefix },
    )
  }
}
