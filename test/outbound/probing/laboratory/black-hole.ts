import { once } from 'node:events'
import { type Socket, connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { onTestFinished } from 'vitest'

const code = `
const { createServer } = require('node:net')
const { parentPort } = require('node:worker_threads')
const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  // Never accepts again: what is not in the kernel's queue yet finds no room there, and its first packet is dropped.
  setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
})`

/** A port on loopback that drops the first packet of every connection, as a firewall does; answers its number. */
export async function blackHole(): Promise<number> {
  const worker = new Worker(code, { eval: true })
  const [port] = (await once(worker, 'message')) as [number]
  const waiting: Socket[] = []
  onTestFinished(async () => {
    for (const socket of waiting) socket.destroy()
    await worker.terminate()
  })
  // Fills the queue until a connection is no longer made.
  for (;;) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    waiting.push(socket)
    const isThrough = await Promise.race([once(socket, 'connect').then(() => true), passed(socket)])
    if (!isThrough) return port
  }
}

/** A handshake on loopback takes microseconds: one that takes so long is not going to happen. */
function passed(socket: Socket): Promise<false> {
  return new Promise((resolve) => socket.setTimeout(300, () => resolve(false)))
}
