/**
 * What a running Candor costs: from starting the process to the first page, and resident memory, on the demo site.
 * Node's own figures for a bare HTTP server stand beside it, measured in the same run.
 *
 *     node bench/footprint.ts
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { buildDemo } from '../demo/build.ts'
import { startServices } from '../demo/services.ts'

const rounds = 7
/** How long the service runs, its probes checking and its page being read, before its memory is read. */
const settleSeconds = 20

const folder = mkdtempSync(join(tmpdir(), 'candor-footprint-'))
const services = await startServices(() => Date.now() / 1000)
try {
  const url = join(folder, 'demo.db')
  await buildDemo({ url, services })
  const candor = (): Subject => ({
    args: ['src/cli.ts', 'serve'],
    env: {
      CANDOR_DATABASE_URL: url,
      CANDOR_DATA_DIR: folder,
      CANDOR_EGRESS_ALLOW: '127.0.0.0/8',
      CANDOR_LOG_LEVEL: 'error',
    },
  })
  const bare = (): Subject => ({
    args: [
      '-e',
      "require('node:http').createServer((_, r) => r.end('ok')).listen(+process.env.CANDOR_PORT, '127.0.0.1')",
    ],
    env: {},
  })
  const figures = { candor: [] as Figures[], bare: [] as Figures[] }
  for (let round = 0; round <= rounds; round += 1) {
    const [a, b] = [await measure(candor(), 0), await measure(bare(), 0)]
    // The first round fills the compile cache and the disk's.
    if (round > 0) figures.candor.push(a) && figures.bare.push(b)
  }
  const settled = [await measure(candor(), settleSeconds), await measure(bare(), settleSeconds)]
  const start = (name: 'candor' | 'bare'): number => median(figures[name].map((figure) => figure.firstPageMs))
  console.log(`demo site; medians of ${rounds} alternating rounds; Node ${process.version}`)
  console.log(
    `process to first page: candor ${start('candor').toFixed(0)} ms, bare node:http ${start('bare').toFixed(0)} ms, ratio ${(start('candor') / start('bare')).toFixed(2)}`,
  )
  const [mine, its] = settled.map((figure) => figure.residentMegabytes)
  console.log(
    `resident after ${settleSeconds} s: candor ${mine?.toFixed(1)} MB, bare node:http ${its?.toFixed(1)} MB, ratio ${((mine ?? 0) / (its ?? 1)).toFixed(2)}`,
  )
} finally {
  services.close()
  rmSync(folder, { recursive: true })
}

interface Subject {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

interface Figures {
  readonly firstPageMs: number
  readonly residentMegabytes: number
}

async function measure({ args, env }: Subject, settle: number): Promise<Figures> {
  const port = 20_000 + (Math.floor(performance.now() * 1000) % 20_000)
  const began = performance.now()
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: join(folder, 'cache'), CANDOR_PORT: String(port), ...env },
    stdio: 'ignore',
  })
  try {
    await firstPage(child, port)
    const firstPageMs = performance.now() - began
    for (let second = 0; second < settle; second += 1) {
      await pause(1000)
      await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer()
    }
    return { firstPageMs, residentMegabytes: resident(child) }
  } finally {
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
  }
}

async function firstPage(child: ChildProcess, port: number): Promise<void> {
  while (child.exitCode === null) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/`)).ok) return
    } catch {
      await pause(3)
    }
  }
  throw new Error(`It ended with ${child.exitCode} before its first page.`)
}

function resident({ pid }: ChildProcess): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
