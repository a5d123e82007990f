import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { FromWorker, SendingSettings, ToWorker } from './wire.ts'

export interface Thread {
  tell(message: ToWorker): void
  /** Ends it at once, whatever it does. */
  end(): void
}

export interface Listening {
  hear(message: FromWorker): void
  failed(error: unknown): void
  gone(): void
}

/** Starts the thread that sends. What it is told before it runs is kept for it. */
export function startThread(
  settings: SendingSettings,
  { hear, failed, gone }: Listening,
  program: URL = new URL('./notify-worker.ts', import.meta.url),
): Thread {
  const cache = getCompileCacheDir()
  const worker = new Worker(program, {
    name: 'notifier',
    workerData: settings,
    // Small, so that a leak ends this thread and not the page.
    resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 8, stackSizeMb: 2 },
    execArgv: [],
    // Nothing of our environment, save where code lies with its types stripped: stripping them again costs 30 MB.
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) },
  })
  worker.on('message', hear)
  worker.on('error', failed)
  worker.on('exit', gone)
  return { tell: (message) => worker.postMessage(message), end: () => void worker.terminate() }
}
