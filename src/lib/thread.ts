import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { type ResourceLimits, Worker } from 'node:worker_threads'

/** A thread of ours that dies for itself: what it does may be started again. */
export interface Thread<Told> {
  tell(message: Told): void
  /** Ends it at once, whatever it does. */
  end(): void
}

export interface Listening<Heard> {
  hear(message: Heard): void
  failed(error: unknown): void
  gone(): void
}

export interface ThreadSettings {
  readonly name: string
  readonly workerData: unknown
  readonly resourceLimits: ResourceLimits
}

/** Starts a thread. What it is told before it runs is kept for it. One that cannot be started fails as one that dies. */
export function startThread<Told, Heard>(
  program: URL,
  settings: ThreadSettings,
  { hear, failed, gone }: Listening<Heard>,
): Thread<Told> {
  const cache = getCompileCacheDir()
  try {
    const worker = new Worker(program, {
      ...settings,
      execArgv: [],
      // Nothing of our environment, save where code lies with its types stripped: stripping them again costs 30 MB.
      env: cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) },
    })
    worker.on('message', hear)
    worker.on('error', failed)
    worker.on('exit', gone)
    return { tell: (message) => worker.postMessage(message), end: () => void worker.terminate() }
  } catch (error) {
    setImmediate(() => {
      failed(error)
      gone()
    })
    return { tell: () => undefined, end: () => undefined }
  }
}
