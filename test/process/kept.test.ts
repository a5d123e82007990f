import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SQLite from 'better-sqlite3'
import { expect, onTestFinished, test, vi } from 'vitest'
import { freePort } from '../free-port.ts'

/** A data folder and a port that outlive the processes on them. */
async function installation() {
  const folder = mkdtempSync(join(tmpdir(), 'candor-kept-'))
  const port = await freePort()
  const running = new Set<ChildProcess>()
  let logged = ''
  onTestFinished(async () => {
    for (const child of running) await end(child, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })
  const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
    running.delete(child)
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
  const url = `http://127.0.0.1:${port}`
  return {
    database: join(folder, 'candor.db'),
    hasLogged: (words: string) => logged.includes(words),
    isKept: () => existsSync(join(folder, 'published')),
    end,
    start(env: Readonly<Record<string, string>> = {}) {
      const child = spawn(process.execPath, ['bin/candor.js'], {
        env: { PATH: process.env['PATH'], CANDOR_PORT: String(port), CANDOR_DATA_DIR: folder, ...env },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      child.stderr.on('data', (bytes: Buffer) => (logged += bytes.toString()))
      running.add(child)
      return child
    },
    get: (path: string) => fetch(url + path, { redirect: 'manual' }).catch(() => null),
  }
}

/** Asks until the answer is the one that is waited for. */
function until(ask: () => Promise<Response | null>, fits: (answer: Response) => boolean): Promise<Response> {
  return vi.waitUntil(
    async () => {
      const answer = await ask()
      return answer && fits(answer) ? answer : null
    },
    { interval: 100, timeout: 50_000 },
  ) as Promise<Response>
}

const isReady = (answer: Response): boolean => answer.status === 200

test.each([
  ['with the front door', {}],
  ['without it', { CANDOR_FRONT_DOOR: 'off' }],
])(
  'a database that is broken leaves the last good page standing, %s, until it is whole again',
  async (_, env) => {
    const { start, end, get, database } = await installation()
    const first = start(env)
    await until(() => get('/readyz'), isReady)
    const page = await (await until(() => get('/'), isReady)).text()
    await end(first, 'SIGINT')
    copyFileSync(database, `${database}.good`)
    for (const file of [`${database}-wal`, `${database}-shm`]) rmSync(file, { force: true })
    truncateSync(database, 0)
    writeFileSync(database, 'this is no database '.repeat(500))

    start(env)
    const shown = await until(() => get('/'), isReady)
    expect(await shown.text()).toBe(page)
    expect((await get('/readyz'))?.status).toBe(503)
    expect((await get('/admin'))?.status).toBe(503)
    const known = await fetch(shown.url, { headers: { 'if-none-match': shown.headers.get('etag') ?? '' } })
    expect(known.status).toBe(304)

    copyFileSync(`${database}.good`, database)
    await until(() => get('/readyz'), isReady)
    expect((await get('/'))?.status).toBe(200)
  },
  60_000,
)

test('a stop while the database is waited for is one in order', async () => {
  const { start, end, get, database, isKept } = await installation()
  const first = start()
  await vi.waitUntil(isKept, { interval: 100, timeout: 50_000 })
  await end(first, 'SIGINT')
  for (const file of [`${database}-wal`, `${database}-shm`]) rmSync(file, { force: true })
  writeFileSync(database, 'this is no database '.repeat(500))
  const second = start()
  await until(() => get('/'), isReady)
  await end(second, 'SIGTERM')
  expect({ code: second.exitCode, signal: second.signalCode }).toEqual({ code: 0, signal: null })
})

test('a database that opens and cannot be read is waited for like one that does not open', async () => {
  const { start, end, get, database, isKept, hasLogged } = await installation()
  const first = start()
  await vi.waitUntil(isKept, { interval: 100, timeout: 50_000 })
  await end(first, 'SIGINT')
  const rename = (from: string, to: string) => {
    const file = new SQLite(database)
    file.pragma('legacy_alter_table = on')
    file.exec(`alter table ${from} rename to ${to}`)
    file.close()
  }
  rename('notices', 'away')
  start()
  await until(() => get('/'), isReady)
  await vi.waitUntil(() => hasLogged('no such table'), { interval: 100, timeout: 20_000 })
  expect((await get('/readyz'))?.status).toBe(503)
  rename('away', 'notices')
  await until(() => get('/readyz'), isReady)
})

test('a broken database and nothing to show end the start with its reason', async () => {
  const { start, database } = await installation()
  writeFileSync(database, 'this is no database '.repeat(500))
  const [code] = (await once(start(), 'exit')) as [number]
  expect(code).not.toBe(0)
})
