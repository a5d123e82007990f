import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Served } from './served.ts'

/**
 * Sends the pieces so that the server reads each by itself, says that it is done, and answers all that it was told. What
 * a server makes of two requests may depend on whether they came together, so pieces must come to both servers alike.
 */
export async function answersTo({ port, accepted }: Served, pieces: readonly Buffer[]): Promise<Buffer> {
  const client = connect({ port, host: '127.0.0.1', noDelay: true })
  const heard: Buffer[] = []
  const closed = new Promise((resolve) => client.once('close', resolve))
  client.on('data', (bytes: Buffer) => heard.push(bytes))
  // A server that refuses may cut the line while we still speak: what counts is what it said before.
  client.on('error', () => undefined)
  await once(client, 'connect')
  const own = client.localPort ?? 0
  while (!accepted.has(own)) await nextTurn()
  const server = accepted.get(own)
  accepted.delete(own)
  let sent = 0
  for (const piece of pieces) {
    if (!server || server.destroyed || server.writableEnded) break
    client.write(piece)
    sent += piece.length
    while (!server.destroyed && server.bytesRead < sent) await nextTurn()
    // What it wrote is read before it may cut the line.
    while (!client.destroyed && client.bytesRead < server.bytesWritten) await nextTurn()
  }
  client.end()
  await closed
  return Buffer.concat(heard)
}

/** All but when it was said. */
export function undated(answers: Buffer): string {
  return answers.toString('latin1').replaceAll(/\r\nDate: [^\r]+ GMT\r\n/g, '\r\nDate: then\r\n')
}

/** Runs as many at once as there are lanes: one thread is client and servers. */
export async function each<T>(all: readonly T[], lanes: number, work: (one: T) => Promise<void>): Promise<void> {
  const rest = all.values()
  const lane = async () => {
    for (const one of rest) await work(one)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}
