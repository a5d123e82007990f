import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Errand {
  /** A module of ours, which is told once what to do, and answers once. */
  readonly module: URL
  readonly task: object
  readonly withinMs: number
  readonly signal: AbortSignal
}

/**
 * Has something done in a process of its own, with nothing of our environment, and a folder of its own for what it leaves
 * behind. Answers what it answered; null: it died, or took too long. It never outlives the errand: when we are gone, its
 * line to us is, and it ends itself.
 */
export async function runErrand({ module, task, withinMs, signal }: Errand): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'candor-'))
  const child = fork(module, [], {
    execArgv: [],
    env: { TMPDIR: folder, HOME: folder, PATH: '/usr/local/bin:/usr/bin:/bin' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    // So that one signal reaches whatever it started.
    detached: true,
    signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
    killSignal: 'SIGKILL',
  })
  const gone = once(child, 'close').catch(() => undefined)
  try {
    child.send(task)
    return await answerOf(child)
  } finally {
    end(child)
    await gone
    await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

function answerOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => {
    child.once('message', resolve)
    // A process that is killed, or cannot be started, has no answer.
    child.once('error', () => resolve(null))
    child.once('exit', () => resolve(null))
  })
}

/** It and all that it started. */
function end({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already, which is what we wanted.
  }
}
