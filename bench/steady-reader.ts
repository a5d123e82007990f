import { once } from 'node:events'
import { Agent, get, type IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'

interface Reading {
  readonly url: string
  readonly seconds: number
}

/** Between two pages, so that a reader is no load by itself. */
const thinksMs = 2

/**
 * Reads a page one time after the other over one connection, in a thread of its own, so that it does not wait for what else
 * a bench does. Answers the 99th percentile of the waits, in milliseconds.
 */
export async function steadyRead(url: string, seconds: number): Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: { url, seconds } satisfies Reading })
  const [p99] = (await once(worker, 'message')) as [number]
  return p99
}

if (!isMainThread) parentPort?.postMessage(await readHere(workerData as Reading))

async function readHere({ url, seconds }: Reading): Promise<number> {
  const agent = new Agent({ keepAlive: true })
  const waits: number[] = []
  const until = performance.now() + seconds * 1000
  while (performance.now() < until) {
    const began = performance.now()
    const [answer] = (await once(get(url, { agent }), 'response')) as [IncomingMessage]
    for await (const _ of answer);
    waits.push(performance.now() - began)
    await pause(thinksMs)
  }
  agent.destroy()
  return waits.toSorted((a, b) => a - b)[Math.floor(waits.length * 0.99)] ?? Number.NaN
}
