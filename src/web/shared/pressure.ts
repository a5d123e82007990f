import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pageHeaders } from './page-headers.ts'
import { isForPrograms, sendProblem } from './problem.ts'

/** How much is waiting for this process. */
interface Pressure {
  /** Milliseconds that the event loop came late, of late. */
  readonly delay: number
  /** Requests that are being answered: those that have arrived whole, until their answer is made. */
  readonly underWay: number
}

/** What a process does at the moment, however many houses it answers in. */
export interface Load {
  isReady(path: string): boolean
  /** Milliseconds that the event loop comes late. */
  delay(): number
  /** What is being answered, in all of them. */
  readonly underWay: Set<FastifyRequest>
}

/** What is refused, the first of it first. What stands in no line is never refused: the desk, the ready page, signs of life. */
const order = [
  { kind: 'comfort', delay: 250, underWay: 100 },
  { kind: 'reading by programs', delay: 500, underWay: 250 },
  { kind: 'writing by programs', delay: 1000, underWay: 600 },
] as const
type Kind = (typeof order)[number]['kind']

const comeBackAfter = '5'
const sampleMs = 500

/** How late the event loop has been since it was last looked at, half a second ago or longer. */
export function measuredPressure(): () => number {
  const histogram = monitorEventLoopDelay({ resolution: 20 })
  histogram.enable()
  let delay = 0
  let lookedAt = performance.now()
  return () => {
    if (performance.now() - lookedAt < sampleMs) return delay
    lookedAt = performance.now()
    // What it measures includes its own rhythm; where it measured nothing yet, nothing was late.
    delay = Math.max(0, histogram.mean / 1e6 - 20) || 0
    histogram.reset()
    return delay
  }
}

/**
 * Before a machine that has too much to do answers everybody late, it answers some not at all: whoever searches or looks at
 * what is past, then programs that read, then programs that write. Ready pages are answered before anybody comes here.
 */
export function shedLoad(app: FastifyInstance, { isReady, delay, underWay }: Load): void {
  // Whoever sends a byte a second, or takes one, is waited for and costs nothing: many of them are no reason to refuse others.
  const begin = (request: FastifyRequest, { raw }: FastifyReply): void => {
    if (raw.destroyed) return
    underWay.add(request)
    raw.once('close', () => underWay.delete(request))
  }
  app.addHook('onRequest', (request, reply, done) => {
    const kind = kindOf(request, isReady)
    if (kind !== null && isTooMuch(kind, { delay: delay(), underWay: underWay.size })) {
      void refuse(request, reply, kind)
      return
    }
    if (!isToBeRead(request)) begin(request, reply)
    done()
  })
  app.addHook('preValidation', (request, reply, done) => {
    if (isToBeRead(request)) begin(request, reply)
    done()
  })
  app.addHook('onSend', (request, _reply, _payload, done) => {
    underWay.delete(request)
    done()
  })
}

function isToBeRead({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function isTooMuch(kind: Kind, { delay, underWay }: Pressure): boolean {
  const limit = order.find((one) => one.kind === kind)
  return limit !== undefined && (delay > limit.delay || underWay > limit.underWay)
}

/** Null: never refused. */
function kindOf({ raw, method, routeOptions }: FastifyRequest, isReady: (path: string) => boolean): Kind | null {
  const path = raw.url?.split('?')[0] ?? '/'
  if (/^\/(admin|setup|hb|healthz|readyz|metrics|assets|reports)(\/|$)/.test(path)) return null
  if (/^\/(api\/)?v1\//.test(path)) return method === 'GET' ? 'reading by programs' : 'writing by programs'
  // They send it again, and lose nothing.
  if (path.startsWith('/api/places/')) return 'writing by programs'
  if (method !== 'GET' && method !== 'HEAD') return null
  return routeOptions.url === undefined || !isReady(path) ? 'comfort' : null
}

function isOfContract({ url }: FastifyRequest): boolean {
  return /^\/(api\/)?v1\//.test(url)
}

const sentences: Readonly<Record<Kind, string>> = {
  comfort: 'Many people are looking at once. This page can wait, and is back in a moment: what is so now is at /.',
  'reading by programs': 'There is too much to do just now. Ask again in a moment.',
  'writing by programs': 'There is too much to do just now. Nothing was changed: send it again in a moment.',
}

/** Where a contract says how a refusal looks, as it says; other programs get problem details, people a sentence. */
function refuse(request: FastifyRequest, reply: FastifyReply, kind: Kind): FastifyReply {
  void reply.code(503).headers({ ...pageHeaders, 'cache-control': 'no-store', 'retry-after': comeBackAfter })
  if (isOfContract(request)) return reply.type('application/json; charset=utf-8').send({ error: sentences[kind] })
  if (isForPrograms(request.url)) return sendProblem(request, reply, { status: 503, detail: sentences[kind] })
  return reply.type('text/plain; charset=utf-8').send(`${sentences[kind]}\n`)
}
