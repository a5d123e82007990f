import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { buildApp } from './app.ts'
import type { Config } from './config.ts'
import { assertDurable } from './database/database.ts'
import { createLease } from './database/lease.ts'
import { openUpToDate } from './database/upgrade.ts'
import { type Deps, createDeps } from './deps.ts'
import { setUpLink } from './domain/accounts/first-run.ts'
import type { MailCheck } from './domain/deliveries/mail-check.ts'
import { watchOver } from './domain/probes/engine/engine.ts'
import { startFollowers } from './followers.ts'
import type { Caps } from './lib/connection-caps.ts'
import { type Instant, secondsBetween, wallClock } from './lib/clock.ts'
import { Unavailable } from './lib/errors.ts'
import type { DrainTimes } from './lib/drain.ts'
import { hashingProblem } from './lib/hashing.ts'
import { startJobs } from './lib/cron.ts'
import { randomIds } from './lib/ids.ts'
import { secretFile } from './lib/secret-file.ts'
import { seldom } from './lib/seldom.ts'
import { heartbeatWatch } from './outbound/heartbeats/watch.ts'
import { startMirrors } from './outbound/mirroring/mirrors.ts'
import { mailMeans, meansOf, telegramMeans } from './outbound/notify/means.ts'
import { startNotifier } from './outbound/notify/notifier.ts'
import type { TelegramBot } from './outbound/telegram/bot.ts'
import { type Prober, startProber } from './outbound/probing/prober.ts'
import { createProvider, egressOf } from './outbound/signing-on/provider.ts'
import { schedule } from './schedule.ts'
import { listenForMetrics } from './web/metrics/listener.ts'
import { keepOnDisk } from './web/shared/kept.ts'
import type { Listener } from './web/shared/listener.ts'
import type { Publication } from './web/shared/publication.ts'
import type { Starting } from './web/starting.ts'

/** What answers before the product is there. */
export interface Door {
  readonly log: Logger
  readonly listener: Listener
  readonly caps: Caps
  readonly start: Starting
  /** Whether readers have something to read meanwhile. */
  readonly hasKept: boolean
  /** From here on what is published is answered, and everything else. */
  open(publication: Publication): Promise<void>
}

export interface Product {
  stop(times: DrainTimes): Promise<void>
  /** Says where it is, and how it gets its owner. Answers the address that it said. */
  announce(say: (line: string) => void): Promise<string>
}

/** Starts what is behind the door; resolves when all of it runs. */
export async function startProduct(
  config: Config,
  { log, listener, caps, start, hasKept, open }: Door,
): Promise<Product> {
  const deps = await untilOpen(() => openDeps(config, start, log), { hasKept, start, log })
  deps.health.watch('process', () => 'starting')
  let prober: Prober | null = null
  const provider = createProvider({ ...deps, egress: egressOf(config) })
  const { app, publication, collect } = await buildApp(deps, {
    prober: () => prober,
    listener,
    provider,
    checkMail: mailChecker(config),
  })
  // Before anybody reads: what was measured before a long stop is not known any more, and looks it.
  await watchOver({ ...deps, now: () => deps.clock.now() }).catch((error: unknown) => log.error(error))
  // Before anybody is heard: who was due while nobody could be, is expected again.
  await heartbeatWatch(deps)
    .look()
    .catch((error: unknown) => log.error(error, 'Heartbeats could not be looked at.'))
  await app.ready()
  await untilAnswered(() => publication.open(), log)
  await open(publication)
  const stopKeeping = keepOnDisk(publication, config.dataDir, log)
  const { trustProxy, workers } = config
  const followers =
    workers > 1 ? startFollowers({ count: workers, listener, publication, trustProxy, caps, log }) : null
  const stopJobs = startJobs(schedule(deps, publication), log)
  prober = await untilAnswered(() => startProber(deps, createLease(deps, 'prober')), log)
  const notifier = startNotifier({ ...deps, means: meansOf(config, deps.key), meters: deps.deliveryMeters })
  deps.health.mention('notifier', notifier.problem)
  deps.health.mention('sign-ins', hashingProblem)
  const telegram = await telegramBot(deps, () => publication.refresh())
  // It answers by now; what is asked for most is rendered before it is asked for.
  await untilAnswered(() => publication.refresh(), log)
  const door = config.metricsListen ? await listenForMetrics(config.metricsListen, collect, log) : null
  const mirrors = await startMirrors({ config, publication, log })
  deps.health.watch('mirror', mirrors.problem)
  watchParts(deps, publication, prober)
  deps.health.watch('process', () => null)

  return {
    async stop(times) {
      deps.health.watch('process', () => 'stopping')
      await listener.leave(times, followers?.leave(times))
      await door?.close()
      await prober?.stop()
      await stopJobs()
      await notifier.stop()
      await telegram?.stop()
      await app.close()
      await mirrors.stop()
      await stopKeeping()
      await deps.database.close()
    },
    announce: (say) => announce(deps, listener.server.address() as AddressInfo, say),
  }
}

async function openDeps(config: Config, start: Starting, log: Logger): Promise<Deps> {
  const logShare = seldom((share: number) => log.info({ share }, 'The database is being upgraded.'))
  const { database, ran } = await openUpToDate(config.databaseUrl, {
    clock: wallClock,
    ids: randomIds,
    began(from, copy) {
      start.upgrading(null)
      log.warn({ from, copy }, 'The database is being upgraded; what was published last is shown.')
    },
    carried(share) {
      start.upgrading(share)
      logShare(share)
    },
  })
  try {
    if (ran.length > 0) log.info({ ran }, 'The database was brought up to date.')
    const key = secretFile(config.dataDir, 'key', randomIds)
    const deps = await createDeps({ config, database, clock: wallClock, ids: randomIds, log, key })
    await deps.heartbeat.beat()
    assertDurable(database)
    // One that opens may still be damaged where the pages come from.
    await deps.readSnapshot()
    return deps
  } catch (error) {
    await database.close()
    throw error
  }
}

const secondsToWait = 5

/** A page that is up is worth more than one that is gone: as long as there is something to show, it is tried again. */
async function untilOpen(
  open: () => Promise<Deps>,
  { hasKept, start, log }: Pick<Door, 'hasKept' | 'start' | 'log'>,
): Promise<Deps> {
  for (;;) {
    try {
      return await open()
    } catch (error) {
      if (!hasKept) throw error
      start.failed(error)
      log.error(
        error,
        `The database cannot be used. What was published last is shown; trying again every ${secondsToWait} s.`,
      )
      await pause(secondsToWait * 1000)
    }
  }
}

/** Readers are served by now: a database that does not answer for a while is waited for, and ends nothing. */
async function untilAnswered<T>(ask: () => Promise<T>, log: Logger): Promise<T> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error
      log.error(error, `The start waits for the database, and asks again every ${secondsToWait} s.`)
      await pause(secondsToWait * 1000)
    }
  }
}

/** What `/readyz` tells beside the database and the disk. */
export function watchParts({ health, clock }: Deps, publication: Publication, prober: Prober): void {
  const began = clock.now()
  const silence = (last: Instant | null): number => secondsBetween(last ?? began, clock.now())
  health.watch('publication', () => {
    const age = silence(publication.asOf)
    return age <= oldestPublication ? publication.problem() : `what is published was true ${age} seconds ago`
  })
  health.watch('prober', () => {
    const age = silence(prober.lastTickAt)
    if (prober.problem !== null) return prober.problem
    return age <= longestSilence ? null : `nothing was heard of the prober for ${age} seconds`
  })
}

/** It is read again every minute, although nothing happens. */
const oldestPublication = 90
/** The prober says every second that it is alive, and is started again after fifteen. */
const longestSilence = 15

async function announce(deps: Deps, { address, port }: AddressInfo, say: (line: string) => void): Promise<string> {
  const heard = `${address.includes(':') ? `[${address}]` : address}:${port}`
  const { url } = deps.config
  say(`Candor is ready at ${url} (listening on ${heard})`)
  const link = await untilAnswered(() => setUpLink(deps), deps.log)
  if (link !== null) say(`Nobody owns this page yet. Set it up here, within 15 minutes: ${link}`)
  return url
}

/** What looks is loaded when somebody asks: most of what runs needs no mail. Null: none is sent. */
function mailChecker(config: Config): (() => Promise<MailCheck>) | null {
  const means = mailMeans(config)
  if (!means) return null
  return async () => {
    const { checkMail } = await import('./outbound/notify/mail-check.ts')
    return checkMail(means, config)
  }
}

/** Who listens is loaded where there is a bot. Null: there is none. */
async function telegramBot(deps: Deps, onBot: () => Promise<void>): Promise<TelegramBot | null> {
  const means = telegramMeans(deps.config)
  if (!means) return null
  const { botApi } = await import('./outbound/telegram/bot-api.ts')
  const { startTelegramBot } = await import('./outbound/telegram/bot.ts')
  const api = botApi(egressOf(deps.config), means)
  const bot = startTelegramBot({ ...deps, api, lease: createLease(deps, 'telegram'), onBot })
  deps.health.mention('telegram', bot.problem)
  return bot
}
