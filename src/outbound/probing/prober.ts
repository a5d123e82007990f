import { setTimeout as sleep } from 'node:timers/promises'
import type { Lease } from '../../database/lease.ts'
import type { Deps } from '../../deps.ts'
import { watchOver } from '../../domain/probes/engine/engine.ts'
import type { CheckDetail } from '../../domain/probes/finding.ts'
import { here } from '../../domain/places/place.ts'
import type { Question } from '../../domain/probes/question.ts'
import { readSite } from '../../domain/site/queries.ts'
import type { Instant } from '../../lib/clock.ts'
import { Conflict } from '../../lib/errors.ts'
import { againAndAgain, isOutOfMemory } from '../../lib/thread-fault.ts'
import { type Thread, startThread } from '../../lib/thread.ts'
import { allJobs, changedJobs, probesChangedSince } from './jobs.ts'
import { batchOf, isHopeless, takeResults } from './take-results.ts'
import type { FromWorker, Result, ToWorker, WorkerSettings, WorkerVitals } from './wire.ts'

export type ProberParts = Pick<
  Deps,
  'config' | 'db' | 'vault' | 'change' | 'clock' | 'log' | 'latestVersion' | 'onChange' | 'meters' | 'reserve'
>

export interface Prober {
  /** When the worker last said that it is alive; null: not yet. */
  readonly lastTickAt: Instant | null
  /** Why nothing is checked now; null: it is, as far as anybody heard. */
  readonly problem: string | null
  /** Probes that could not keep up with their interval since the start, with how often. */
  readonly overruns: ReadonlyMap<string, number>
  /** How the worker fares, as it last said; null: not yet. */
  readonly vitals: WorkerVitals | null
  /** Checks once, now, through the same guard, in the worker. */
  testNow(question: Question): Promise<CheckDetail>
  stop(): Promise<void>
}

/** A worker that is silent for so long is gone, whatever it says later. */
const silenceMs = 15_000
const longestPauseMs = 60_000
/** How often the list of probes and what nobody heard of are looked at. */
const roundMs = 1000
const renewEveryMs = 3000

/** For whoever knows that there is no other process. */
const onlyOne: Lease = { isHeld: () => true, renew: () => Promise.resolve(), release: () => Promise.resolve() }

/** Of the worker: small, so that a leak ends it and not the page. */
const usualHeapMb = 64
const usualProgram = new URL('./worker.ts', import.meta.url)

/** Starts the worker that checks, keeps it informed, takes its results in, and starts it again when it dies. */
export async function startProber(
  parts: ProberParts,
  lease: Lease = onlyOne,
  { heapMb = usualHeapMb, program = usualProgram }: { readonly heapMb?: number; readonly program?: URL } = {},
): Promise<Prober> {
  const { config, db, change, clock, log } = parts
  const settings: WorkerSettings = {
    siteId: (await readSite(db)).id,
    dnsServers: config.dnsServers,
    egressAllow: config.egressAllow,
    canaries: config.canaries,
    chromium: config.chromium,
  }
  const overruns = new Map<string, number>()
  const tests = new Map<number, PromiseWithResolvers<CheckDetail>>()
  let lastTickAt: Instant | null = null
  let problem: string | null = null
  let vitals: WorkerVitals | null = null
  let lastHeard = performance.now()
  let known = -1
  let renewAt = -Infinity
  let died = 0
  let nextTest = 1
  let taking: Promise<void> = Promise.resolve()
  let stopped: PromiseWithResolvers<void> | null = null
  let worker: Thread<ToWorker> | null = null
  let restart: NodeJS.Timeout | null = null

  const tell = (message: ToWorker): void => worker?.tell(message)

  function launch(): void {
    known = -1
    lastHeard = performance.now()
    const launched: Thread<ToWorker> = startThread<ToWorker, FromWorker>(
      program,
      {
        name: 'prober',
        workerData: settings,
        resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 },
      },
      {
        hear,
        failed(error) {
          log.error(error, 'The prober failed.')
          problem = isOutOfMemory(error) ? 'the prober ran out of memory' : 'the prober failed (the log says why)'
        },
        gone: () => gone(launched),
      },
    )
    worker = launched
    refresh()
  }

  function gone(one: Thread<ToWorker>): void {
    if (worker !== one) return
    worker = null
    for (const test of tests.values()) test.reject(new Conflict('The prober was restarted: test again.'))
    tests.clear()
    if (stopped) return stopped.resolve()
    died += 1
    const pause = Math.min(longestPauseMs, 1000 * 2 ** (died - 1))
    log.warn({ pause }, 'The prober ended, and will be started again.')
    restart = setTimeout(launch, pause)
  }

  function hear(message: FromWorker): void {
    lastHeard = performance.now()
    switch (message.type) {
      case 'beat':
        lastTickAt = clock.now()
        problem = null
        vitals = message.vitals
        for (const id of message.overruns) overruns.set(id, (overruns.get(id) ?? 0) + 1)
        if (message.results.length > 0) take(message.results)
        break
      case 'tested':
        tests.get(message.id)?.resolve(message.detail)
        tests.delete(message.id)
        break
      case 'stopped':
        if (message.results.length > 0) take(message.results)
        break
    }
  }

  /** One batch after the other. A database that is busy is waited for: meanwhile the worker gathers the next batch. */
  function take(results: readonly Result[]): void {
    const batch = batchOf(results, clock)
    taking = taking.then(async () => {
      for (let attempt = 1; batch.size > 0; attempt += 1) {
        try {
          tell({ type: 'taken', hangs: await takeResults(parts, batch) })
          died = 0
        } catch (error) {
          log.error({ err: error, probes: [...batch.keys()], attempt }, 'Results of probes could not be stored.')
          // What the database cannot take now it takes later; what it refuses must not keep all others waiting.
          if (stopped || isHopeless(error, attempt)) break
          await sleep(roundMs, undefined, { ref: false })
        }
      }
      // Also when it was given up: the next batch may fare better.
      if (batch.size > 0) tell({ type: 'taken', hangs: {} })
    })
  }

  /** Tells the worker the list of probes if anything happened since it was last told. */
  function refresh(): void {
    refreshing ??= readProbes()
      .catch((error: unknown) => log.error(error, 'The list of probes could not be read.'))
      .finally(() => (refreshing = null))
  }
  let refreshing: Promise<void> | null = null

  /**
   * Whoever does not have the turn knows no probes, and checks only what an operator tests. Where the database cannot be
   * asked, checks go on: what they find is stored when it is back, and two who check are better than nobody.
   */
  async function readProbes(): Promise<void> {
    if (performance.now() >= renewAt) {
      await lease.renew()
      renewAt = performance.now() + renewEveryMs
    }
    if (!lease.isHeld()) {
      if (known !== -1) tell({ type: 'probes', probes: [] })
      known = -1
      return
    }
    const version = await parts.latestVersion()
    if (version === known || !worker) return
    const changed = known < 0 ? 'all' : await probesChangedSince(db, known, version)
    if (changed === 'all') tell({ type: 'probes', probes: await allJobs(parts, here) })
    else if (changed.length > 0) tell({ type: 'changes', ...(await changedJobs(parts, changed, here)) })
    known = version
  }

  let watching: Promise<void> | null = null
  const rounds = setInterval(() => {
    refresh()
    watching ??= watchOver({ db, change, now: () => clock.now() })
      .catch((error: unknown) => log.error(error, 'What probes do not see could not be settled.'))
      .finally(() => (watching = null))
    if (worker && performance.now() - lastHeard > silenceMs) {
      log.warn('The prober is silent, and is ended.')
      worker.end()
      // What cannot even end is not waited for.
      gone(worker)
    }
  }, roundMs)
  parts.onChange(() => {
    if (!stopped) refresh()
  })
  launch()

  return {
    get lastTickAt() {
      return lastTickAt
    },
    get problem() {
      return problem && againAndAgain(problem, died, 'it is being started again')
    },
    overruns,
    get vitals() {
      return vitals
    },
    testNow(job) {
      if (!worker) throw new Conflict('The prober is starting: test again in a moment.')
      const id = nextTest++
      const answer = Promise.withResolvers<CheckDetail>()
      tests.set(id, answer)
      tell({ type: 'test', id, job })
      return answer.promise
    },
    async stop() {
      if (stopped) return stopped.promise
      stopped = Promise.withResolvers<void>()
      clearInterval(rounds)
      if (restart) clearTimeout(restart)
      if (!worker) stopped.resolve()
      tell({ type: 'stop' })
      await stopped.promise
      await Promise.all([taking, watching, refreshing])
      await lease.release().catch((error: unknown) => log.warn(error, 'The next prober has to wait a moment.'))
    },
  }
}
