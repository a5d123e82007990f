import type { Logger } from 'pino'
import { type Thread, startThread } from '../../lib/thread.ts'
import type { FromWorker, ProbeJob, Result, ToWorker, WorkerSettings } from './wire.ts'

export interface AgentWorker {
  setProbes(jobs: readonly ProbeJob[]): void
  setHanging(hangs: Readonly<Record<string, 'yes' | 'no'>>): void
  /** Breaks off what hangs after some seconds, and hands over what was found. */
  stop(): Promise<void>
}

const silenceMs = 15_000
const [shortestPauseMs, longestPauseMs] = [1000, 60_000]

/** The same thread that checks beside a page, watched over and started again when it dies. */
export function startAgentWorker(
  settings: WorkerSettings,
  log: Logger,
  found: (results: readonly Result[]) => void,
): AgentWorker {
  let worker: Thread<ToWorker> | null = null
  let jobs: readonly ProbeJob[] = []
  let lastHeard = performance.now()
  let pauseMs = shortestPauseMs
  let restart: NodeJS.Timeout | null = null
  let stopped: PromiseWithResolvers<void> | null = null

  const tell = (message: ToWorker): void => worker?.tell(message)

  function launch(): void {
    lastHeard = performance.now()
    const launched: Thread<ToWorker> = startThread<ToWorker, FromWorker>(
      new URL('./worker.ts', import.meta.url),
      {
        name: 'prober',
        workerData: settings,
        resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 },
      },
      { hear, failed: (error) => log.error(error, 'The prober failed.'), gone: () => gone(launched) },
    )
    worker = launched
    tell({ type: 'probes', probes: jobs })
  }

  function gone(one: Thread<ToWorker>): void {
    if (worker !== one) return
    worker = null
    if (stopped) return stopped.resolve()
    log.warn({ pauseMs }, 'The prober ended, and will be started again.')
    restart = setTimeout(launch, pauseMs)
    pauseMs = Math.min(longestPauseMs, pauseMs * 2)
  }

  function hear(message: FromWorker): void {
    lastHeard = performance.now()
    if (message.type === 'tested' || message.results.length === 0) return
    pauseMs = shortestPauseMs
    found(message.results)
    // They are safe with us; what follows from them is told when the server has said it.
    if (message.type === 'beat') tell({ type: 'taken', hangs: {} })
  }

  const watching = setInterval(() => {
    if (!worker || performance.now() - lastHeard <= silenceMs) return
    log.warn('The prober is silent, and is ended.')
    worker.end()
    gone(worker)
  }, 1000)
  launch()

  return {
    setProbes(next) {
      jobs = next
      tell({ type: 'probes', probes: jobs })
    },
    setHanging: (hangs) => tell({ type: 'taken', hangs }),
    async stop() {
      if (stopped) return stopped.promise
      stopped = Promise.withResolvers<void>()
      clearInterval(watching)
      if (restart) clearTimeout(restart)
      if (!worker) stopped.resolve()
      tell({ type: 'stop' })
      await stopped.promise
    },
  }
}
