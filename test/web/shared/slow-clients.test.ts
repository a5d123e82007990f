import { once } from 'node:events'
import type { RequestListener, ServerResponse } from 'node:http'
import { type AddressInfo, type Socket, connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { type Patience, usualPatience } from '../../../src/web/shared/front-door.ts'
import { holdToLimits, tellUnread } from '../../../src/web/shared/limits.ts'
import { createListener } from '../../../src/web/shared/listener.ts'

// The HTTP server behind the front door: the desk, programs, whatever is not ready.
async function behind(patience: Partial<Patience>, handler: RequestListener = () => undefined) {
  const listener = createListener({
    find: () => undefined,
    frontDoor: true,
    trustProxy: [],
    patience: { ...usualPatience, ...patience },
  })
  listener.attach(handler)
  listener.open()
  await listener.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => void listener.server.close())
  const { port } = listener.server.address() as AddressInfo
  return async (): Promise<Socket> => {
    const socket = connect({ port, host: '127.0.0.1' })
    onTestFinished(() => void socket.destroy())
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    return socket
  }
}

async function answerOn(socket: Socket): Promise<string> {
  let heard = ''
  socket.setEncoding('latin1').on('data', (text: string) => (heard += text))
  // Not by ‘once’ of events: that takes an error for the end, and what was heard is lost with it.
  await new Promise((resolve) => socket.once('close', resolve))
  return heard
}

test('a head that comes in drops is not waited for', async () => {
  const client = await behind({ head: 60 })
  const slow = await client()
  slow.write('GET /admin HTTP/1.1\r\nHost: a\r\n')
  const drops = setInterval(() => slow.write('X: y\r\n'), 5)
  onTestFinished(() => clearInterval(drops))
  expect(await answerOn(slow)).toMatch(/^HTTP\/1.1 408 /)
})

test('a body that comes in drops is not waited for', async () => {
  const client = await behind({ head: 60, silent: 60 })
  const slow = await client()
  slow.write('POST /admin HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n')
  const drops = setInterval(() => slow.write('x'), 5)
  onTestFinished(() => clearInterval(drops))
  expect(await answerOn(slow)).toMatch(/^HTTP\/1.1 408 /)
})

test('what was told that it took too long is not carried out when its rest comes after all', async () => {
  const deeds: unknown[] = []
  const listener = createListener({
    find: () => undefined,
    frontDoor: true,
    trustProxy: [],
    patience: { ...usualPatience, head: 60, silent: 60 },
  })
  const app = Fastify({ serverFactory: (handler) => listener.attach(handler), clientErrorHandler: tellUnread })
  holdToLimits(app)
  app.post('/deed', (request, reply) => {
    deeds.push(request.body)
    return reply.send('done')
  })
  await app.ready()
  listener.open()
  await listener.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => app.close())
  const { port } = listener.server.address() as AddressInfo
  const slow = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  onTestFinished(() => void slow.destroy())
  slow.on('error', () => undefined)
  const deed = 'POST /deed HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n'
  slow.write(`${deed}ha`)
  const [told] = (await once(slow.setEncoding('latin1'), 'data')) as [string]
  expect(told).toMatch(/^HTTP\/1.1 408 /)
  // Nor is what follows on the same connection.
  slow.end(`lf${deed}half`)
  await once(slow, 'close')
  expect(deeds).toEqual([])
  const whole = { method: 'POST', url: '/deed', headers: { 'content-type': 'text/plain' }, payload: 'whole' } as const
  expect((await app.inject(whole)).body).toBe('done')
})

test('of many whose time runs out together one is told in each turn of the loop, and all of them are', async () => {
  const many = 40
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const accepted: Socket[] = []
  server.on('connection', (socket) => accepted.push(socket))
  const clients = Array.from({ length: many }, () => connect({ port, host: '127.0.0.1' }))
  while (accepted.length < many) await once(server, 'connection')

  for (const socket of accepted)
    tellUnread(Object.assign(new Error('slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket)
  const told = () => accepted.filter((socket) => socket.writableEnded).length
  expect(told()).toBe(0)
  for (let before = 0; before < many; before = told()) {
    await new Promise((resolve) => setImmediate(resolve))
    expect(told() - before).toBeLessThanOrEqual(2)
  }
  for (const client of clients) {
    client.end()
    expect(await answerOn(client)).toMatch(/^HTTP\/1.1 408 .*Connection: close/s)
  }
})

test('a reader that takes nothing of a long answer is dropped, and its answer ends', async () => {
  const ended = Promise.withResolvers<'whole' | 'cut'>()
  const client = await behind({ stuck: 60 }, (_request, response) => {
    response.once('close', () => ended.resolve(response.writableFinished ? 'whole' : 'cut'))
    writeOn(response)
  })
  const slow = await client()
  slow.pause()
  slow.write('GET /export HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await ended.promise).toBe('cut')
})

/** As an export does: more whenever there is room. */
function writeOn(response: ServerResponse): void {
  while (!response.destroyed && response.write('line\n'.repeat(10_000)));
  response.once('drain', () => writeOn(response))
}

test('whoever waits for us is not slow', async () => {
  const asked = Promise.withResolvers<ServerResponse>()
  const client = await behind({ stuck: 20 }, (_request, response) => asked.resolve(response))
  const patient = await client()
  patient.write('GET /admin HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
  const response = await asked.promise
  // Longer than a reader may take nothing.
  await pause(80)
  response.end('here')
  expect(await answerOn(patient)).toMatch(/^HTTP\/1.1 200 [^]*here/)
})

test('whoever asks nothing more is let go', async () => {
  const client = await behind({ keepAlive: 20 }, (_request, response) => void response.end('here'))
  const idle = await client()
  idle.write('GET /admin HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await answerOn(idle)).toContain('here')
})

test('whoever waits for a second answer is not slow because the first one is done', async () => {
  const listener = createListener({
    find: () => undefined,
    frontDoor: true,
    trustProxy: [],
    patience: { ...usualPatience, stuck: 60 },
  })
  const { promise: waited, resolve: hear } = Promise.withResolvers<void>()
  listener.attach((request, response) => {
    if (request.url === '/first') setImmediate(() => response.end('one'))
    else void waited.then(() => response.setHeader('connection', 'close').end('two'))
  })
  listener.server.on('timeout', () => hear())
  listener.open()
  await listener.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => void listener.server.close())
  const client = connect({ port: (listener.server.address() as AddressInfo).port, host: '127.0.0.1' })
  onTestFinished(() => void client.destroy())
  client.on('error', () => undefined)
  client.write('GET /first HTTP/1.1\r\nHost: a\r\n\r\nGET /second HTTP/1.1\r\nHost: a\r\n\r\n')
  expect(await answerOn(client)).toMatch(/one.*two/s)
})
