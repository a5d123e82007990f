import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { onTestFinished, vi } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/database/database.ts'
import { migrate } from '../../src/database/migrate.ts'
import { createDeps } from '../../src/deps.ts'
import { createAccount } from '../../src/domain/accounts/commands.ts'
import { createComponent } from '../../src/domain/components/commands.ts'
import { setUpSite } from '../../src/domain/site/commands.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { randomIds } from '../../src/lib/ids.ts'
import { passwords } from '../../src/lib/passwords.ts'
import { secretFile } from '../../src/lib/secret-file.ts'

const account = { email: 'ada@example.org', password: 'three unrelated herons' }
const program = fileURLToPath(new URL('../../bin/candor.js', import.meta.url))

/** A site with one owner and one system. */
export async function makeSite(url: string, folder: string): Promise<void> {
  const database = openDatabase(url)
  try {
    await migrate(database.db, wallClock)
    const { change } = await createDeps({
      config: readConfig({ CANDOR_DATA_DIR: folder }),
      database,
      clock: wallClock,
      ids: randomIds,
      log: pino({ level: 'silent' }),
      key: secretFile(folder, 'key', randomIds),
    })
    const passwordHash = await passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 }).hash(account.password)
    await change({ kind: 'setup' }, async (it) => {
      await setUpSite(it, { name: 'Northwind', zone: 'Europe/Berlin', locale: 'en' })
      await createComponent(it, { name: 'Search' })
      await createAccount(it, { email: account.email, name: 'Ada', role: 'owner', passwordHash })
    })
  } finally {
    await database.close()
  }
}

export interface Site {
  readonly child: ChildProcess
  logged(): string
  /** What a reader sees. */
  read(path: string): Promise<Response>
  /** What the operator who is signed in sees. */
  opens(path: string): Promise<Response>
  /** She says that something is wrong. */
  says(name: string): Promise<Response>
  /** Of `/readyz`: the parts that are not well, with what they say. */
  failing(): Promise<Record<string, string>>
}

/** The whole product in a process of its own, with Ada at the desk. */
export async function startSite(url: string, folder: string): Promise<Site> {
  const child = spawn(process.execPath, [program, 'serve'], {
    env: { PATH: process.env['PATH'], CANDOR_PORT: '0', CANDOR_DATA_DIR: folder, CANDOR_DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let logged = ''
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => (logged += bytes.toString()))
  child.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()))
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  })
  const base = await vi.waitUntil(
    () => {
      if (child.exitCode !== null) throw new Error(`It ended before it was ready.\n${logged}`)
      return /ready at (http:\S+)/.exec(said)?.[1]
    },
    { timeout: 30_000 },
  )
  const cookies = new Map<string, string>()
  let token = ''

  async function ask(path: string, form?: Readonly<Record<string, string>>): Promise<Response> {
    const answer = await fetch(base + path, {
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'sec-fetch-site': 'same-origin',
        connection: 'close',
      },
      redirect: 'manual',
      ...(form ? { method: 'POST', body: new URLSearchParams({ token, ...form }) } : {}),
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const text = await answer.clone().text()
    token = /name="token" value="([^"]+)"/.exec(text)?.[1] ?? token
    return answer
  }

  await ask('/admin')
  await ask('/admin/sign-in', { ...account, next: '/admin' })
  if ((await ask('/admin')).status !== 200) throw new Error(`Ada could not sign in.\n${logged}`)
  return {
    child,
    logged: () => logged,
    read: (path) => fetch(base + path, { headers: { connection: 'close' } }),
    opens: (path) => ask(path),
    says: (name) => ask('/admin/incidents', { name, body: name, stage: 'investigating', promise: '30' }),
    async failing() {
      const { failing, parts } = (await (await fetch(`${base}/readyz`)).json()) as {
        failing: string[]
        parts: Record<string, string>
      }
      return Object.fromEntries(failing.map((part) => [part, parts[part] ?? '']))
    },
  }
}
