import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Config } from '../../config.ts'
import { wrongClockMs } from '../../domain/places/place.ts'
import { type Clock, millisecondsOf } from '../../lib/clock.ts'
import { agentBuffer } from './agent-buffer.ts'
import { serverClock } from './agent-clock.ts'
import { Refused, openLink } from './agent-link.ts'
import { type AgentWorker, startAgentWorker } from './agent-worker.ts'
import { type Assignments, type DatedResult, type Report, type Taken, mostResults } from './place-wire.ts'
import type { Result } from './wire.ts'

export interface AgentParts {
  readonly server: URL
  readonly number: number
  readonly key: string
  readonly version: string
  readonly config: Pick<Config, 'egressAllow' | 'dnsServers' | 'canaries' | 'chromium'>
  readonly clock: Clock
  readonly log: Logger
}

export interface Agent {
  /** Resolves when it was told to stop; throws when the server refuses this place for good. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** A result as it waits, with the steady moment of its check. */
interface Waiting extends Omit<Result, 'ageMs'> {
  readonly steady: number
}

const [pollMs, idleReportMs, roundMs, longestPauseMs] = [3000, 10_000, 1000, 30_000]
/** Enough for 1 000 probes of a minute each, cut off for an hour; about 10 MB. */
const mostWaiting = 60_000

/**
 * Checks for a server elsewhere. It keeps nothing: what to check comes from there, and what was found goes there, each
 * result once, dated by the server's clock. While it is cut off it goes on checking, and keeps as much as it has room for.
 */
export function startAgent(parts: AgentParts): Agent {
  const { log } = parts
  const steady = (): number => performance.now()
  const wall = (): number => millisecondsOf(parts.clock.now())
  const clock = serverClock()
  const stopping = new AbortController()
  const lastWords = new AbortController()
  const signal = (): AbortSignal => (stopping.signal.aborted ? lastWords.signal : stopping.signal)
  const link = openLink({ ...parts, clock, steady, wall, signal })
  const waiting = agentBuffer<Waiting>(mostWaiting)
  let worker: AgentWorker | null = null
  let session: number | null = null
  let assignments: { readonly etag: string | null; readonly revisions: ReadonlyMap<string, string> } | null = null
  let pending: Report | null = null
  let batch = 0
  let polled = -Infinity
  let reported = -Infinity
  let cutOffAt: number | null = null
  let clockWasWrong = false
  let last = { wall: wall(), steady: steady() }

  function found(results: readonly Result[]): void {
    const now = steady()
    waiting.put(results.map(({ ageMs, ...result }) => ({ ...result, steady: now - ageMs })))
  }

  async function round(): Promise<void> {
    noticeSleep()
    if (session === null) {
      session = ((await link.ask('POST', 'sessions')).json as { session: number }).session
      // What the last session could not get rid of is the first thing that this one says.
      batch = pending ? 1 : 0
      if (pending) pending = { ...pending, session, batch }
    }
    // Also, after a silence, to learn what time it is there before anything is dated.
    if (steady() - polled >= pollMs) await learn()
    watchClock()
    const isDue = waiting.size > 0 || pending !== null || steady() - reported >= idleReportMs
    if (isDue) await report()
  }

  async function learn(): Promise<void> {
    const etag = assignments?.etag
    const answer = await link.ask('GET', 'probes', etag ? { etag } : {})
    polled = steady()
    if (answer.status === 304) return
    const { siteId, probes } = answer.json as Assignments
    assignments = { etag: answer.etag, revisions: new Map(probes.map(({ id, revision }) => [id, revision])) }
    worker ??= startAgentWorker({ siteId, ...parts.config }, log, found)
    worker.setProbes(probes)
    log.info({ probes: probes.length }, 'Learnt what to check.')
  }

  async function report(): Promise<void> {
    const now = clock.at(steady())
    if (session === null || now === null) return
    pending ??= compose(session)
    const sent = pending
    const answer = await link.ask('POST', 'reports', { body: sent }).catch((error: unknown) => {
      // Whether it arrived nobody knows: it goes out again as it is.
      pending = { ...sent, again: 'yes' }
      throw error
    })
    pending = null
    reported = steady()
    worker?.setHanging((answer.json as Taken).hangs)
  }

  function compose(ofSession: number): Report {
    const some = waiting.first(mostResults)
    waiting.drop(some.length)
    batch += 1
    const results = some.flatMap(({ steady: moment, ...result }): DatedResult[] => {
      const [at, revision] = [clock.at(moment), assignments?.revisions.get(result.probeId)]
      return at === null || revision === undefined ? [] : [{ ...result, at: Math.round(at), revision }]
    })
    const { version } = parts
    return { session: ofSession, batch, again: 'no', version, clockMs: clockMs(), results }
  }

  function clockMs(): number {
    const there = clock.at(steady())
    return there === null ? 0 : Math.round(wall() - there)
  }

  /** The steady clock stands still while a machine sleeps: what time it is elsewhere has to be asked again. */
  function noticeSleep(): void {
    const now = { wall: wall(), steady: steady() }
    if (Math.abs(now.wall - last.wall - (now.steady - last.steady)) > 2000) {
      clock.forget()
      polled = -Infinity
    }
    last = now
  }

  function watchClock(): void {
    const off = clockMs()
    const isWrong = Math.abs(off) > wrongClockMs
    if (isWrong && !clockWasWrong) {
      const seconds = Math.round(Math.abs(off) / 1000)
      log.warn(
        `The clock of this machine is ${seconds} s ${off > 0 ? 'ahead' : 'behind'}. Checks are dated by the server’s.`,
      )
    }
    clockWasWrong = isWrong
  }

  function noteCutOff(error: unknown): number {
    if (error instanceof Refused && (error.code === 'stranger' || error.code === 'other')) throw error
    if (error instanceof Refused && error.code === 'session') {
      log.warn('Another process speaks for this place with the same token. This one takes over again.')
      session = null
      return roundMs
    }
    const now = steady()
    if (cutOffAt === null) log.warn({ err: error }, 'The server cannot be reached. Checking goes on.')
    cutOffAt ??= now
    return Math.min(longestPauseMs, Math.max(roundMs, (now - cutOffAt) / 4))
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      let wait = waiting.size > mostResults ? 0 : roundMs
      try {
        await round()
        if (cutOffAt !== null) log.info({ waiting: waiting.size, lost: waiting.lost }, 'The server is there again.')
        cutOffAt = null
      } catch (error) {
        if (stopping.signal.aborted) break
        wait = noteCutOff(error)
      }
      await pause(wait, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }

  async function runAndLeave(): Promise<void> {
    try {
      await run()
    } finally {
      await leave()
    }
  }

  async function leave(): Promise<void> {
    await worker?.stop()
    // One attempt: who cannot be reached now is not waited for.
    const limit = setTimeout(() => lastWords.abort(), 3000)
    while (session !== null && (waiting.size > 0 || pending !== null)) {
      const before = waiting.size
      await report().catch(() => waiting.drop(waiting.size))
      if (pending !== null || waiting.size >= before) break
    }
    clearTimeout(limit)
    link.close()
  }

  const ended = runAndLeave()
  return {
    ended,
    async stop() {
      stopping.abort()
      await ended.catch(() => undefined)
    },
  }
}
