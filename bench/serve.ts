/**
 * What a request costs: Candor with its front door and without it, beside nginx with files that are compressed already, and
 * a bare `node:http` that sends a buffer, as Node is and with the flags Candor starts with. The same bytes and headers, one core for the server and one for the load, rounds
 * that alternate. Then two processes beside one. What “timed out” waited at its beginning: a turn of the loop takes in one
 * connection, whoever answers (084). Linux; from Debian it takes
 *
 *     apt-get install nginx-light wrk
 *     node bench/serve.ts [rounds, 5] [seconds, 4]
 */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, get } from 'node:http'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildDemo } from '../demo/build.ts'
import { startServices } from '../demo/services.ts'
import {
  type Subject,
  asWeStart,
  bareSource,
  isAtItsBest,
  nginxConfiguration,
  startCandor,
  startOther,
} from './subjects.ts'
import { median } from './figures.ts'

const [rounds = 5, seconds = 4] = process.argv.slice(2).map(Number)
const run = promisify(execFile)

interface Case {
  readonly name: string
  readonly path: string
  /** What nginx and the bare server call it. */
  readonly file: string
  readonly headers: Readonly<Record<string, string>>
  /** What is asked for is known: 304. */
  readonly isKnown?: true
  /** Of nginx, with the front door. */
  readonly target: number
}

interface Round {
  readonly perSecond: number
  readonly cpu: number
  readonly p99: number
  /** Requests that had no answer within the two seconds that wrk waits. */
  readonly late: number
}

const browser = {
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'Accept-Language': 'en,fa;q=0.8',
}
const br = { 'Accept-Encoding': 'gzip, deflate, br' }
const cases: readonly [Case, ...Case[]] = [
  { name: 'page, br', path: '/', file: 'page.br', headers: br, target: 0.9 },
  { name: 'page, identity', path: '/', file: 'page', headers: {}, target: 0.85 },
  { name: 'page, 304', path: '/', file: 'page.br', headers: br, isKnown: true, target: 0.7 },
  { name: 'summary.json, br', path: '/summary.json', file: 'summary.br', headers: br, target: 0.9 },
]

const folder = mkdtempSync(join(tmpdir(), 'candor-serve-'))
const services = await startServices(() => Date.now() / 1000)
const subjects: Subject[] = []
try {
  const built = join(folder, 'built.db')
  await buildDemo({ url: built, services })
  const candor = async (name: string, env: Readonly<Record<string, string>>, core: string) => {
    const data = join(folder, name)
    mkdirSync(data)
    copyFileSync(built, join(data, 'candor.db'))
    const subject = await startCandor(name, { CANDOR_DATA_DIR: data, ...env }, core)
    subjects.push(subject)
    return subject
  }
  const door = await candor('front door', {}, '0')
  const plain = await candor('without', { CANDOR_FRONT_DOOR: 'off' }, '0')
  for (const { url } of [door, plain]) await isAtItsBest(url)
  const headers = await keepFiles(door.url)
  writeFileSync(join(folder, 'nginx.conf'), nginxConfiguration(folder, 8471, headers))
  writeFileSync(join(folder, 'bare.mjs'), bareSource(folder, headers))
  const nginx = await startOther('nginx', ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf')], 8471, '0')
  const bare = await startOther('node:http', [process.execPath, join(folder, 'bare.mjs'), '8472'], 8472, '0')
  const alike = await startOther('same flags', [...asWeStart, join(folder, 'bare.mjs'), '8473'], 8473, '0')
  subjects.push(nginx, bare, alike)

  console.log(
    `${rounds} rounds of ${seconds} s; medians of alternating rounds; Node ${process.version}, ${cpus().length} cores`,
  )
  for (const connections of [64, 256]) {
    for (const one of cases) {
      const found = await alternate([nginx, bare, alike, door, plain], one, connections, '1')
      console.log(`\n${one.name}, ${connections} connections`)
      for (const [subject, results] of found) {
        tell(subject, results, found.get(subject === plain ? alike : nginx) ?? [])
      }
      console.log(
        `  targets: front door ${one.target} of nginx and 1.20 CPU, without 0.95 of node:http with the same flags, p99 1.50`,
      )
    }
  }
  const [single, double] = [
    await candor('one process', {}, '0,1'),
    await candor('two processes', { CANDOR_WORKERS: '2' }, '0,1'),
  ]
  const found = await alternate([single, double], cases[0], 256, '0,1')
  console.log('\npage, br, 256 connections, servers and load on both cores')
  for (const [subject, results] of found) tell(subject, results, found.get(single) ?? [])
} finally {
  for (const { stop } of subjects) await stop()
  services.close()
  rmSync(folder, { recursive: true })
}

/** The bytes as Candor sends them, as files for the others; answers the headers they have beside. */
async function keepFiles(url: string): Promise<Readonly<Record<string, string>>> {
  mkdirSync(join(folder, 'files'))
  for (const { path, file, headers } of cases) {
    const { body } = await raw(url + path, headers)
    writeFileSync(join(folder, 'files', file), body)
  }
  const { headers } = await raw(url, {})
  const skipped = ['date', 'connection', 'keep-alive', 'content-length', 'etag']
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !skipped.includes(name)))
}

/** As it is sent: `fetch` would take it apart. */
async function raw(url: string, headers: Readonly<Record<string, string>>) {
  const [response] = (await once(get(url, { headers: { ...headers } }), 'response')) as [IncomingMessage]
  const pieces = (await response.toArray()) as Buffer[]
  return { headers: response.headers as Readonly<Record<string, string>>, body: Buffer.concat(pieces) }
}

async function alternate(on: readonly Subject[], one: Case, connections: number, cores: string) {
  const found = new Map<Subject, Round[]>(on.map((subject) => [subject, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const subject of on) {
      const result = await load(subject, one, connections, cores)
      // The first round warms up.
      if (round > 0) found.get(subject)?.push(result)
    }
  }
  return found
}

async function load(subject: Subject, one: Case, connections: number, cores: string): Promise<Round> {
  const url = subject.url + (['nginx', 'node:http', 'same flags'].includes(subject.name) ? `/${one.file}` : one.path)
  const known = one.isKnown ? (await raw(url, one.headers)).headers['etag'] : undefined
  const headers = { ...browser, ...one.headers, ...(known === undefined ? {} : { 'If-None-Match': known }) }
  const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const before = subject.cpu()
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', ...lines, url]
  const { stdout } = await run('taskset', ['-c', cores, 'wrk', ...args])
  const used = subject.cpu() - before
  const [, requests = ''] = /(\d+) requests in/.exec(stdout) ?? []
  const [, perSecond = ''] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? []
  const [, p99 = '', unit = ''] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? []
  const [failed = '', , late = '0'] = /Socket errors: (.*), timeout (\d+)/.exec(stdout) ?? []
  if (/(connect|read|write) [1-9]/.test(failed) || stdout.includes('Non-2xx'))
    throw new Error(`${subject.name}, ${one.name}: ${stdout}`)
  const milliseconds = Number(p99) * { us: 0.001, ms: 1, s: 1000 }[unit as 'us' | 'ms' | 's']
  return { perSecond: Number(perSecond), cpu: (used / Number(requests)) * 1e6, p99: milliseconds, late: Number(late) }
}

function tell({ name }: Subject, found: readonly Round[], reference: readonly Round[]): void {
  const [perSecond, cpu, p99] = [middle(found, 'perSecond'), middle(found, 'cpu'), middle(found, 'p99')]
  const late = found.reduce((sum, round) => sum + round.late, 0)
  console.log(
    `  ${name.padEnd(14)} ${perSecond.toFixed(0).padStart(7)}/s  ${cpu.toFixed(1).padStart(6)} µs CPU a request  p99 ${p99.toFixed(1)} ms` +
      `   of its reference: ${ratio(found, reference, 'perSecond')} requests, ${ratio(found, reference, 'cpu')} CPU, ${ratio(found, reference, 'p99')} p99` +
      (late > 0 ? `  ${late} timed out` : ''),
  )
}

/** The median of what each round says, so that what disturbs a round disturbs both. */
function ratio(found: readonly Round[], reference: readonly Round[], key: keyof Round): string {
  return median(found.map((round, index) => round[key] / (reference[index]?.[key] ?? Number.NaN))).toFixed(2)
}

function middle(found: readonly Round[], key: keyof Round): number {
  return median(found.map((round) => round[key]))
}
