import { fileURLToPath } from 'node:url'
import cookie from '@fastify/cookie'
import view from '@fastify/view'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type RawServerDefault,
  LogController,
} from 'fastify'
import type { Config } from '../../config.ts'
import { type DeclaredRoute, demandAccess } from './access.ts'
import { takeForms } from './form-bodies.ts'
import { answerHeads } from './heads.ts'
import { answerErrors } from './last-resort.ts'
import { holdToLimits } from './limits.ts'
import { headersOf, transportHeaders } from './page-headers.ts'
import { type Load, shedLoad } from './pressure.ts'
import { strictByDefault } from './strict-answers.ts'
import { templatesOf } from './templates.ts'

/** A Fastify, and the faces that live in it: each of their routes, and who may use it. */
export interface House {
  readonly app: FastifyInstance
  readonly routes: readonly DeclaredRoute[]
}

/** What the houses of a product have in common. */
export interface HouseParts {
  readonly config: Pick<Config, 'url' | 'trustProxy'>
  readonly log: FastifyBaseLogger
  /** Of the whole process. */
  readonly load: Load
}

const views = fileURLToPath(new URL('../../../views', import.meta.url))

/** A Fastify with our limits, and nothing in it yet. */
export function emptyHouse(
  { config, log }: Omit<HouseParts, 'load'>,
  more: FastifyHttpOptions<RawServerDefault> = {},
): FastifyInstance {
  return Fastify({
    loggerInstance: log,
    // Published documents are counted, not logged; errors are logged once, by their face.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false,
    // A text of 25 000 characters, each of them one that a browser writes as twelve bytes in a form.
    bodyLimit: 384 * 1024,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
    exposeHeadRoutes: false,
    // An address that cannot be read belongs to no face.
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      void reply.code(error.statusCode ?? 400).headers({ ...unreadable, ...transportHeaders(config.url) })
      void reply.send('This address cannot be read.\n')
    },
    // Commands check what comes in, not routes: without this Fastify loads Ajv and a serializer, a hundred files.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    ...more,
  })
}

/** Puts in what faces share, before any of them. Answers the routes as they come, and who may use them. */
export async function furnish(
  app: FastifyInstance,
  { config, load }: Omit<HouseParts, 'log'>,
): Promise<readonly DeclaredRoute[]> {
  const routes = demandAccess(app)
  answerHeads(app)
  await app.register(view, {
    engine: { eta: templatesOf(views) },
    root: views,
    viewExt: 'eta',
    // Templates are read once, whatever NODE_ENV says.
    production: true,
  })
  strictByDefault(app, config.url)
  holdToLimits(app)
  await app.register(cookie)
  takeForms(app)
  answerErrors(app)
  shedLoad(app, load)
  return routes
}

const plainText = 'text/plain; charset=utf-8'
const unreadable = { ...headersOf(plainText), 'content-type': plainText, 'cache-control': 'no-store' }

function noSchemas(): never {
  throw new Error('A route declares a schema. Inputs are checked by the commands instead.')
}
