/**
 * What clients cost the others that hold connections without asking (`idle`: half of them say nothing, half send a head in
 * drops), and that read a byte a second (`slow`). 200 readers ask for the page all the while, each on a new connection
 * after ten pages. Calm and storm alternate, so that what disturbs one disturbs the other. Linux; `ulimit -n` must
 * let each process have as many files as there are connections.
 *
 *     node bench/slow-loris.ts [idle, 10000] [slow, 500] [seconds of each phase, 15] [rounds, 3]
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type Socket, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Subject, isAtItsBest, startCandor } from './subjects.ts'

const readers = 200
/** Of each reader, in milliseconds: together a thousand pages a second. */
const thinks = 200
const pagesOfConnection = 10
const page = 'GET / HTTP/1.1\r\nHost: status.example\r\nAccept-Encoding: br\r\n\r\n'

interface Phase {
  readonly waits: number[]
  failed: number
}

type Told = { readonly url: string; readonly kind: 'idle' | 'slow'; readonly count: number }

if (process.send) storm()
else await measure()

async function measure(): Promise<void> {
  const [idle = 10_000, slow = 500, seconds = 15, rounds = 3] = process.argv.slice(2).map(Number)
  const folder = mkdtempSync(join(tmpdir(), 'candor-slow-'))
  const candor = await startCandor('candor', { CANDOR_DATA_DIR: folder, CANDOR_LOG_LEVEL: 'warn' }, '0,1')
  try {
    await isAtItsBest(candor.url)
    await reading(candor.url, 5)
    console.log(`${readers} readers, ${rounds} rounds of ${seconds} s each; Node ${process.version}`)
    for (const told of [
      { url: candor.url, kind: 'idle', count: idle },
      { url: candor.url, kind: 'slow', count: slow },
    ] as const) {
      if (told.count > 0) await compare(candor, told, { seconds, rounds })
    }
  } finally {
    await candor.stop()
    rmSync(folder, { recursive: true })
  }
}

async function compare(candor: Subject, told: Told, { seconds, rounds }: { seconds: number; rounds: number }) {
  const [calm, stormy]: [Phase, Phase] = [empty(), empty()]
  const before = candor.memory()
  let during = 0
  for (let round = 0; round < rounds; round += 1) {
    add(calm, await reading(candor.url, seconds))
    const child = fork(fileURLToPath(import.meta.url))
    child.send(told)
    await reached(child)
    add(stormy, await reading(candor.url, seconds))
    during = Math.max(during, candor.memory())
    child.kill('SIGKILL')
    await once(child, 'exit')
    await pause(1000)
  }
  console.log(
    `\n${told.count} ${told.kind} connections; memory ${before.toFixed(0)} MB before, ${during.toFixed(0)} during`,
  )
  for (const [name, phase] of [['calm', calm] as const, ['storm', stormy] as const]) {
    console.log(
      `  ${name.padEnd(6)} ${phase.waits.length} pages, ${phase.failed} failed; in ms: median ${at(phase, 0.5)}, p99 ${at(phase, 0.99)}`,
    )
  }
  const ratio = (share: number): string => (Number(at(stormy, share)) / Number(at(calm, share))).toFixed(2)
  console.log(`  storm of calm: median ${ratio(0.5)}, p99 ${ratio(0.99)} (at most 5 is promised)`)
  if (stormy.failed > 0 || Number(ratio(0.99)) > 5) process.exitCode = 1
}

function empty(): Phase {
  return { waits: [], failed: 0 }
}

function add(to: Phase, more: Phase): void {
  to.waits.push(...more.waits)
  to.failed += more.failed
}

function at({ waits }: Phase, share: number): string {
  const sorted = waits.toSorted((a, b) => a - b)
  return (sorted[Math.floor(sorted.length * share)] ?? Number.NaN).toFixed(2)
}

/** All of them are there, and what they asked at first is answered. */
async function reached(child: ChildProcess): Promise<void> {
  await once(child, 'message')
  await pause(1000)
}

async function reading(url: string, seconds: number): Promise<Phase> {
  const phase = empty()
  const until = performance.now() + seconds * 1000
  await Promise.all(Array.from({ length: readers }, (_, index) => reader(url, phase, { until, first: index })))
  return phase
}

async function reader(url: string, phase: Phase, { until, first }: { until: number; first: number }): Promise<void> {
  await pause((first * thinks) / readers)
  while (performance.now() < until) {
    const socket = dial(url)
    try {
      await once(socket, 'connect')
      for (let count = 0; count < pagesOfConnection && performance.now() < until; count += 1) {
        const began = performance.now()
        await ask(socket)
        phase.waits.push(performance.now() - began)
        await pause(thinks)
      }
    } catch {
      phase.failed += 1
    }
    socket.destroy()
  }
}

function dial(url: string): Socket {
  const { hostname, port } = new URL(url)
  return connect({ host: hostname, port: Number(port), noDelay: true })
}

/** One page, whole. */
function ask(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    let rest = Buffer.alloc(0)
    const settle = (how: () => void): void => {
      socket.removeAllListeners()
      how()
    }
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes])
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return
      const length = Number(/content-length: (\d+)/i.exec(rest.toString('latin1', 0, end))?.[1])
      if (rest.length >= end + 4 + length) settle(resolve)
    })
    socket.on('error', (error) => settle(() => reject(error)))
    socket.on('close', () => settle(() => reject(new Error('cut'))))
    socket.write(page)
  })
}

/** In a process of its own: as many connections as it is told, all the time. */
function storm(): void {
  process.once('message', ({ url, kind, count }: Told) => {
    let open = 0
    const one = (index: number): void => {
      const socket = dial(url)
      let drops: NodeJS.Timeout | undefined
      socket.on('error', () => undefined)
      socket.once('connect', () => {
        if ((open += 1) === count) process.send?.('reached')
        if (kind === 'slow') byteASecond(socket, index % 25 === 0 ? 200 : 1)
        else if (index % 2 === 0) {
          socket.write('GET / HTTP/1.1\r\nHost: a\r\n')
          drops = setInterval(() => socket.write(`X-${index}: a\r\n`), 3000)
        }
      })
      socket.once('close', () => {
        clearInterval(drops)
        // Whoever is dropped comes again.
        setTimeout(() => one(index), 100)
      })
    }
    for (let index = 0; index < count; index += 1) setTimeout(() => one(index), index / 5)
  })
}

/** Takes a byte at a time, of one page or of far more than fits on the way to it. */
function byteASecond(socket: Socket, pages: number): void {
  socket.pause()
  socket.write(page.repeat(pages))
  setInterval(() => void socket.read(1), 1000)
}
