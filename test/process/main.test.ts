import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../free-port.ts'
import { until } from '../outbound/probing/live.ts'
import { startCandor } from './child.ts'
import { client } from './clients.ts'
import { ownFolder } from '../own-folder.ts'

// As people start it: the launcher gives its place to the product.
const serve = [process.execPath, 'bin/candor.js'] as const

test('it says where it is and how to set it up, answers, is ready, and stops at a signal', async () => {
  const candor = await startCandor(serve)
  expect(candor.said()).toMatch(
    /^Candor is ready at http:\/\/localhost:(\d+) \(listening on 127\.0\.0\.1:\1\)\nNobody owns this page yet\..* http:\/\/localhost:\1\/setup\?secret=/,
  )
  expect((await fetch(`${candor.url}/`)).status).toBe(200)
  const readiness = await fetch(`${candor.url}/readyz`)
  expect(await readiness.json()).toMatchObject({ status: 'ready', failing: [] })
  candor.child.kill('SIGINT')
  expect(await candor.ended).toBe(0)
  for (const line of candor.logged().trim().split('\n')) expect(() => void JSON.parse(line), line).not.toThrow()
})

test('where the system chose the port, links are to the one it chose', async () => {
  const { url } = await startCandor(serve)
  expect(await (await fetch(`${url}/llms.txt`)).text()).toContain(`http://localhost:${new URL(url).port}/`)
})

test('a refused configuration stops the start with its own exit code', async () => {
  await expect(startCandor(serve, { CANDOR_PORT: 'x' })).rejects.toThrow('CANDOR_PORT=x: Accepted: a whole number')
  // Which proxies are believed is never guessed: this one would have been taken for every address there is.
  await expect(startCandor(serve, { CANDOR_TRUST_PROXY: '::ffff:10.0.0.0/8' })).rejects.toThrow(
    '::ffff:10.0.0.0/8 is IPv4 written as IPv6: write 10.0.0.0 instead.',
  )
})

test('clients that keep their connections lose no request when it stops', async () => {
  const candor = await startCandor(serve)
  const clients = Array.from({ length: 20 }, () => client(`${candor.url}/healthz`))
  await Promise.all(clients.map(({ warm }) => warm))
  candor.child.kill('SIGTERM')
  // The signal may still be on its way when we ask.
  const readiness = await vi.waitUntil(async () => {
    const answer = await fetch(`${candor.url}/readyz`)
    return answer.status === 503 ? answer : null
  })
  expect(await readiness.json()).toMatchObject({ failing: ['process'] })
  expect(await candor.ended).toBe(0)
  for (const { done } of clients) expect(await done).toEqual({ cut: [], answered: expect.any(Number) as number })
})

test('stopped in the middle of its start, it ends what had begun: nothing is left beside the database', async () => {
  const folder = ownFolder()
  const port = await freePort()
  const env = { PATH: process.env['PATH'], CANDOR_PORT: String(port), CANDOR_DATA_DIR: folder }
  const child = spawn(process.execPath, [...serve.slice(1), 'serve'], { env, stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const ended = once(child, 'exit')
  // The page is answered before all that runs beside it has begun.
  await until('it answers', async () => (await fetch(`http://127.0.0.1:${port}/`).catch(() => null))?.status === 200)
  child.kill('SIGTERM')
  expect((await ended)[0]).toBe(0)
  expect(readdirSync(folder).filter((file) => /-(wal|shm)$/.test(file))).toEqual([])
})
