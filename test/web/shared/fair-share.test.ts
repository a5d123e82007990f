import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { type AddressInfo, type Socket, connect } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { type Document, toDocument } from '../../../src/web/shared/document.ts'
import { createListener } from '../../../src/web/shared/listener.ts'

const page = await toDocument('/', { contentType: 'text/plain', body: 'All systems work.' })
const documents = new Map<string, Document>([['/', page]])

async function client(port: number): Promise<{ socket: Socket; heard(): string }> {
  const socket = connect({ port, host: '127.0.0.1' })
  onTestFinished(() => void socket.destroy())
  socket.setEncoding('latin1')
  let heard = ''
  socket.on('data', (text: string) => (heard += text))
  await once(socket, 'connect')
  return { socket, heard: () => heard }
}

async function listening(handler: RequestListener) {
  const listener = createListener({ find: (path) => documents.get(path), frontDoor: true, trustProxy: [] })
  listener.attach(handler)
  listener.open()
  await listener.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => void listener.server.close())
  return { listener, port: (listener.server.address() as AddressInfo).port }
}

/** How many more were answered in the busiest turn of the loop, until all of them are. */
async function busiest(all: number, answered: () => number): Promise<number> {
  let [most, before] = [0, answered()]
  while (before < all) {
    await nextTurn()
    const now = answered()
    most = Math.max(most, now - before)
    before = now
  }
  return most
}

test('whoever asks for ready pages hundreds at once is answered a few in each turn, and others pass between', async () => {
  const { listener, port } = await listening(() => expect.unreachable())
  const { socket, heard } = await client(port)
  const all = 400
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(all))
  expect(await busiest(all, () => listener.counts.answered)).toBeLessThanOrEqual(16)
  while (heard().split('All systems work.').length - 1 < all) await once(socket, 'data')
})

test('so is whoever asks a thousand times at once for what is not ready, and each is answered in order', async () => {
  let asked = 0
  const { port } = await listening(({ url }, response) => {
    asked += 1
    response.end(`<${url}>`)
  })
  const { socket, heard } = await client(port)
  const all = 1000
  const paths = Array.from({ length: all }, (_, index) => `/${index}`)
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''))
  // Some as they come, and as many of those that wait.
  expect(await busiest(all, () => asked)).toBeLessThanOrEqual(32)
  while (!heard().includes(`</${all - 1}>`)) await once(socket, 'data')
  expect([...heard().matchAll(/<(\S+)>/g)].map(([, path]) => path)).toEqual(paths)
})

test('a body that follows many other requests in one piece arrives', async () => {
  const { port } = await listening((request, response) => {
    let body = ''
    request.on('data', (bytes: Buffer) => (body += bytes.toString()))
    request.on('end', () => response.end(`<${request.url} ${body.length}>`))
  })
  const { socket, heard } = await client(port)
  const body = 'x'.repeat(200_000)
  socket.write('GET /a HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(100))
  socket.write(`POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  socket.write('GET /c HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(100))
  while (heard().split('</c 0>').length - 1 < 100) await once(socket, 'data')
  expect(heard()).toContain(`</b ${body.length}>`)
})

test('whoever reads large answers and asks on is heard no faster than answered', async () => {
  let answered = 0
  const { listener, port } = await listening((_request, response) => {
    answered += 1
    response.end('x'.repeat(8192))
  })
  let [asked, mostWaiting] = [0, 0]
  listener.server.prependListener('request', () => {
    asked += 1
    mostWaiting = Math.max(mostWaiting, asked - answered)
  })
  const { socket } = await client(port)
  const all = 2000
  socket.write(`GET /a HTTP/1.1\r\nHost: a\r\nX-Long: ${'y'.repeat(1000)}\r\n\r\n`.repeat(all))
  while (answered < all) await once(socket, 'data')
  // Some pieces of 64 kB.
  expect(mostWaiting).toBeLessThan(500)
})
