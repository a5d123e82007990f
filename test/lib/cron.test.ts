import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { startJobs } from '../../src/lib/cron.ts'

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
  expect(lines).toHaveLength(1)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ job: 'try', err: { message: 'no luck' } })
})
