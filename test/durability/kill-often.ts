import { type ChildProcess, spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Kept, writersOn } from './mixed-load.ts'
import { makeMixedSite } from './mixed-site.ts'
import { lossesOf } from './nothing-lost.ts'
import { freePort } from '../free-port.ts'

export interface Killing {
  readonly url: string
  readonly folder: string
  readonly kills: number
  /** Looks after so many kills, and after the last. */
  readonly lookEvery: number
  /** Milliseconds that a process may write before it is killed. */
  readonly longest: number
  tell?(line: string): void
}

export interface Killed {
  readonly kept: Kept
  readonly losses: readonly string[]
  /** Of each process that was let live so long, in milliseconds from its beginning. */
  readonly starts: readonly Start[]
}

export interface Start {
  /** Until a reader was answered with a page. */
  readonly read: number
  /** Until it said that it is ready, for everything else too. */
  readonly ready: number
}

/** As people start it. */
const program = fileURLToPath(new URL('../../bin/candor.js', import.meta.url))

/** Kills the whole product at random instants, in the middle of everything that it does, also of its start. */
export async function killOften({ url, folder, kills, lookEvery, longest, tell }: Killing): Promise<Killed> {
  const target = await flappingTarget()
  const site = await makeMixedSite(url, { folder, target: target.url })
  const writers = writersOn(site)
  const losses: string[] = []
  const starts: Start[] = []
  const port = await freePort()
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      const began = performance.now()
      const candor = start({ url, folder, port })
      try {
        // One in six does not live to answer.
        const read = kill % 6 === 0 ? null : firstPage(port, candor.child)
        const answers = read === null ? null : await candor.answers()
        if (read !== null) starts.push({ read: (await read) - began, ready: performance.now() - began })
        const written = answers === null ? null : writers.write(answers)
        // Most of them are in the middle of it.
        if (written && kill % 6 > 1) await Promise.race([hasSaidMore(writers.kept, candor.child), written])
        await pause(randomInt(0, answers === null ? 800 : longest))
        candor.child.kill('SIGKILL')
        await Promise.all([candor.gone, written])
      } finally {
        candor.child.kill('SIGKILL')
      }
      if (kill % lookEvery === 0 || kill === kills) {
        losses.push(...(await lossesOf(site, writers.kept)))
        tell?.(`${kill} kills, ${countsOf(writers.kept)}, lost or by half: ${losses.length}`)
        if (losses.length > 0) break
      }
    }
    return { kept: writers.kept, losses, starts }
  } finally {
    target.close()
  }
}

export function countsOf({ words, drafts, values, logs }: Kept): string {
  return `kept ${words.length} words, ${drafts.length} drafts, ${values.size} values, ${logs.size} logs`
}

async function hasSaidMore({ words }: Kept, child: ChildProcess): Promise<void> {
  const before = words.length
  while (words.length === before && child.exitCode === null) await pause(5)
}

function start({ url, folder, port }: Pick<Killing, 'url' | 'folder'> & { readonly port: number }) {
  const child: ChildProcess = spawn(process.execPath, [program, 'serve'], {
    env: {
      PATH: process.env['PATH'],
      CANDOR_PORT: String(port),
      CANDOR_DATABASE_URL: url,
      CANDOR_DATA_DIR: folder,
      CANDOR_EGRESS_ALLOW: '127.0.0.0/8',
      CANDOR_LOG_LEVEL: 'error',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { child, gone: once(child, 'exit'), answers: () => addressOf(child.stdout as Readable) }
}

/** When a reader who asks again and again got the page; NaN: it ended before. */
async function firstPage(port: number, child: ChildProcess): Promise<number> {
  while (child.exitCode === null && child.signalCode === null) {
    const status = await new Promise((resolve) => {
      get({ host: '127.0.0.1', port, agent: false }, (response) => {
        response.resume().once('close', () => resolve(response.statusCode))
      }).once('error', resolve)
    })
    if (status === 200) return performance.now()
    await pause(10)
  }
  return Number.NaN
}

async function addressOf(output: Readable): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const heard = /listening on (\S+)\)/.exec(line)?.[1]
    if (heard !== undefined) return `http://${heard}`
  }
  throw new Error('It ended before it answered.')
}

/** Well for a moment and then not: what watches it has something to tell. */
async function flappingTarget(): Promise<{ readonly url: string; close(): void }> {
  let asked = 0
  const server = createServer((_request, response) => {
    response.statusCode = (asked += 1) % 7 < 4 ? 200 : 500
    response.end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
