/**
 * What it costs to watch: so many probes, one a minute each, against local servers in a process of their own, in the
 * product as it ships. Linux; nothing else should run.
 *
 *     node bench/probes.ts [probes, 10000] [seconds, 300] [http or https]
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '../src/database/database.ts'
import { quantile } from '../src/outbound/probing/histogram.ts'
import type { WorkerVitals } from '../src/outbound/probing/wire.ts'
import { fillWithProbes } from './watched-site.ts'

const [probes = 10_000, seconds = 300] = process.argv.slice(2, 4).map(Number)
const scheme = process.argv[4] === 'https' ? 'https' : 'http'
const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'candor-probes-'))

interface Said extends WorkerVitals {
  /** When the worker said so. */
  readonly at: number
}

interface Running {
  readonly child: ChildProcess
  readonly url: string
}

let targets: ChildProcess | null = null
try {
  const idle = await page(0, [])
  const took = join(folder, 'took.json')
  targets = spawn(process.execPath, [path('./targets.ts'), scheme, '16', took], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(targets.stdout as Readable), 'line')) as [string]
  const busy = await page(probes, JSON.parse(line) as string[])
  targets.kill('SIGTERM')
  await once(targets, 'exit')
  tell('front page p99 without probes', idle, 'ms')
  tell('front page p99 with them', busy, `ms, ratio ${(busy / idle).toFixed(2)}`)
  if (scheme === 'https') await compare(JSON.parse(readFileSync(took, 'utf8')) as [string, number, number][])
} finally {
  targets?.kill('SIGTERM')
  rmSync(folder, { recursive: true })
}

/** Runs the product with so many probes, and answers what the front page took at the 99th percentile. */
async function page(count: number, addresses: readonly string[]): Promise<number> {
  const data = join(folder, String(count))
  const database = join(data, 'candor.db')
  await fillWithProbes(database, { count, addresses })
  const running = await start(data, database)
  // Until everything is loaded and compiled, and each probe has its own place in its minute again.
  await load(running.url, count === 0 ? 5 : 35)
  const before = said(data)
  const p99 = await load(running.url, count === 0 ? Math.min(30, seconds) : seconds)
  const after = said(data)
  const memory = resident(running)
  running.child.kill('SIGTERM')
  await once(running.child, 'exit')
  if (count > 0) report(before, after, memory, await stored(database))
  return p99
}

async function start(data: string, database: string): Promise<Running> {
  const child = spawn(
    process.execPath,
    ['--import', path('./tap.ts'), ...profiling(data), path('../bin/candor.js'), 'serve'],
    {
      env: {
        PATH: process.env['PATH'],
        BENCH_TAP: join(data, 'tap.json'),
        CANDOR_PORT: '0',
        CANDOR_DATABASE_URL: database,
        CANDOR_DATA_DIR: data,
        CANDOR_EGRESS_ALLOW: '127.0.0.0/8',
        CANDOR_LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  for await (const line of createInterface(child.stdout)) {
    const heard = /listening on (\S+)\)/.exec(line)?.[1]
    if (heard !== undefined) return { child, url: `http://${heard}` }
  }
  throw new Error('It ended before it was ready.')
}

/** `CPU_PROFILE=folder`: what each thread did, for whoever wants to make it faster. */
function profiling(data: string): string[] {
  const to = process.env['CPU_PROFILE']
  return to === undefined || data.endsWith('/0') ? [] : ['--cpu-prof', `--cpu-prof-dir=${to}`]
}

/** Reads the front page fifty times a second; answers the 99th percentile in milliseconds. */
async function load(url: string, during: number): Promise<number> {
  const times: number[] = []
  const end = performance.now() + during * 1000
  const underWay: Promise<void>[] = []
  while (performance.now() < end) {
    underWay.push(read(url, times))
    await pause(20)
  }
  await Promise.all(underWay)
  return percentile(times, 0.99)
}

async function read(url: string, times: number[]): Promise<void> {
  const began = performance.now()
  const response = await fetch(url)
  await response.arrayBuffer()
  if (!response.ok) throw new Error(`${url} answers ${response.status}.`)
  times.push(performance.now() - began)
}

function said(data: string): Said {
  return JSON.parse(readFileSync(join(data, 'tap.json'), 'utf8')) as Said
}

function resident({ child }: Running): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024
}

async function stored(file: string) {
  const { db, close } = openDatabase(file)
  const { rows } = await db
    .selectFrom('checks')
    .select((eb) => eb.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  const turned = await db.selectFrom('events').select('seq').where('type', '=', 'probe.verdict').execute()
  await close()
  return { rows: Number(rows), turned: turned.length }
}

function report(before: Said, after: Said, memory: number, kept: { rows: number; turned: number }): void {
  const during = (after.at - before.at) / 1000
  const counts = after.lateness.counts.map((count, index) => count - (before.lateness.counts[index] ?? 0))
  const lateness = { counts, sum: after.lateness.sum - before.lateness.sum, most: after.lateness.most }
  const made = counts.reduce((a, b) => a + b, 0)
  const all = after.lateness.counts.reduce((a, b) => a + b, 0)
  console.log(`${probes} ${scheme} probes, every minute, for ${during.toFixed(0)} s`)
  tell('lateness p50', quantile(lateness, 0.5) ?? Number.NaN, 'ms at most')
  tell('lateness p99', quantile(lateness, 0.99) ?? Number.NaN, 'ms at most')
  tell('lateness, the worst since the start', lateness.most, 'ms')
  tell('worker', (after.cpuSeconds - before.cpuSeconds) / during, 'core')
  tell('loop delay p99 of the last second', after.loopDelayMs, 'ms')
  tell('resident memory of all', memory, 'MB')
  tell('checks made', made, `of ${((probes / 60) * during).toFixed(0)} expected`)
  tell('checks made since the start, until the last beat', all, `, stored ${kept.rows}, dropped ${after.dropped}`)
  tell('verdicts that changed', kept.turned, '')
}

/** What was measured beside what the server saw, request by request. */
async function compare(recorded: readonly [string, number, number][]): Promise<void> {
  const { db, close } = openDatabase(join(folder, String(probes), 'candor.db'))
  const rows = await db
    .selectFrom('checks')
    .innerJoin('probes', 'probes.number', 'checks.probe')
    .select(['probes.spec', 't', 'ms'])
    .where('outcome', '=', 0)
    .execute()
  await close()
  const byPath = Map.groupBy(rows, ({ spec }) => URL.parse((JSON.parse(spec) as { url: string }).url)?.pathname ?? '')
  const differences = recorded.flatMap(([path, at, ms]) => {
    const row = byPath.get(path)?.find(({ t }) => Math.abs(t * 1000 - at) < 3000)
    return row ? [row.ms - ms] : []
  })
  tell('measured beside what the server saw, p50', percentile(differences, 0.5), `ms, of ${differences.length}`)
  tell('measured beside what the server saw, p99', percentile(differences, 0.99), 'ms')
}

function percentile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN
}

function tell(what: string, value: number, unit: string): void {
  console.log(`  ${what.padEnd(50)} ${value.toFixed(2)} ${unit}`)
}
