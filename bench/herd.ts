/**
 * A herd: 5 000 readers a second for half a minute, offered whether or not the ones before were answered, while somebody
 * makes 50 changes a minute. No error, no page that mixes two versions, and memory that stays flat. Linux.
 *
 *     node bench/herd.ts [workers, 1] [seconds, 30] [a second, 5000]
 */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { brotliDecompressSync } from 'node:zlib'
import { pino } from 'pino'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/database.ts'
import { migrate } from '../src/database/migrate.ts'
import { type Deps, createDeps } from '../src/deps.ts'
import { changeComponent, createComponent } from '../src/domain/components/commands.ts'
import { wallClock } from '../src/lib/clock.ts'
import { randomIds } from '../src/lib/ids.ts'
import { median } from './figures.ts'
import { startCandor } from './subjects.ts'

const [workers = 1, seconds = 30, perSecond = 5000] = process.argv.slice(2).map(Number)
const connections = 200
const changesAMinute = 50
const tick = 10
const actor = { kind: 'command', name: 'bench' } as const
const request = 'GET / HTTP/1.1\r\nHost: status.example\r\nAccept-Encoding: br\r\nUser-Agent: herd\r\n\r\n'

/** Pages by their entity tag: whoever gets the same tag must get the same bytes. */
const pages = new Map<string, Buffer>()
const waits: number[] = []
let asked = 0
let errors = 0
let mixed = 0

const folder = mkdtempSync(join(tmpdir(), 'candor-herd-'))
const database = openDatabase(join(folder, 'candor.db'))
try {
  await migrate(database.db, wallClock)
  const config = readConfig({})
  const log = pino({ level: 'silent' })
  const deps = await createDeps({ config, database, clock: wallClock, ids: randomIds, log, key: 'bench' })
  const ids = await site(deps)
  const candor = await startCandor('candor', { CANDOR_DATA_DIR: folder, CANDOR_WORKERS: String(workers) }, '0,1')
  const ended = AbortSignal.timeout(seconds * 1000)
  try {
    const readers = await Promise.all(Array.from({ length: connections }, () => reader(candor.url)))
    const memories: number[] = []
    const [changes] = await Promise.all([
      changeOften(deps, ids, ended),
      offer(readers, ended),
      watch(memories, () => candor.memory(), ended),
    ])
    await pause(500)
    for (const { socket } of readers) socket.destroy()
    const sorted = waits.toSorted((a, b) => a - b)
    const quantile = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(1)
    console.log(
      `${workers} processes, ${seconds} s, ${perSecond} a second offered, ${changes} changes; Node ${process.version}`,
    )
    console.log(
      `asked ${asked}, answered ${waits.length}, errors ${errors}, mixed pages ${mixed} of ${pages.size} versions`,
    )
    console.log(`a reader waits, in ms: median ${quantile(0.5)}, p99 ${quantile(0.99)}, longest ${quantile(0.99999)}`)
    const third = Math.floor(memories.length / 3)
    const [second, last] = [memories.slice(third, 2 * third), memories.slice(-third)].map((some) => median(some))
    console.log(
      `memory of all processes, in MB: second third ${second?.toFixed(0)}, last third ${last?.toFixed(0)}; each second: ` +
        memories.map((one) => one.toFixed(0)).join(' '),
    )
    process.exitCode = errors + mixed + (asked - waits.length) > 0 ? 1 : 0
  } finally {
    await candor.stop()
  }
} finally {
  await database.close()
  rmSync(folder, { recursive: true })
}

/** Two of the components always bear the same number. */
async function site({ change }: Deps): Promise<readonly [string, string]> {
  return change(actor, async (one) => {
    for (let index = 0; index < 28; index += 1) await createComponent(one, { name: `System ${index}` })
    return [await createComponent(one, { name: 'North 0.' }), await createComponent(one, { name: 'South 0.' })] as const
  })
}

async function changeOften({ change }: Deps, [north, south]: readonly [string, string], ended: AbortSignal) {
  let changes = 0
  while (!ended.aborted) {
    changes += 1
    await change(actor, async (one) => {
      await changeComponent(one, north, { name: `North ${changes}.` })
      await changeComponent(one, south, { name: `South ${changes}.` })
    })
    await pause(60_000 / changesAMinute)
  }
  return changes
}

/** Asks at the pace of the clock, on whichever connections: what is late waits in the line of its own. */
async function offer(readers: readonly { ask(): void }[], ended: AbortSignal): Promise<void> {
  const began = performance.now()
  while (!ended.aborted) {
    const due = Math.floor(((performance.now() - began) / 1000) * perSecond)
    while (asked < due) readers[asked++ % readers.length]?.ask()
    await pause(tick)
  }
}

async function watch(memories: number[], memory: () => number, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    memories.push(memory())
    await pause(1000)
  }
}

/** One connection; answers come in the order in which they were asked for. */
async function reader(url: string): Promise<{ readonly socket: Socket; ask(): void }> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  const since: number[] = []
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (bytes: Buffer) => {
    rest = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes
    for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
      const head = rest.toString('latin1', 0, end)
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1])
      if (rest.length < end + 4 + length) return
      if (head.startsWith('HTTP/1.1 200')) judge(head, rest.subarray(end + 4, end + 4 + length))
      else errors += 1
      waits.push(performance.now() - (since.shift() ?? 0))
      rest = rest.subarray(end + 4 + length)
    }
  })
  socket.on('error', () => (errors += 1))
  await once(socket, 'connect')
  return {
    socket,
    ask() {
      since.push(performance.now())
      socket.write(request)
    },
  }
}

function judge(head: string, body: Buffer): void {
  const etag = /etag: (\S+)/i.exec(head)?.[1] ?? ''
  const known = pages.get(etag)
  if (known) {
    if (!known.equals(body)) mixed += 1
    return
  }
  pages.set(etag, Buffer.from(body))
  const html = brotliDecompressSync(body).toString()
  const numbers = new Set([...html.matchAll(/(?:North|South) (\d+)\./g)].map(([, number]) => number))
  if (numbers.size !== 1) mixed += 1
}
