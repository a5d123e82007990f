import { createHash } from 'node:crypto'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type Socket, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { readQuestion } from '../../../../src/domain/probes/rules.ts'
import { authority } from '../../../lib/authority.ts'
import { portOf } from '../circumstances.ts'
import { checked } from './checked.ts'

type Talk = (socket: WebSocket, headers: NodeJS.Dict<string | string[]>) => void

/** A real server of WebSockets; answers where it is. */
async function live(talk: Talk = () => undefined, options: object = {}): Promise<string> {
  const server = createHttpServer()
  const sockets = new WebSocketServer({ server, ...options })
  sockets.on('connection', (socket, request) => {
    socket.on('error', () => undefined)
    talk(socket, request.headers)
  })
  onTestFinished(() => sockets.close())
  return `ws://127.0.0.1:${await portOf(server)}/feed`
}

const ask = (url: string, more: object = {}) => checked({ kind: 'websocket', url, timeoutMs: 400, ...more })

test('a server that answers a ping is up', async () => {
  expect(await ask(await live())).toMatchObject({ outcome: 'pass', reason: null, phases: { tls: null } })
})

test.each<[string, object, Talk, string, string | null]>([
  ['greets', { expects: 'hello' }, (it) => it.send('oh, hello you'), 'pass', null],
  ['greets in bytes', { expects: 'hello' }, (it) => it.send(Buffer.from('hello')), 'pass', null],
  [
    'greets at last',
    { expects: '/^hel+o$/' },
    (it) => ['a', 'b', 'hello'].forEach((one) => it.send(one)),
    'pass',
    null,
  ],
  ['echoes', { send: 'hi', expects: '/HI/i' }, (it) => it.on('message', (data) => it.send(data)), 'pass', null],
  ['only answers pings', { send: 'hi' }, () => undefined, 'pass', null],
  ['says something else', { expects: 'hello' }, (it) => it.send('goodbye'), 'fail', 'unexpected'],
  [
    'says half of it twice',
    { expects: 'hello' },
    (it) => ['hel', 'lo'].forEach((one) => it.send(one)),
    'fail',
    'unexpected',
  ],
  ['says nothing', { expects: 'hello' }, () => undefined, 'fail', 'timeout'],
  ['closes', { expects: 'hello' }, (it) => it.close(1011), 'fail', 'reset'],
  ['breaks off', { expects: 'hello' }, (it) => it.terminate(), 'fail', 'reset'],
  ['says something else and closes', { expects: 'hello' }, (it) => (it.send('no'), it.close()), 'fail', 'unexpected'],
  ['sends one huge message', { expects: 'hello' }, (it) => it.send('x'.repeat(2_000_000)), 'fail', 'too_large'],
  ['never stops', { expects: 'hello' }, (it) => chatter(it), 'fail', 'too_large'],
  ['never stops before the pong', {}, (it) => chatter(it), 'fail', 'too_large'],
])('a server that %s', async (_what, more, talk, outcome, reason) => {
  // No answer to a ping where it is to be silent about everything.
  expect(await ask(await live(talk, { autoPong: !('expects' in more) }), more)).toMatchObject({ outcome, reason })
})

function chatter(socket: WebSocket): void {
  for (let count = 0; count < 1100; count += 1) socket.send('x')
}

function pings(socket: WebSocket): void {
  for (let count = 0; count < 1100; count += 1) socket.ping()
}

test('a server that never stops to ping is broken off', async () => {
  const { outcome, reason } = await ask(await live(pings, { autoPong: false }), { expects: 'hello' })
  expect(outcome).toBe('fail')
  // On a busy machine the connection may end before the count does.
  expect(['too_large', 'reset']).toContain(reason)
})

test('headers and a subprotocol go along', async () => {
  const url = await live((socket, headers) => socket.send(`${socket.protocol} ${String(headers['authorization'])}`))
  const headers = [{ name: 'Authorization', value: 'Bearer abc' }]
  expect(await ask(url, { subprotocol: 'chat.v2', headers, expects: 'chat.v2 Bearer abc' })).toMatchObject({
    outcome: 'pass',
  })
})

test('a server that does not speak the subprotocol is not what was asked for', async () => {
  const url = await live(undefined, { handleProtocols: () => false })
  expect(await ask(url, { subprotocol: 'chat.v2' })).toMatchObject({ outcome: 'fail', reason: 'protocol' })
})

test('a message can be asserted of', async () => {
  const url = await live((socket) => socket.send('{"queue":7}'))
  const asserted = (line: string) => ask(url, { expects: 'queue', assertions: line })
  expect(await asserted('json($.queue) < 10')).toMatchObject({ outcome: 'pass' })
  expect(await asserted('json($.queue) < 5')).toMatchObject({ outcome: 'fail' })
})

test('over TLS the certificate must be for the name', async () => {
  const ours = authority()
  const server = createHttpsServer(ours.issue({ names: ['live.test'] }))
  const sockets = new WebSocketServer({ server })
  onTestFinished(() => sockets.close())
  const port = await portOf(server)
  const url = `wss://live.test:${port}/`
  expect(await ask(url, { authority: ours.cert })).toMatchObject({ outcome: 'pass', certificate: { fault: null } })
  expect(await ask(url)).toMatchObject({ outcome: 'fail', reason: 'tls' })
  expect(await ask(`wss://127.0.0.1:${port}/`, { authority: ours.cert })).toMatchObject({ reason: 'tls' })
  expect(await ask(url, { verifyTls: 'no' })).toMatchObject({ outcome: 'pass' })
})

test.each([
  [401, 'Unauthorized'],
  [200, 'OK'],
  [302, 'Found\r\nLocation: ws://127.0.0.1:1/'],
])('a server that answers %i instead is down, and where it points to is not visited', async (code, rest) => {
  const url = await raw((socket) => socket.end(`HTTP/1.1 ${code} ${rest}\r\nContent-Length: 0\r\n\r\n`))
  expect(await ask(url)).toMatchObject({ outcome: 'fail', reason: 'status', code })
})

/** A server that says whatever it likes once it was asked. */
async function raw(says: (socket: Socket, request: string) => void): Promise<string> {
  const server = createServer((socket) => void socket.once('data', (data) => says(socket, data.toString())))
  return `ws://127.0.0.1:${await portOf(server)}/`
}

/** The answer that a WebSocket begins with (RFC 6455, 4.2.2). */
function accepted(request: string): string {
  const key = /sec-websocket-key: (.+)\r\n/i.exec(request)?.[1] ?? ''
  const digest = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  return `HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${digest}\r\n\r\n`
}

test.each<[string, (socket: Socket, request: string) => void, string]>([
  ['is silent', () => undefined, 'timeout'],
  ['resets', (socket) => socket.resetAndDestroy(), 'reset'],
  ['speaks nonsense', (socket) => socket.write('220 mail.example.com ESMTP\r\n'), 'protocol'],
  ['accepts with the wrong key', (socket) => socket.write(accepted('')), 'protocol'],
  [
    'sends a masked frame',
    (socket, request) =>
      socket.write(Buffer.concat([Buffer.from(accepted(request)), Buffer.from('8181000000ff41', 'hex')])),
    'protocol',
  ],
  [
    'sends an unknown frame',
    (socket, request) => socket.write(Buffer.concat([Buffer.from(accepted(request)), Buffer.from('8b00', 'hex')])),
    'protocol',
  ],
  [
    'promises 2^62 bytes',
    (socket, request) =>
      socket.write(Buffer.concat([Buffer.from(accepted(request)), Buffer.from('827f4000000000000000', 'hex')])),
    'protocol',
  ],
  [
    'sends 100 kB of headers',
    (socket) => socket.write(`HTTP/1.1 101 Switching\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`),
    'too_large',
  ],
  ['is always about to answer', (socket) => about(socket), 'timeout'],
  ['drips its headers', (socket) => socket.write('HTTP/1.1 101 Swi'), 'timeout'],
])('a server that %s', async (_what, says, reason) => {
  expect(await ask(await raw(says))).toMatchObject({ outcome: 'fail', reason })
})

function about(socket: Socket): void {
  const more = (): void => {
    if (!socket.destroyed) socket.write('HTTP/1.1 102 Processing\r\n\r\n', () => setImmediate(more))
  }
  more()
}

test('where the guard forbids the way nothing is dialled', async () => {
  let dialled = 0
  const port = await portOf(createServer(() => (dialled += 1)))
  const answer = await checked({ kind: 'websocket', url: `ws://127.0.0.1:${port}/` }, [])
  expect(answer).toMatchObject({ outcome: 'inconclusive', reason: 'blocked' })
  expect(dialled).toBe(0)
})

test.each([
  [{ url: 'https://live.test/' }, 'url'],
  [{ url: 'live.test' }, 'url'],
  [{ url: 'ws://a:b@live.test/' }, 'url'],
  [{ url: 'ws://live.test:22/' }, 'url'],
  [{ expects: '/(/' }, 'expects'],
  [{ expects: '/(?=a)/' }, 'expects'],
  [{ subprotocol: 'a b' }, 'subprotocol'],
  [{ headers: [{ name: 'Sec-WebSocket-Key', value: 'a' }] }, 'headers[0].name'],
  [{ headers: [{ name: 'X', value: 'a\r\nb' }] }, 'headers[0].value'],
])('%o is refused', (input, field) => {
  const read = () => readQuestion({ kind: 'websocket', url: 'wss://live.test/', ...input })
  expect(read).toThrow(expect.objectContaining({ field }))
})
