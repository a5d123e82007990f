import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Db } from '../../src/database/database.ts'
import { deliveryCounts } from '../../src/domain/deliveries/log.ts'
import { wallClock } from '../../src/lib/clock.ts'
import { fateOf } from './mail-sink.ts'
import { addressOf, makeNotifiedSite } from './notified-site.ts'

export interface Notifying {
  readonly url: string
  readonly folder: string
  readonly readers: number
  readonly kills: number
  /** How many processes send at a time. */
  readonly processes: number
  readonly leisureMs: number
  /** So long until what failed for now is tried again. */
  readonly retrySeconds: number
  /** When there are no more kills, and letters are on their way. */
  whileSending?(pages: readonly string[]): Promise<void>
  /** When all is sent. */
  afterwards?(pages: readonly string[]): Promise<void>
  tell?(line: string): void
}

export interface Notified {
  readonly wrong: readonly string[]
  readonly twice: number
  /** Letters under way at the kills, together. */
  readonly inFlight: number
  readonly seconds: number
  /** Until nine in ten had theirs. */
  readonly sendingSeconds: number
  readonly fanOutSeconds: number
  /** Of all processes that sent, in megabytes: soon after the first began, and the most. */
  readonly memory: { readonly first: number; readonly most: number }
}

const program = fileURLToPath(new URL('../../bin/candor.js', import.meta.url))

/** Tells everybody something while the product is killed at random moments, and looks at what the mail server got. */
export async function notifyOften(how: Notifying): Promise<Notified> {
  const { url, folder, readers, kills, tell = () => undefined } = how
  const mail = await startSink(how.leisureMs)
  const site = await makeNotifiedSite(url, folder, readers)
  const running: Started[] = []
  const start = async (): Promise<Started> => {
    const one = await startCandor(how, mail.port)
    running.push(one)
    return one
  }
  try {
    for (let count = 0; count < how.processes; count += 1) await start()
    const first = memoryOf(running)
    await site.tells()
    const began = performance.now()
    let inFlight = 0
    const fanOut = fanOutOf(site.db)
    const watching = watchMemory(running)
    for (let kill = 1; kill <= kills; kill += 1) {
      const before = await mail.count()
      // Most of them in the middle of sending: a share of what is left each time.
      const until = Math.min(readers * 0.9, before + (readers * 0.85) / kills)
      while ((await mail.count()) < until && !(await isOver(site.db))) await pause(readers > 5000 ? 50 : 5)
      const victim = running.shift()
      if (!victim) break
      victim.child.kill('SIGKILL')
      await victim.gone
      inFlight += await claimed(site.db, victim.child.pid)
      tell(`killed at ${await mail.count()} letters; ${inFlight} were under way at kills`)
      await start()
    }
    const pages = running.map(({ page }) => page)
    while ((await mail.count()) < readers * 0.05) await pause(20)
    await how.whileSending?.(pages)
    while ((await mail.count()) < readers * 0.9) await pause(readers > 5000 ? 200 : 20)
    const sendingSeconds = (performance.now() - began) / 1000
    while (!(await isOver(site.db))) await pause(readers > 5000 ? 500 : 50)
    const seconds = (performance.now() - began) / 1000
    await how.afterwards?.(pages)
    const got = await mail.all()
    const { wrong, twice } = await faultsOf(site.db, readers, got)
    if (twice > inFlight) wrong.push(`${twice} came twice, and ${inFlight} were under way at kills`)
    return {
      wrong,
      twice,
      inFlight,
      seconds,
      sendingSeconds,
      fanOutSeconds: await fanOut,
      memory: { first, most: watching() },
    }
  } finally {
    for (const { child } of running) child.kill('SIGKILL')
    await Promise.all(running.map(({ gone }) => gone))
    mail.close()
    await site.close()
  }
}

interface Got {
  readonly accepted: ReadonlyMap<string, readonly string[]>
}

/** What is not as it has to be, in words. */
async function faultsOf(db: Db, readers: number, { accepted }: Got): Promise<{ wrong: string[]; twice: number }> {
  const wrong: string[] = []
  let twice = 0
  let never = 0
  for (let number = 0; number < readers; number += 1) {
    const address = addressOf(number)
    const ids = accepted.get(address) ?? []
    if (fateOf(address) === 'never') never += 1
    if (ids.length > 0 === (fateOf(address) === 'never')) wrong.push(`${address} got ${ids.length} letters`)
    if (new Set(ids).size > 1) wrong.push(`${address} got letters with different ids: ${ids.join(' ')}`)
    twice += Math.max(0, ids.length - 1)
  }
  const { number } = await db.selectFrom('messages').select('number').executeTakeFirstOrThrow()
  const counts = await deliveryCounts(db, number, wallClock.now())
  const expected = { queued: 0, sending: 0, again: 0, accepted: readers - never, failed: never, dropped: 0 }
  if (JSON.stringify(counts) !== JSON.stringify(expected)) {
    wrong.push(`the log says ${JSON.stringify(counts)} instead of ${JSON.stringify(expected)}`)
  }
  const reasons = await db
    .selectFrom('deliveries')
    .select(['reason', 'code'])
    .distinct()
    .where('outcome', '=', 'failed')
    .execute()
  if (never > 0 && JSON.stringify(reasons) !== JSON.stringify([{ reason: 'no such address', code: '550 5.1.1' }])) {
    wrong.push(`the log says why: ${JSON.stringify(reasons)}`)
  }
  return { wrong, twice }
}

async function isOver(db: Db): Promise<boolean> {
  const open = await db.selectFrom('messages').select('number').where('handed_out_at', 'is', null).executeTakeFirst()
  const handed = await db.selectFrom('messages').select('number').limit(1).executeTakeFirst()
  if (open || !handed) return false
  return !(await db.selectFrom('deliveries').select('message').where('done_at', 'is', null).limit(1).executeTakeFirst())
}

async function claimed(db: Db, pid = 0): Promise<number> {
  const { count } = await db
    .selectFrom('deliveries')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('claimed_by', 'like', `% ${pid} %`)
    .where('done_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Seconds from the first delivery until everybody has theirs. */
async function fanOutOf(db: Db): Promise<number> {
  let began: number | null = null
  for (;;) {
    const message = await db.selectFrom('messages').select(['cursor', 'handed_out_at']).executeTakeFirst()
    if (message && message.cursor !== '') began ??= performance.now()
    if (message?.handed_out_at) return (performance.now() - (began ?? performance.now())) / 1000
    await pause(20)
  }
}

interface Started {
  readonly child: ChildProcess
  readonly gone: Promise<unknown>
  readonly page: string
}

async function startCandor({ url, folder, retrySeconds }: Notifying, port: number): Promise<Started> {
  const child = spawn(process.execPath, [program, 'serve'], {
    env: {
      PATH: process.env['PATH'],
      CANDOR_PORT: '0',
      CANDOR_DATABASE_URL: url,
      CANDOR_DATA_DIR: folder,
      CANDOR_EGRESS_ALLOW: '127.0.0.0/8',
      CANDOR_LOG_LEVEL: 'error',
      CANDOR_SMTP_URL: `smtp://127.0.0.1:${port}?tls=never`,
      CANDOR_MAIL_FROM: 'status@northwind.example',
      CANDOR_DELIVERY_RETRY: String(retrySeconds),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const gone = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout as Readable })) {
    const heard = /listening on (\S+)\)/.exec(line)?.[1]
    if (heard !== undefined) return { child, gone, page: `http://${heard}/` }
  }
  throw new Error('It ended before it answered.')
}

async function startSink(leisureMs: number) {
  const child = fork(fileURLToPath(new URL('mail-sink.ts', import.meta.url)), [String(leisureMs)])
  const [port] = (await once(child, 'message')) as [number]
  const asks = async (what: 'count' | 'all'): Promise<unknown> => {
    const answer = once(child, 'message')
    child.send(what)
    return ((await answer) as [unknown])[0]
  }
  return {
    port,
    count: async () => (await asks('count')) as number,
    all: async (): Promise<Got> => {
      const { accepted } = (await asks('all')) as { accepted: [string, string[]][] }
      return { accepted: new Map(accepted) }
    },
    close: () => void child.kill('SIGKILL'),
  }
}

/** Megabytes that they hold, all threads of theirs included; 0 where the system does not tell. */
function memoryOf(running: readonly Started[]): number {
  const kilobytes = running.map(({ child }) => {
    const path = `/proc/${child.pid}/status`
    return existsSync(path) ? Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0) : 0
  })
  return Math.max(0, ...kilobytes) / 1024
}

/** Answers the most that one of them held until then. */
function watchMemory(running: readonly Started[]): () => number {
  let most = 0
  const watching = setInterval(() => (most = Math.max(most, memoryOf(running))), 200)
  return () => {
    clearInterval(watching)
    return most
  }
}
