import { existsSync, readFileSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { candor as command } from '../cli/run.ts'
import { startCandor } from './child.ts'
import { client } from './clients.ts'
import { ownFolder } from '../own-folder.ts'

const serve = [process.execPath, 'bin/candor.js'] as const

/** The processes that a process has started. */
function childrenOf(pid = 0): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** Also one that nobody has buried yet is gone. */
function isGone(pid: number): boolean {
  return !existsSync(`/proc/${pid}/stat`) || / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
}

test.each(['/', '/healthz'])('several processes lose no request to %s when they stop', async (path) => {
  const candor = await startCandor(serve, { CANDOR_WORKERS: '2' })
  const followers = childrenOf(candor.child.pid)
  expect(followers).toHaveLength(2)
  const clients = Array.from({ length: 20 }, () => client(candor.url + path))
  await Promise.all(clients.map(({ warm }) => warm))
  candor.child.kill('SIGTERM')
  expect(await candor.ended).toBe(0)
  expect(followers.filter((pid) => !isGone(pid))).toEqual([])
  for (const { done } of clients) expect(await done).toEqual({ cut: [], answered: expect.any(Number) as number })
})

test('when the writer dies, the others end', async () => {
  const candor = await startCandor(serve, { CANDOR_WORKERS: '2' })
  const followers = childrenOf(candor.child.pid)
  expect(followers).toHaveLength(2)
  candor.child.kill('SIGKILL')
  expect(await candor.ended).toBe('SIGKILL')
  while (!followers.every(isGone)) await nextTurn()
  await expect(fetch(candor.url)).rejects.toThrow('fetch failed')
})

test('whichever process is asked, the numbers are those of the one that writes', async () => {
  const folder = ownFolder()
  const candor = await startCandor(serve, { CANDOR_WORKERS: '2', CANDOR_DATA_DIR: folder })
  const { said: token } = await command(['token', 'create', '--name', 'numbers', '--scope', 'metrics'], {
    CANDOR_DATA_DIR: folder,
  })
  const headers = { authorization: `Bearer ${token}`, connection: 'close' }
  const answers = await Promise.all(Array.from({ length: 12 }, () => fetch(`${candor.url}/metrics`, { headers })))
  const started = await Promise.all(
    answers.map(async (answer) => /^process_start_time_seconds (\S+)$/m.exec(await answer.text())?.[1]),
  )
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(new Set(started).size).toBe(1)
  expect((await fetch(`${candor.url}/metrics`)).status).toBe(401)
})
