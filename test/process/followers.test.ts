import { existsSync, readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startCandor } from './child.ts'
import { client } from './clients.ts'

const serve = [process.execPath, 'bin/candor.js'] as const

/** The processes that a process has started. */
function childrenOf(pid = 0): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** Also one that nobody has buried yet is gone. */
function isGone(pid: number): boolean {
  return !existsSync(`/proc/${pid}/stat`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

test.each(['/', '/healthz'])('two processes lose no request to %s when they stop', async (path) => {
  const candor = await startCandor(serve, { CANDOR_WORKERS: '2' })
  const [follower = 0] = childrenOf(candor.child.pid)
  const clients = Array.from({ length: 20 }, () => client(candor.url + path))
  await Promise.all(clients.map(({ warm }) => warm))
  candor.child.kill('SIGTERM')
  expect(await candor.ended).toBe(0)
  expect(isGone(follower)).toBe(true)
  for (const { done } of clients) expect(await done).toEqual({ cut: [], answered: expect.any(Number) as number })
})

test('when the writer dies, the others end', async () => {
  const candor = await startCandor(serve, { CANDOR_WORKERS: '3' })
  const followers = childrenOf(candor.child.pid)
  expect(followers).toHaveLength(2)
  candor.child.kill('SIGKILL')
  expect(await candor.ended).toBe('SIGKILL')
  while (!followers.every(isGone)) await nextTurn()
  await expect(fetch(candor.url)).rejects.toThrow('fetch failed')
})
