import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Options } from '@node-rs/argon2'

/** What a thread is asked: to hash, or whether a password is that of a hash. */
export type Hashing =
  { readonly password: string; readonly options: Options } | { readonly password: string; readonly hash: string }

/** Nobody has to sign in for so long, and the threads with their memory go. */
const idleMs = 30_000

const idle: { readonly worker: Worker; readonly end: NodeJS.Timeout }[] = []

/** Has it done by a thread that gives way to readers. How many run at once is for the caller to bound. */
export async function doHashing(asked: Hashing): Promise<string | boolean> {
  const worker = idleWorker() ?? launch()
  worker.ref()
  worker.postMessage(asked)
  const [answer] = (await once(worker, 'message')) as [{ done?: string | boolean; failed?: string }]
  worker.unref()
  idle.push({ worker, end: setTimeout(() => drop(worker), idleMs).unref() })
  if (answer.done === undefined) throw new Error(`A password could not be hashed: ${answer.failed}`)
  return answer.done
}

function launch(): Worker {
  return new Worker(new URL('./hasher.ts', import.meta.url), {
    name: 'hasher',
    execArgv: [],
    // As its sisters have. With a quarter of it V8 once ended the whole process while a thread came up ("GC during
    // deserialization"). What a limit allows is not used: it hashes outside of its heap.
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 },
  })
}

function idleWorker(): Worker | null {
  const found = idle.pop()
  if (!found) return null
  clearTimeout(found.end)
  return found.worker
}

function drop(worker: Worker): void {
  const at = idle.findIndex((one) => one.worker === worker)
  if (at !== -1) idle.splice(at, 1)
  void worker.terminate()
}
