import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { startJobs, told } from '../../src/lib/cron.ts'

const everySecond = '* * * * * *'

test('a job that fails is logged with its name and runs again, and stopping waits for what is under way', async () => {
  const lines: string[] = []
  const log = pino(new Writable({ write: (line, _encoding, done) => done(void lines.push(String(line))) }))
  const { promise: again, resolve: ranAgain } = Promise.withResolvers<void>()
  const { promise: allowed, resolve: allow } = Promise.withResolvers<void>()
  let runs = 0
  let ended = false
  const job = async (): Promise<void> => {
    runs += 1
    if (runs === 1) throw new Error('no luck')
    ranAgain()
    await allowed
    ended = true
  }
  const stop = startJobs([{ name: 'try', every: everySecond, run: job }], log)
  await again
  const stopped = stop()
  allow()
  await stopped
  expect(ended).toBe(true)
  expect(runs).toBe(2)
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { job: 'try', err: { message: 'no luck' } },
    { job: 'try', failures: 1 },
  ])
})

test('readers get in between jobs that are due at the same second', async () => {
  const turns: string[] = []
  const { promise: over, resolve } = Promise.withResolvers<void>()
  const job = (name: string) => ({
    name,
    every: everySecond,
    run() {
      turns.push(name)
      setImmediate(() => turns.push('a reader') === 6 && resolve())
    },
  })
  const stop = startJobs(['one', 'two', 'three'].map(job), pino({ level: 'silent' }))
  await over
  await stop()
  expect(turns.filter((_, at) => at % 2 === 1)).toEqual(['a reader', 'a reader', 'a reader'])
})

test('a job that goes on failing is told of once, in each new way, and once when it works again', async () => {
  const lines: string[] = []
  const say = (about: object, message: string): void => void lines.push(`${message} ${JSON.stringify(about)}`)
  const faults = ['away', 'away', 'away', 'full', null, null, 'away']
  const run = told(
    {
      name: 'store',
      run() {
        const fault = faults.shift()
        if (fault) throw new Error(fault)
      },
    },
    { error: say as never, info: say as never },
  )
  for (let turn = 0; turn < 7; turn += 1) await run()
  expect(lines).toEqual([
    'A job failed. {"err":{},"job":"store"}',
    'A job failed. {"err":{},"job":"store"}',
    'A job works again. {"job":"store","failures":4}',
    'A job failed. {"err":{},"job":"store"}',
  ])
})
