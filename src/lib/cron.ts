import { createTask } from 'node-cron'
import type { Logger } from 'pino'
import { eachTurn } from './each-turn.ts'

/** Something that is done by itself. Safe to run twice, and safe to miss. */
export interface Job {
  readonly name: string
  /** A cron pattern, with seconds first where there are six fields. */
  readonly every: string
  run(): unknown
}

/**
 * Starts the jobs, never two runs of one at a time nor two in the same turn of the event loop, and answers how to stop: no
 * job begins any more, and those under way are awaited. A job that throws is logged with its name and runs again next time.
 */
export function startJobs(jobs: readonly Job[], log: Logger): () => Promise<void> {
  const underWay = new Map<string, Promise<void>>()
  // Many are due at the same second: readers get in between them.
  const turn = eachTurn()
  const tasks = jobs.map((job) => {
    const runOnce = told(job, log)
    const run = (): Promise<void> => {
      const running = turn()
        .then(runOnce)
        .then(() => void underWay.delete(job.name))
      underWay.set(job.name, running)
      return running
    }
    // A run that is missed is no news: the next one does the same.
    const task = createTask(job.every, run, {
      name: job.name,
      noOverlap: true,
      suppressMissedWarning: true,
      logger: mute,
    })
    void task.start()
    return task
  })
  return async () => {
    for (const task of tasks) await task.destroy()
    await Promise.all(underWay.values())
  }
}

/**
 * Runs a job and never throws. What goes wrong is logged with the job's name, and while it goes on going wrong in the same
 * way, no more: a database that is away for an hour is one line, and one when it is back.
 */
export function told(job: Pick<Job, 'name' | 'run'>, log: Pick<Logger, 'error' | 'info'>): () => Promise<void> {
  let failures = 0
  let last: string | null = null
  return async () => {
    try {
      await job.run()
      if (last !== null) log.info({ job: job.name, failures }, 'A job works again.')
      failures = 0
      last = null
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      failures += 1
      if (words !== last) log.error({ err: error, job: job.name }, 'A job failed.')
      last = words
    }
  }
}

const mute = { info: ignore, warn: ignore, error: ignore, debug: ignore }

function ignore(): void {}
