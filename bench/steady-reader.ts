import { once } from 'node:events'
import { Agent, type IncomingMessage, createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'

/** Milliseconds each. */
export interface Waits {
  readonly page: readonly number[]
  /** Of a bare `node:http` that sends ready bytes: what the machine makes readers wait, whoever answers. */
  readonly bare: readonly number[]
}

const subjects = ['page', 'bare'] as const

/** Between two requests, so that a reader is no load by itself. */
const thinksMs = 2
const warmUps = 100
const bareBytes = 4096

/**
 * Reads a page, and a bare server beside it in turns, over one connection each, until the work is done. Reader and server
 * have a thread of their own, so that they do not wait for what else a bench does.
 */
export async function readWhile(page: string, work: () => Promise<unknown>): Promise<Waits> {
  const server = new Worker(new URL(import.meta.url), { workerData: null })
  const [bare] = (await once(server, 'message')) as [string]
  const reader = new Worker(new URL(import.meta.url), { workerData: { page, bare } })
  await once(reader, 'message')
  await work()
  reader.postMessage('enough')
  const [waits] = (await once(reader, 'message')) as [Waits]
  await Promise.all([server.terminate(), reader.terminate()])
  return waits
}

/** A line: what readers wait for at the 99th percentile, and how many times what they wait for in calm that is. */
export function compared(calm: Waits, busy: Waits): string {
  const [page, bare] = subjects.map((one) => {
    const [then, before] = [quantile(busy[one], 0.99), quantile(calm[one], 0.99)]
    return `${then.toFixed(1)} ms, in calm ${before.toFixed(1)}: ${(then / before).toFixed(2)} ×`
  })
  return `p99 of the page ${page}; of a bare node:http beside it ${bare}`
}

/** Where so large a share of the values is lower. */
export function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN
}

if (!isMainThread) {
  const urls = workerData as Readonly<Record<keyof Waits, string>> | null
  await (urls ? read(urls) : serve())
}

async function serve(): Promise<void> {
  const body = Buffer.alloc(bareBytes, 'x')
  const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  parentPort?.postMessage(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
}

async function read(urls: Readonly<Record<keyof Waits, string>>): Promise<void> {
  const agent = new Agent({ keepAlive: true })
  const waited = async (url: string): Promise<number> => {
    const began = performance.now()
    const [answer] = (await once(get(url, { agent, headers: { 'accept-encoding': 'br' } }), 'response')) as [
      IncomingMessage,
    ]
    for await (const _ of answer);
    const waits = performance.now() - began
    await pause(thinksMs)
    return waits
  }
  for (let index = 0; index < warmUps; index += 1) await Promise.all([waited(urls.page), waited(urls.bare)])
  let isEnough = false
  parentPort?.once('message', () => (isEnough = true))
  parentPort?.postMessage('ready')
  const waits: Record<keyof Waits, number[]> = { page: [], bare: [] }
  while (!isEnough) for (const one of subjects) waits[one].push(await waited(urls[one]))
  agent.destroy()
  parentPort?.postMessage(waits)
}
