/**
 * What a running Candor costs: from starting the process to the first page, and memory, on the demo site, started as
 * people start it. There are two first pages: after a restart the one that was published last, which readers have while all
 * else is loaded, and of a first start, where nothing was kept and the page is rendered. Node's own figures for a bare HTTP server stand beside it, measured in the same run: where they are more
 * than a tenth of a second, the machine had other work to do, and the processor time says more. Linux only.
 *
 *     node bench/footprint.ts [starts, 7] [looks at memory, 3]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { buildDemo } from '../demo/build.ts'
import { startServices } from '../demo/services.ts'
import { freePort } from '../test/free-port.ts'
import { median } from './figures.ts'

const [startRounds = 7, memoryRounds = 3] = process.argv.slice(2).map(Number)
/** How long it runs, its probes checking and its page being read every second, before its memory is read. */
const settleSeconds = 20
/** What else the world reads of a site in that time, once. */
const alsoRead = ['/history.atom', '/history.rss', '/feed.json', '/summary.json', '/api/v2/summary.json']

interface Subject {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

interface Start {
  readonly passed: number
  /** What it and its threads worked, in hundredths of a second at best. */
  readonly worked: number
}

interface Memory {
  readonly resident: number
  readonly anonymous: number
  readonly proportional: number
}

const launcher = fileURLToPath(new URL('../bin/candor.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'candor-footprint-'))
const services = await startServices(() => Date.now() / 1000)
try {
  const built = join(folder, 'built.db')
  await buildDemo({ url: built, services })
  const url = join(folder, 'demo.db')
  copyFileSync(built, url)
  const port = await freePort()
  const candor: Subject = {
    args: [launcher, 'serve'],
    env: {
      CANDOR_PORT: String(port),
      CANDOR_DATABASE_URL: url,
      CANDOR_DATA_DIR: folder,
      CANDOR_EGRESS_ALLOW: '127.0.0.0/8',
      CANDOR_LOG_LEVEL: 'error',
    },
  }
  const bare: Subject = {
    args: [
      '-e',
      `const server = require('node:http').createServer((_, response) => response.end('ok'))
      server.listen(${port}, '127.0.0.1', () => console.log('ready at http://127.0.0.1:' + server.address().port))`,
    ],
    env: {},
  }
  const published = join(folder, 'published')
  const starts = { restart: [] as Start[], first: [] as Start[], bare: [] as Start[] }
  for (let round = 0; round <= startRounds; round += 1) {
    rmSync(published, { force: true })
    const first = await running(candor, async (child, began) => {
      const start = await toFirstPage(child, port, began)
      while (!existsSync(published)) await pause(50)
      return start
    })
    const restart = await running(candor, (child, began) => toFirstPage(child, port, began))
    const its = await running(bare, (child, began) => toFirstPage(child, port, began))
    // The first round makes the bundle, and fills the compile cache and the disk's.
    if (round === 0) continue
    starts.first.push(first)
    starts.restart.push(restart)
    starts.bare.push(its)
  }
  const memories = { candor: [] as Memory[], bare: [] as Memory[] }
  for (let round = 0; round < memoryRounds; round += 1) {
    memories.candor.push(await running(candor, (...started) => memoryWhenSettled(port, ...started)))
    memories.bare.push(await running(bare, (...started) => memoryWhenSettled(port, ...started)))
  }
  console.log(`demo site; medians of alternating rounds; Node ${process.version}`)
  for (const [name, of] of [
    ['first page after a restart (what was published last)', 'restart'],
    ['first page of a first start (nothing kept)', 'first'],
  ] as const) {
    for (const [kind, what] of [
      ['passed', name],
      ['worked', 'processor time until then'],
    ] as const) {
      const [mine, its] = [starts[of], starts.bare].map((rounds) => median(rounds.map((start) => start[kind])))
      tell(what, 'ms', mine ?? 0, its ?? 0)
    }
  }
  for (const kind of memoryRounds > 0 ? (['resident', 'anonymous', 'proportional'] as const) : []) {
    const [mine, its] = [memories.candor, memories.bare].map((rounds) => median(rounds.map((memory) => memory[kind])))
    tell(`${kind} after ${settleSeconds} s`, 'MB', mine ?? 0, its ?? 0)
  }
} finally {
  services.close()
  rmSync(folder, { recursive: true })
}

/** Starts it, measures, and ends it when it is ready for everything. */
async function running<T>(
  { args, env }: Subject,
  measure: (child: ChildProcess, began: number, ready: Promise<void>) => Promise<T>,
): Promise<T> {
  const began = performance.now()
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  try {
    const ready = saysReady(child.stdout)
    const measured = await measure(child, began, ready)
    await ready
    return measured
  } finally {
    child.kill('SIGINT')
    await ended
  }
}

async function saysReady(output: Readable): Promise<void> {
  for await (const line of createInterface({ input: output })) if (/ready at http:/.test(line)) return
  throw new Error('It ended before it was ready.')
}

/** As a reader sees it who asks again and again. */
async function toFirstPage(child: ChildProcess, port: number, began: number): Promise<Start> {
  while ((await statusOf(port)) !== 200) {
    if (child.exitCode !== null) throw new Error('It ended before it answered.')
    await pause(3)
  }
  const passed = performance.now() - began
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  // User and system time, the fourteenth and fifteenth of all fields, in ticks of ten milliseconds; see proc(5).
  return { passed, worked: (Number(fields[11]) + Number(fields[12])) * 10 }
}

/** Of the page; null: nobody listens yet. */
function statusOf(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, agent: false }, (response) => {
      response.resume().once('close', () => resolve(response.statusCode ?? null))
    }).once('error', () => resolve(null))
  })
}

async function memoryWhenSettled(
  port: number,
  { pid }: ChildProcess,
  _began: number,
  ready: Promise<void>,
): Promise<Memory> {
  const url = `http://127.0.0.1:${port}`
  await ready
  for (const path of alsoRead) await read(url + path)
  for (let second = 0; second < settleSeconds; second += 1) {
    await pause(1000)
    await read(url)
  }
  if (readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8') !== '') throw new Error('It is not one process.')
  return {
    resident: figure(`/proc/${pid}/status`, 'VmRSS'),
    anonymous: figure(`/proc/${pid}/status`, 'RssAnon'),
    proportional: figure(`/proc/${pid}/smaps_rollup`, 'Pss'),
  }
}

async function read(url: string): Promise<void> {
  const response = await fetch(url)
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`${url} answers ${response.status}.`)
}

/** Megabytes. */
function figure(file: string, name: string): number {
  const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

function tell(what: string, unit: string, mine: number, its: number): void {
  const ratio = (mine / its).toFixed(2)
  console.log(`${what}: candor ${mine.toFixed(0)} ${unit}, bare node:http ${its.toFixed(0)} ${unit}, ratio ${ratio}`)
}
