import { Server, ServerCredentials, type ServerUnaryCall, status } from '@grpc/grpc-js'
import { HealthImplementation, service as health } from 'grpc-health-check'
import { createServer as createHttpServer } from 'node:http'
import { type ServerHttp2Stream, createServer as createHttp2Server } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { type Socket, createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { readQuestion } from '../../../../src/domain/probes/rules.ts'
import { authority } from '../../../lib/authority.ts'
import { portOf } from '../circumstances.ts'
import { checked } from './checked.ts'

const statuses = {
  '': 'SERVING',
  'shop.Orders': 'SERVING',
  'shop.Stock': 'NOT_SERVING',
  'shop.New': 'UNKNOWN',
} as const

/** The real server of gRPC with its own health service; answers its port. */
async function orders(credentials = ServerCredentials.createInsecure(), build = withHealth): Promise<number> {
  const server = new Server()
  build(server)
  onTestFinished(() => server.forceShutdown())
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, port) => (error ? reject(error) : resolve(port)))
  })
}

function withHealth(server: Server): void {
  new HealthImplementation(statuses).addToServer(server)
}

/** A server whose health service does as it is told. */
function withCheck(check: (call: ServerUnaryCall<unknown, unknown>, done: Done) => void): (server: Server) => void {
  return (server) => server.addService(health, { check, watch: () => undefined, list: () => undefined })
}

type Done = (error: { code: number; details: string } | null, value?: object) => void

const ask = (port: number, more: object = {}) => checked({ kind: 'grpc', host: '127.0.0.1', port, tls: 'no', ...more })

test.each([
  ['the server as a whole', {}, 'pass', null],
  ['a service that serves', { service: 'shop.Orders' }, 'pass', null],
  ['a service that does not', { service: 'shop.Stock' }, 'fail', 'not_serving'],
  ['a service that does not know yet', { service: 'shop.New' }, 'fail', 'not_serving'],
  ['a service that nobody knows', { service: 'shop.Nothing' }, 'fail', 'unknown_service'],
  ['a service with a long name', { service: `shop.${'x'.repeat(300)}` }, 'fail', 'unknown_service'],
])('of %s', async (_what, more, outcome, reason) => {
  const answer = await ask(await orders(), more)
  expect(answer).toMatchObject({ outcome, reason, phases: { tls: null } })
})

test('a server without the health service does not know it', async () => {
  const port = await orders(undefined, () => undefined)
  expect(await ask(port)).toMatchObject({ outcome: 'fail', reason: 'unknown_service', code: status.UNIMPLEMENTED })
})

test('a server that refuses says with which status', async () => {
  const port = await orders(
    undefined,
    withCheck((_call, done) => done({ code: status.UNAUTHENTICATED, details: 'who?' })),
  )
  expect(await ask(port)).toMatchObject({ outcome: 'fail', reason: 'status', code: 16 })
})

test('metadata goes with the question', async () => {
  const port = await orders(
    undefined,
    withCheck(({ metadata }, done) => {
      const isTold = metadata.get('authorization')[0] === 'Bearer abc' && String(metadata.get('x-bin')[0]) === 'hello'
      done(null, { status: isTold ? 'SERVING' : 'NOT_SERVING' })
    }),
  )
  const metadata = [
    { name: 'Authorization', value: 'Bearer abc' },
    { name: 'x-bin', value: 'aGVsbG8=' },
  ]
  expect(await ask(port, { metadata })).toMatchObject({ outcome: 'pass' })
})

test('a server that never answers has until the time limit', async () => {
  const port = await orders(
    undefined,
    withCheck(() => undefined),
  )
  expect(await ask(port, { timeoutMs: 300 })).toMatchObject({ outcome: 'fail', reason: 'timeout' })
})

test('over TLS the certificate is held against the name that it is asked by', async () => {
  const ours = authority()
  const { key, cert } = ours.issue({ names: ['orders.test'] })
  const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(cert) }
  const port = await orders(ServerCredentials.createSsl(null, [pair]))
  const secure = { tls: 'yes', authority: ours.cert }
  expect(await ask(port, { ...secure, host: 'orders.test' })).toMatchObject({
    outcome: 'pass',
    certificate: { subject: 'orders.test', fault: null },
  })
  expect(await ask(port, { ...secure, calledName: 'orders.test' })).toMatchObject({ outcome: 'pass' })
  expect(await ask(port, secure)).toMatchObject({ outcome: 'fail', reason: 'tls' })
  expect(await ask(port, { tls: 'yes', host: 'orders.test' })).toMatchObject({ outcome: 'fail', reason: 'tls' })
  expect(await ask(port, { tls: 'yes', verifyTls: 'no' })).toMatchObject({ outcome: 'pass' })
  expect(await ask(port)).toMatchObject({ outcome: 'fail' })
})

/** A server of HTTP/2 that is no server of gRPC. */
function strange(answers: (stream: ServerHttp2Stream) => void): Promise<number> {
  const server = createHttp2Server()
  server.on('stream', (stream) => {
    stream.on('error', () => undefined)
    answers(stream as ServerHttp2Stream)
  })
  server.on('sessionError', () => undefined)
  return portOf(server)
}

const framed = (...bytes: number[]): Buffer => Buffer.from([0, 0, 0, 0, bytes.length, ...bytes])
const long = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`x-long-${index}`, 'x'.repeat(1000)]))
const grpcHeaders = { ':status': 200, 'content-type': 'application/grpc+proto' }

function replies(stream: ServerHttp2Stream, body: Buffer, grpcStatus = '0'): void {
  stream.respond(grpcHeaders, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': grpcStatus }))
  stream.end(body)
}

test.each<[string, (stream: ServerHttp2Stream) => void, string, string | null]>([
  ['answers byte for byte', (stream) => replies(stream, framed(8, 1)), 'pass', null],
  [
    'says more than we know',
    (stream) => replies(stream, framed(18, 2, 65, 66, 24, 5, 37, 1, 2, 3, 4, 8, 1)),
    'pass',
    null,
  ],
  ['says nothing, which means unknown', (stream) => replies(stream, framed()), 'fail', 'not_serving'],
  ['says a number that means nothing', (stream) => replies(stream, framed(8, 9)), 'fail', 'protocol'],
  ['cuts its message short', (stream) => replies(stream, framed(8)), 'fail', 'protocol'],
  ['counts wrong', (stream) => replies(stream, Buffer.from([0, 0, 0, 0, 9, 8, 1])), 'fail', 'protocol'],
  ['packs its message unasked', (stream) => replies(stream, Buffer.from([1, 0, 0, 0, 2, 8, 1])), 'fail', 'protocol'],
  ['leaves out its frame', (stream) => replies(stream, Buffer.from([8, 1])), 'fail', 'protocol'],
  ['sends too much', (stream) => replies(stream, Buffer.alloc(20_000)), 'fail', 'too_large'],
  ['never ends', (stream) => endless(stream), 'fail', 'too_large'],
  ['says no status', (stream) => void (stream.respond(grpcHeaders), stream.end(framed(8, 1))), 'fail', 'protocol'],
  ['answers in HTML', (stream) => void (stream.respond({ ':status': 200 }), stream.end('hello')), 'fail', 'protocol'],
  ['is a proxy that fails', (stream) => stream.respond({ ':status': 503 }, { endStream: true }), 'fail', 'status'],
  ['breaks off', (stream) => stream.session?.destroy(), 'fail', 'reset'],
  [
    'goes away in peace, once it has answered',
    (stream) => (stream.session?.goaway(), replies(stream, framed(8, 1))),
    'pass',
    null,
  ],
  ['goes away in anger', (stream) => stream.session?.goaway(11), 'fail', 'reset'],
  ['cancels', (stream) => stream.close(8), 'fail', 'reset'],
  ['never stops being about to answer', (stream) => interim(stream), 'fail', 'protocol'],
  ['sends endless headers', (stream) => stream.respond({ ...grpcHeaders, ...long }), 'fail', 'reset'],
])('a server that %s', async (_what, answers, outcome, reason) => {
  const port = await strange(answers)
  expect(await ask(port, { timeoutMs: 1500 })).toMatchObject({ outcome, reason })
})

function endless(stream: ServerHttp2Stream): void {
  stream.respond(grpcHeaders)
  const more = (): void => {
    while (stream.writable && stream.write(Buffer.alloc(4096))) continue
  }
  stream.on('drain', more)
  more()
}

function interim(stream: ServerHttp2Stream): void {
  for (let count = 0; count < 20; count += 1) stream.additionalHeaders({ ':status': 103 })
}

/** Frames of RFC 9113: no settings; and: from now on nothing is answered, not even the first question. */
const settings = Buffer.from('000000040000000000', 'hex')
const goAway = Buffer.from('0000080700000000000000000000000000', 'hex')

test.each<[string, (socket: Socket) => void, string]>([
  ['speaks HTTP/1.1', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), 'protocol'],
  ['speaks nonsense', (socket) => socket.write('x'.repeat(10_000)), 'protocol'],
  ['goes away without our question', (socket) => socket.write(Buffer.concat([settings, goAway])), 'reset'],
  ['closes at once', (socket) => socket.end(), 'reset'],
  ['resets at once', (socket) => socket.resetAndDestroy(), 'reset'],
  ['is silent', () => undefined, 'timeout'],
])('a server that %s', async (_what, hold, reason) => {
  const port = await portOf(createServer((socket) => void socket.once('data', () => hold(socket))))
  expect(await ask(port, { timeoutMs: 400 })).toMatchObject({ outcome: 'fail', reason })
})

test('a server of HTTP/1.1 with a certificate does not speak HTTP/2', async () => {
  const port = await portOf(createHttpsServer(authority().issue({ names: ['127.0.0.1'] })))
  expect(await ask(port, { tls: 'yes', verifyTls: 'no' })).toMatchObject({ outcome: 'fail', reason: 'tls' })
})

test('where the guard forbids the way nothing is dialled', async () => {
  let dialled = 0
  const port = await portOf(createHttpServer().on('connection', () => (dialled += 1)))
  const answer = await checked({ kind: 'grpc', host: '127.0.0.1', port, tls: 'no' }, [])
  expect(answer).toMatchObject({ outcome: 'inconclusive', reason: 'blocked' })
  expect(dialled).toBe(0)
})

test.each([
  [{ host: '' }, 'host'],
  [{ host: 'a b' }, 'host'],
  [{ port: 70_000 }, 'port'],
  [{ calledName: 'a/b' }, 'calledName'],
  [{ metadata: [{ name: 'grpc-status', value: '0' }] }, 'metadata[0].name'],
  [{ metadata: [{ name: 'a b', value: '0' }] }, 'metadata[0].name'],
  [{ metadata: [{ name: ':path', value: '/' }] }, 'metadata[0].name'],
  [{ metadata: [{ name: 'a', value: 'x\r\ny' }] }, 'metadata[0].value'],
  [{ metadata: [{ name: 'a-bin', value: '?' }] }, 'metadata[0].value'],
])('%o is refused', (input, field) => {
  const read = () => readQuestion({ kind: 'grpc', host: 'orders.test', ...input })
  expect(read).toThrow(expect.objectContaining({ field }))
})
