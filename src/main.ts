import type { AddressInfo } from 'node:net'
import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import type { DrainTimes } from './lib/drain.ts'
import { inheritedSocket, portOfSocket } from './lib/inherited-socket.ts'
import { createLog } from './lib/log.ts'
import { capsWithin, openFilesLimit } from './lib/open-files.ts'
import { seldom } from './lib/seldom.ts'
import type { Product } from './product.ts'
import { readKept } from './web/shared/kept.ts'
import { type Listener, createListener } from './web/shared/listener.ts'
import type { Publication } from './web/shared/publication.ts'
import { starting } from './web/starting.ts'

/**
 * Starts the product and resolves when it answers. It stops in order at SIGTERM or SIGINT, without a dropped request. Here
 * is what a reader needs of a restart, the door and what was published last; all else is loaded while they have it.
 * Answers the address it says it is at: `config.url`, with the port that the system chose where that was left to it.
 */
export async function serve(config: Config, say: (line: string) => void): Promise<string> {
  const log = createLog(config.logLevel)
  let kept = await readKept(config.dataDir)
  let published: Publication | null = null
  const caps = capsWithin(openFilesLimit())
  const start = starting(config.url, { hasKept: kept.size > 0 })
  const listener = createListener({
    find: (path) => (published ? published.find(path) : kept.get(path)),
    meanwhile: start.answer,
    frontDoor: config.frontDoor,
    trustProxy: config.trustProxy,
    caps,
    crowded: seldom((error) => {
      const facts = { most: caps.all, ...(error ? { err: error } : {}) }
      log.warn(facts, 'There are as many connections as there may be: those that ask for nothing give way to new ones.')
    }),
  })
  const fd = inheritedSocket(process.env, process.pid)
  const heard = await soonOpen(listener, config, fd)
  let product: Promise<Product> | null = null
  stopInOrder(async (times) => {
    // In the middle of a start it is waited for: else what has begun would end as if it had been killed.
    const soon = pause(longestStart, null, { ref: false })
    const started = await Promise.race([product?.catch(() => null), soon])
    await (started ?? { stop: listener.leave }).stop(times)
  }, log)
  try {
    for (const load of behind) {
      await load()
      await readersFirst()
    }
    const { startProduct } = await import('./product.ts')
    product = startProduct(withChosenPort(config, listener, fd), {
      log,
      listener,
      caps,
      start,
      hasKept: kept.size > 0,
      async open(publication) {
        published = publication
        kept = new Map()
        listener.open()
        await heard()
      },
    })
    return await (await product).announce(say)
  } catch (error) {
    listener.server.close()
    throw error
  }
}

/** It takes a second or two; where the database does not answer, for ever. */
const longestStart = 10_000

/** Where nobody says the address and somebody else chooses the port, the system or who hands us a socket. */
function withChosenPort(config: Config, { server }: Listener, fd: number | null): Config {
  if (config.url !== `http://localhost:${config.port}`) return config
  // A socket on which we listen already tells nobody else.
  const port = server.listening ? (server.address() as AddressInfo | null)?.port : fd === null ? null : portOfSocket(fd)
  return port ? { ...config, url: `http://localhost:${port}` } : config
}

/** In the order in which they build on each other. Loaded at once they would keep readers waiting for a quarter of a second. */
const behind = [() => import('./deps.ts'), () => import('./web/shared/later-house.ts'), () => import('./app.ts')]

/** Who has come meanwhile is let in, read and answered: a turn of the loop for each. */
async function readersFirst(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate()
}

/** At a signal, or at a bug that nobody caught. */
function stopInOrder(stop: (times: DrainTimes) => Promise<void>, log: Logger): void {
  // A load balancer asks about once a second; a person at a terminal waits for nobody.
  let patience = { keepListening: 1500, idle: 4000 }
  const { close } = closeWithGrace({ delay: 40_000, logger: false, skip: ['SIGINT', 'SIGTERM'] }, async ({ err }) => {
    if (err) log.fatal({ err }, 'A bug ends this process.')
    log.info('Stopping.')
    await stop({ ...patience, underWay: 25_000 })
    log.info('Stopped.')
  })
  onFirst('SIGTERM', close)
  onFirst('SIGINT', () => {
    patience = { keepListening: 0, idle: 100 }
    close()
  })
}

/** Who connects to a socket that is not ours alone waits in it meanwhile, or is answered by another process. */
const longestBehindSocket = 5000

/**
 * From here on the last good pages are answered, through a restart, a migration, a database that is gone. On a socket that
 * was handed to us others may answer better while we start: there we begin when we are ready, or when it takes too long.
 * Answers how to begin at the latest.
 */
async function soonOpen(listener: Listener, { host, port }: Config, fd: number | null): Promise<() => Promise<void>> {
  let opened: Promise<void> | null = null
  const open = (): Promise<void> => (opened ??= listener.listen(fd === null ? { host, port } : { fd }))
  if (fd === null) await open()
  else setTimeout(() => void open().catch(() => undefined), longestBehindSocket).unref()
  return open
}

/**
 * A terminal sends its signal to everybody in the foreground, and npm and our launcher send it on: the same Ctrl-C comes
 * up to three times. Only one that comes much later means: at once.
 */
function onFirst(signal: NodeJS.Signals, stop: () => void): void {
  let first: number | null = null
  process.on(signal, () => {
    if (first === null) {
      first = performance.now()
      stop()
    } else if (performance.now() - first > 1000) process.exit(1)
  })
}
