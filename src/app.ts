import { readFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Deps } from './deps.ts'
import { followingForSubscribers } from './domain/deliveries/subscribers-told.ts'
import type { Family } from './lib/exposition.ts'
import { givenBy, offeredChannels } from './domain/subscribers/channel.ts'
import { pushKeys } from './lib/push-keys.ts'
import { closedDesk } from './web/admin/closed.ts'
import type { DeskParts, DeskProber } from './web/admin/desk.ts'
import { answerCalls, prefix as callsBelow, routeLikeCall } from './web/api/addresses.ts'
import { closedApi } from './web/api/closed.ts'
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
import { measuredPressure } from './web/shared/pressure.ts'
import { assetsFace } from './web/shared/assets.ts'
import { routeLikeGet } from './web/shared/heads.ts'
import { type House, type HouseParts, emptyHouse, furnish } from './web/shared/house.ts'
import { gate, laterHouse } from './web/shared/later-house.ts'
import { tellUnread } from './web/shared/limits.ts'
import type { Listener } from './web/shared/listener.ts'
import { plainAddress, plainClients } from './web/shared/plain-request.ts'
import { type Publication, createPublication } from './web/shared/publication.ts'
import { signUpLimits } from './web/shared/sign-up-limits.ts'

export interface App {
  readonly app: FastifyInstance
  readonly publication: Publication
  /** All houses, each with every route of its faces. Builds those that nobody has asked for yet. */
  houses(): Promise<readonly House[]>
  /** What `/metrics` says, for a door of its own. */
  collect(): Promise<Family[]>
}

/** What this installation says its version is. */
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/** What an app is given where it runs as a product; left out in what only asks it, as tests and commands do. */
export interface AppOptions {
  /** Null: it does not run in this process, or not yet. */
  prober?(): (DeskProber & ReturnType<CollectParts['prober']>) | null
  /** A server of our own, which listens before Fastify is there. */
  readonly listener?: Listener
  readonly provider?: DeskParts['provider']
  readonly checkMail?: DeskParts['checkMail']
}

/**
 * The faces, and when they are built: those that readers and machines ask at once, the desk and the management API when
 * somebody first comes. Each gets exactly what it needs.
 */
export async function buildApp(
  deps: Deps,
  { prober = () => null, listener, provider = null, checkMail = null }: AppOptions = {},
): Promise<App> {
  const { config, db, change, clock, ids, log, key } = deps
  const publication = createPublication(deps)
  deps.onChange(() => {
    publication.refresh().catch((error: unknown) => log.error(error, 'The publication could not be refreshed.'))
  })

  const parts: HouseParts = {
    config,
    log,
    load: {
      isReady: (path) => publication.find(path) !== undefined,
      // Where nobody listens there is no loop that could come late.
      delay: listener ? measuredPressure() : () => 0,
      underWay: new Set(),
    },
  }
  const app = emptyHouse(parts, {
    ...(listener ? { serverFactory: (handler: RequestListener) => listener.attach(handler) } : {}),
    forceCloseConnections: 'idle',
    // Nothing of ours is called NUL, and one of the databases cannot even be asked for it.
    rewriteUrl(request) {
      routeLikeGet(request)
      if (config.trustProxy.length > 0) plainClients(request)
      const plain = plainAddress(request.url ?? '/').replaceAll('%00', '%EF%BF%BD')
      request.url = preferredForm(plain, request.headers.accept)
      routeLikeCall(request)
      return request.url
    },
    clientErrorHandler: tellUnread,
  })
  const settled = (): Promise<void> => publication.catchUp()
  const desk = laterHouse(parts, {
    name: 'desk',
    async move(house) {
      const { adminFace } = await import('./web/admin/routes.ts')
      await house.register(adminFace, {
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
        settled,
        checkMail,
        followed: followingForSubscribers({ db, clock, log }),
      })
    },
  })
  const api = laterHouse(parts, {
    name: 'api',
    before: answerCalls,
    async move(house) {
      const { managementApi } = await import('./web/api/routes.ts')
      await house.register(managementApi, {
        db,
        change,
        clock,
        ids,
        vault: deps.vault,
        url: config.url,
        offered: offeredChannels(givenBy(config)),
        settled,
      })
    },
  })
  await app.register(gate, { prefixes: ['/admin', '/setup'], house: desk, sorry: closedDesk(config.url) })
  await app.register(gate, { prefixes: [callsBelow], house: api, sorry: closedApi(config.url) })
  const routes = await furnish(app, parts)

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
  return {
    app,
    publication,
    collect,
    async houses() {
      return [{ app, routes }, ...(await Promise.all([desk.built(), api.built()]))]
    },
  }
}
