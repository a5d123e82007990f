import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { fileURLToPath } from 'node:url'
import cookie from '@fastify/cookie'
import view from '@fastify/view'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import type { Deps } from './deps.ts'
import { followingForSubscribers } from './domain/deliveries/subscribers-told.ts'
import type { Provider } from './domain/accounts/provider.ts'
import type { Family } from './lib/exposition.ts'
import { givenBy, offeredChannels } from './domain/subscribers/channel.ts'
import { pushKeys } from './lib/push-keys.ts'
import type { DeskParts, DeskProber } from './web/admin/desk.ts'
import { adminFace } from './web/admin/routes.ts'
import { answerCalls, routeLikeCall } from './web/api/addresses.ts'
import { managementApi } from './web/api/routes.ts'
import { badges } from './web/badges/routes.ts'
import { statuspage } from './web/compat/statuspage/routes.ts'
import { inboundFace } from './web/inbound/routes.ts'
import { statuspageSubscribers } from './web/compat/statuspage/subscribers.ts'
import { ledgerFace } from './web/ledger/routes.ts'
import { feeds } from './web/feeds/routes.ts'
import { health } from './web/health/routes.ts'
import { heartbeatsFace } from './web/heartbeats/routes.ts'
import { crawlers } from './web/crawlers/routes.ts'
import { developerPages, serveDescription } from './web/developers/routes.ts'
import { embed } from './web/embed/routes.ts'
import { preferredForm } from './web/markdown/negotiate.ts'
import { markdownFace } from './web/markdown/routes.ts'
import { placesFace } from './web/places/routes.ts'
import { pictures } from './web/pictures/routes.ts'
import { pushButton, pushFace } from './web/public/push.ts'
import { reportsFace } from './web/public/reports.ts'
import { subscribeFace } from './web/public/subscribing/subscribe.ts'
import { subscriptionsFace } from './web/public/subscribing/subscriptions.ts'
import { publicFace } from './web/public/routes.ts'
import { type CollectParts, collector } from './web/metrics/collect.ts'
import { metricsFace } from './web/metrics/routes.ts'
import { type DeclaredRoute, demandAccess } from './web/shared/access.ts'
import { headersOf, transportHeaders } from './web/shared/page-headers.ts'
import { answerErrors } from './web/shared/last-resort.ts'
import { measuredPressure, shedLoad } from './web/shared/pressure.ts'
import { assetsFace } from './web/shared/assets.ts'
import { answerHeads, routeLikeGet } from './web/shared/heads.ts'
import { takeForms } from './web/shared/form-bodies.ts'
import { holdToLimits, tellUnread } from './web/shared/limits.ts'
import type { Listener } from './web/shared/listener.ts'
import { plainAddress, plainClients } from './web/shared/plain-request.ts'
import { type Publication, createPublication } from './web/shared/publication.ts'
import { signUpLimits } from './web/shared/sign-up-limits.ts'
import { strictByDefault } from './web/shared/strict-answers.ts'
import { templatesOf } from './web/shared/templates.ts'

export interface App {
  readonly app: FastifyInstance
  readonly publication: Publication
  /** Every route of every face, and who may use it. */
  readonly routes: readonly DeclaredRoute[]
  /** What `/metrics` says, for a door of its own. */
  collect(): Promise<Family[]>
}

/** What this installation says its version is. */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
const views = fileURLToPath(new URL('../views', import.meta.url))

/** Builds Fastify: the few plugins that faces share, then each face with exactly what it needs. */
export async function buildApp(
  deps: Deps,
  prober: () => (DeskProber & ReturnType<CollectParts['prober']>) | null = () => null,
  listener: Listener | null = null,
  provider: Provider | null = null,
  checkMail: DeskParts['checkMail'] = null,
): Promise<App> {
  const { config, db, change, clock, ids, log, key } = deps
  const logger: FastifyBaseLogger = log
  const app = Fastify({
    loggerInstance: logger,
    // Published documents are counted, not logged; errors are logged once, by their face.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.trustProxy.length > 0 ? [...config.trustProxy] : false,
    // A text of 25 000 characters, each of them one that a browser writes as twelve bytes in a form.
    bodyLimit: 384 * 1024,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    // A server of our own, which listens before Fastify is there.
    ...(listener ? { serverFactory: (handler: RequestListener) => listener.attach(handler) } : {}),
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 200 },
    forceCloseConnections: 'idle',
    // Nothing of ours is called NUL, and one of the databases cannot even be asked for it.
    rewriteUrl(request) {
      routeLikeGet(request)
      plainClients(request)
      const plain = plainAddress(request.url ?? '/').replaceAll('%00', '%EF%BF%BD')
      request.url = preferredForm(plain, request.headers.accept)
      routeLikeCall(request)
      return request.url
    },
    exposeHeadRoutes: false,
    // An address that cannot be read belongs to no face.
    clientErrorHandler: tellUnread,
    frameworkErrors: (error, _request, reply: FastifyReply) => {
      void reply.code(error.statusCode ?? 400).headers({ ...unreadable, ...transportHeaders(config.url) })
      void reply.send('This address cannot be read.\n')
    },
    // Commands check what comes in, not routes: without this Fastify loads Ajv and a serializer, a hundred files.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
  })
  const routes = demandAccess(app)
  answerHeads(app)
  answerCalls(app)
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

  const publication = createPublication(deps)
  deps.onChange(() => {
    publication.refresh().catch((error: unknown) => log.error(error, 'The publication could not be refreshed.'))
  })

  // Where nobody listens there is no loop that could come late.
  const delay = listener ? measuredPressure() : () => 0
  shedLoad(app, { isReady: (path) => publication.find(path) !== undefined, delay })

  const collect = collector({ ...deps, publication, prober, version })
  await app.register(metricsFace, { db, clock, collect })
  await app.register(health, { health: deps.health })
  await app.register(assetsFace, { publication })
  const push = pushButton(config.url)
  await app.register(publicFace, { publication, db, clock, config, push, more: developerPages })
  serveDescription(app, publication, config.url)
  await app.register(reportsFace, { publication, db, change, clock, ids, url: config.url })
  await app.register(pushFace, {
    ...deps,
    publication,
    url: config.url,
    publicKey: pushKeys(key).publicKey,
    pushHosts: config.pushHosts,
  })
  const limits = signUpLimits(clock)
  await app.register(subscribeFace, { ...deps, publication, push, limits })
  await app.register(subscriptionsFace, { ...deps, publication })
  await app.register(inboundFace, { db, clock, vault: deps.vault })
  await app.register(heartbeatsFace, { db, clock })
  await app.register(ledgerFace, { publication, db, clock, ledgerKeys: deps.ledgerKeys })
  await app.register(feeds, { publication, url: config.url })
  await app.register(markdownFace, { publication, url: config.url })
  await app.register(crawlers, { publication, url: config.url })
  await app.register(badges, { publication })
  await app.register(embed, { publication, url: config.url })
  await app.register(pictures, { publication, url: config.url })
  await app.register(statuspage, { publication, url: config.url })
  await app.register(statuspageSubscribers, { ...deps, publication, limits, prefix: '/api/v2' })
  await app.register(placesFace, { ...deps, prefix: '/api/places/v1' })
  await app.register(managementApi, {
    db,
    change,
    clock,
    ids,
    vault: deps.vault,
    url: config.url,
    offered: offeredChannels(givenBy(config)),
    settled: () => publication.catchUp(),
  })
  await app.register(adminFace, {
    config,
    db,
    change,
    clock,
    ids,
    log,
    key,
    passwords: deps.passwords,
    vault: deps.vault,
    prober,
    provider,
    health: deps.health,
    readSnapshot: deps.readSnapshot,
    settled: () => publication.catchUp(),
    checkMail,
    followed: followingForSubscribers({ db, clock, log }),
  })
  return { app, publication, collect, routes }
}

const plainText = 'text/plain; charset=utf-8'
const unreadable = { ...headersOf(plainText), 'content-type': plainText, 'cache-control': 'no-store' }

function noSchemas(): never {
  throw new Error('A route declares a schema. Inputs are checked by the commands instead.')
}
