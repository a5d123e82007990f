import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { hashersOf } from '../../src/lib/hashing.ts'
import { passwords } from '../../src/lib/passwords.ts'
import { filling } from './filling.ts'

const hasher = new URL('../../src/lib/hasher.ts', import.meta.url)
const resourceLimits = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4, stackSizeMb: 2 }
const quick = { memoryCost: 8, timeCost: 1, parallelism: 1 }

/** The first so many threads run out of memory. */
function hashersAfter(deaths: number) {
  let launched = 0
  const threads: Worker[] = []
  onTestFinished(async () => {
    for (const thread of threads) await thread.terminate()
  })
  const hashers = hashersOf(() => {
    launched += 1
    const thread = new Worker(launched > deaths ? hasher : filling, { resourceLimits, execArgv: [] })
    threads.push(thread)
    return thread
  }, 60_000)
  return { hashers, launched: () => launched, threads }
}

test('a thread that runs out of memory under a password is started again, and whoever signs in notices nothing', async () => {
  const { hashers, launched } = hashersAfter(1)
  const { hash, isRight } = passwords(quick, hashers.hash)
  const known = await hash('three unrelated herons')
  expect(await isRight(known, 'three unrelated herons')).toBe(true)
  expect([launched(), hashers.problem()]).toEqual([2, null])
})

test('where it happens again and again nobody tries for a while, all are told, and then it goes on by itself', async () => {
  const { hashers, launched } = hashersAfter(2)
  const { isRight } = passwords(quick, hashers.hash)
  await expect(isRight(null, 'x')).rejects.toThrow('Passwords cannot be checked just now.')
  expect(hashers.problem()).toBe(
    'the thread that checks passwords ran out of memory, 2 times in a row; it is started again when somebody signs in',
  )
  await expect(isRight(null, 'x')).rejects.toMatchObject({ name: 'Unavailable', retryAfterSeconds: 10 })
  expect(launched(), 'nothing is started meanwhile').toBe(2)
  await expect.poll(() => isRight(null, 'x').catch(() => 'not yet'), { timeout: 10_000 }).toBe(false)
  expect(hashers.problem()).toBe(null)
})

test('a thread that never answers is ended, and one that cannot be started is no fault of whoever signs in', async () => {
  const mute = new URL(
    'data:text/javascript,import { parentPort } from "node:worker_threads"; parentPort.on("message", () => {})',
  )
  const threads: Worker[] = []
  const silent = hashersOf(() => {
    const thread = new Worker(mute, { resourceLimits, execArgv: [] })
    threads.push(thread)
    return thread
  }, 1)
  await expect(passwords(quick, silent.hash).hash('x')).rejects.toThrow('Passwords cannot be checked just now.')
  expect(silent.problem()).toBe(
    'the thread that checks passwords did not answer, 2 times in a row; it is started again when somebody signs in',
  )
  await expect.poll(() => threads.map(({ threadId }) => threadId)).toEqual([-1, -1])

  const impossible = hashersOf(() => new Worker(new URL('http://nowhere.example/')))
  await expect(passwords(quick, impossible.hash).hash('x')).rejects.toThrow('Passwords cannot be checked just now.')
  expect(impossible.problem()).toBe(
    'the thread that checks passwords could not be started, 2 times in a row; it is started again when somebody signs in',
  )
})

test('one that ends while nobody needs it is missed by nobody', async () => {
  const { hashers, threads } = hashersAfter(0)
  const { hash } = passwords(quick, hashers.hash)
  await hash('one')
  await threads[0]?.terminate()
  await hash('another')
  expect(hashers.problem()).toBe(null)
})
