import { Worker } from 'node:worker_threads'
import type { Options } from '@node-rs/argon2'
import { Unavailable } from './errors.ts'
import { againAndAgain, isOutOfMemory } from './thread-fault.ts'

/** What a thread is asked: to hash, or whether a password is that of a hash. */
export type Hashing =
  { readonly password: string; readonly options: Options } | { readonly password: string; readonly hash: string }

/** Threads that hash, and give way to readers. How many hash at once is for the caller to bound. */
export interface Hashers {
  /** What dies or hangs under it is started again once; then it is refused for a while, and for longer if that goes on. */
  hash(asked: Hashing): Promise<string | boolean>
  /** Why passwords cannot be checked now; null: they can, as far as anybody tried. */
  problem(): string | null
}

/** Nobody has to sign in for so long, and the threads with their memory go. */
const idleMs = 30_000
const longestPauseMs = 60_000
/** A hash takes a twentieth of a second, and on a machine that has no time for it some ten times that. */
const usualAnswersWithin = 10_000

interface Answer {
  readonly done?: string | boolean
  readonly failed?: string
}

/** @param answersWithin milliseconds after which a thread that was asked is taken to hang */
export function hashersOf(launch: () => Worker, answersWithin: number = usualAnswersWithin): Hashers {
  const idle: { readonly worker: Worker; readonly end: NodeJS.Timeout }[] = []
  let died = 0
  let startAt = -Infinity
  let problem: string | null = null

  /** Null where the machine allows no further thread. */
  function started(): Worker | null {
    try {
      const worker = launch()
      worker.on('error', (error) => befell(isOutOfMemory(error) ? 'ran out of memory' : 'failed'))
      worker.on('exit', () => void forget(worker))
      return worker
    } catch {
      befell('could not be started')
      return null
    }
  }

  function befell(what: string): void {
    problem = `the thread that checks passwords ${what}`
  }

  /** Whether it was idle. */
  function forget(worker: Worker): boolean {
    const at = idle.findIndex((one) => one.worker === worker)
    if (at === -1) return false
    clearTimeout(idle.splice(at, 1)[0]?.end)
    return true
  }

  function answerOf(worker: Worker, asked: Hashing): Promise<Answer | null> {
    return new Promise((resolve) => {
      const end = (answer: Answer | null): void => {
        clearTimeout(late)
        worker.off('exit', gone).off('message', end)
        resolve(answer)
      }
      const gone = (): void => end(null)
      const late = setTimeout(() => {
        befell('did not answer')
        void worker.terminate()
        gone()
      }, answersWithin)
      worker.once('exit', gone).once('message', end)
      worker.ref()
      worker.postMessage(asked)
    })
  }

  async function attempt(asked: Hashing): Promise<Answer | null> {
    const waiting = idle.at(-1)?.worker
    if (waiting) forget(waiting)
    const worker = waiting ?? started()
    const answer = worker && (await answerOf(worker, asked))
    if (!worker || !answer) {
      died += 1
      return null
    }
    worker.unref()
    const end = setTimeout(() => forget(worker) && void worker.terminate(), idleMs).unref()
    idle.push({ worker, end })
    return answer
  }

  return {
    async hash(asked) {
      if (performance.now() < startAt) throw cannotBeChecked()
      const answer = (await attempt(asked)) ?? (await attempt(asked))
      if (answer === null) {
        startAt = performance.now() + Math.min(longestPauseMs, 500 * 2 ** (died - 1))
        throw cannotBeChecked()
      }
      if (answer.done === undefined) throw new Error(`A password could not be hashed: ${answer.failed}`)
      ;[died, problem] = [0, null]
      return answer.done
    },
    problem: () => problem && againAndAgain(problem, died, 'it is started again when somebody signs in'),
  }
}

function cannotBeChecked(): Unavailable {
  return new Unavailable('Passwords cannot be checked just now. Try again in a moment.', 'a thread', {})
}

const hashers = hashersOf(
  () =>
    new Worker(new URL('./hasher.ts', import.meta.url), {
      name: 'hasher',
      execArgv: [],
      // As its sisters have. With a quarter of it V8 once ended the whole process while a thread came up ("GC during
      // deserialization"). What a limit allows is not used: it hashes outside of its heap.
      resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 },
    }),
)

export const { hash: doHashing, problem: hashingProblem } = hashers
