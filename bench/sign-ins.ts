/**
 * 200 people sign in at once, again and again, while readers read: what it costs the page, in time, memory and the lag of
 * the event loop. Security A2 asks for at most twice the wait of a calm page, 300 MB and 50 ms. Linux.
 *
 *     node bench/sign-ins.ts [people, 200] [seconds, 10]
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, type IncomingMessage, type RequestOptions, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { createDeps } from '../src/deps.ts'
import { createAccount } from '../src/domain/accounts/commands.ts'
import { wallClock } from '../src/lib/clock.ts'
import { giveWay } from '../src/lib/give-way.ts'
import { randomIds } from '../src/lib/ids.ts'
import { passwords } from '../src/lib/passwords.ts'
import { freePort } from '../test/free-port.ts'
import { compared, readWhile } from './steady-reader.ts'
import { startCandor } from './subjects.ts'

const [people = 200, seconds = 10] = process.argv.slice(2).map(Number)
const password = 'three unrelated herons'
const folder = mkdtempSync(join(tmpdir(), 'candor-sign-ins-'))
const statuses = new Map<number, number>()

await measure()

async function measure(): Promise<void> {
  try {
    await furnish()
    const port = await freePort()
    const candor = await startCandor(
      'candor',
      { CANDOR_DATA_DIR: folder, CANDOR_METRICS_LISTEN: `127.0.0.1:${port}` },
      '0,1',
    )
    try {
      const lag = () => lagOf(port)
      const calm = await readWhile(candor.url, async () => {
        await lag()
        await pause(seconds * 1000)
      })
      const [calmLag, before] = [await lag(), candor.memory()]
      let most = before
      const busy = await readWhile(candor.url, async () => {
        // The machine of those who sign in is not ours: what they need for it is taken from nobody who is measured.
        giveWay()
        const ended = AbortSignal.timeout(seconds * 1000)
        const signIns = Array.from({ length: people }, (_, index) => signInOften(candor.url, index, ended))
        ;[most] = await Promise.all([highest(() => candor.memory(), ended), ...signIns])
      })
      const busyLag = await lag()
      console.log(`${people} people for ${seconds} s: ${[...statuses].map((pair) => pair.join(' × ')).join(', ')}`)
      console.log(`while they do: ${compared(calm, busy)}`)
      console.log(`memory: ${before.toFixed(0)} MB, at most ${most.toFixed(0)} MB: ${(most - before).toFixed(0)} more`)
      console.log(
        `lag of the event loop, p99: calm ${calmLag.p99} ms, then ${busyLag.p99} ms, at most ${busyLag.max} ms`,
      )
    } finally {
      await candor.stop()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A site with as many accounts, hashed as the product does. */
async function furnish(): Promise<void> {
  const database = openDatabase(join(folder, 'candor.db'))
  await migrate(database.db, wallClock)
  const log = pino({ level: 'silent' })
  const deps = await createDeps({
    config: readConfig({}),
    database,
    clock: wallClock,
    ids: randomIds,
    log,
    key: 'bench',
  })
  const passwordHash = await passwords().hash(password)
  await deps.change({ kind: 'command', name: 'bench' }, async (it) => {
    for (let index = 0; index < people; index += 1) {
      const role = index === 0 ? 'owner' : 'viewer'
      await createAccount(it, { email: emailOf(index), name: `Person ${index}`, role, passwordHash })
    }
  })
  await database.close()
}

/** From an address of their own, so that nobody waits for the guesses of others. */
async function signInOften(url: string, index: number, ended: AbortSignal): Promise<void> {
  const from = {
    localAddress: `127.0.${1 + Math.floor(index / 200)}.${1 + (index % 200)}`,
    agent: new Agent({ keepAlive: true }),
  }
  while (!ended.aborted) {
    const door = await ask(`${url}/admin/sign-in`, from)
    const cookie = String(door.headers['set-cookie']).split(';')[0] ?? ''
    const token = /name="token" value="([^"]+)"/.exec(door.body)?.[1] ?? ''
    const body = new URLSearchParams({ token, email: emailOf(index), password, next: '/admin' }).toString()
    const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }
    const { status } = await ask(`${url}/admin/sign-in`, { ...from, method: 'POST', headers }, body)
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status === 429) await pause(100)
  }
  from.agent.destroy()
}

async function highest(memory: () => number, ended: AbortSignal): Promise<number> {
  let most = 0
  while (!ended.aborted) {
    most = Math.max(most, memory())
    await pause(100)
  }
  return most
}

/** Since it was asked last. */
async function lagOf(port: number): Promise<{ p99: string; max: string }> {
  const { body } = await ask(`http://127.0.0.1:${port}/metrics`, {})
  const read = (name: string) => new RegExp(`^nodejs_eventloop_lag_${name}_seconds (\\S+)`, 'm').exec(body)?.[1]
  const inMilliseconds = (name: string) => (Number(read(name)) * 1000).toFixed(0)
  return { p99: inMilliseconds('p99'), max: inMilliseconds('max') }
}

async function ask(
  url: string,
  options: RequestOptions,
  sent = '',
): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
  const asked = request(url, options)
  asked.end(sent)
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  let body = ''
  for await (const chunk of response.setEncoding('utf8')) body += String(chunk)
  return { status: response.statusCode ?? 0, headers: response.headers, body }
}

function emailOf(index: number): string {
  return `person${index}@example.org`
}
