import { gzipSync } from 'node:zlib'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTlsSocketServer } from 'node:tls'
import { type ServerHttp2Stream, constants } from 'node:http2'
import { expect, test } from 'vitest'
import { type Answer, type NoAnswer, type SafeRequest, safeFetch } from '../../src/lib/safe-fetch.ts'
import { circumstances, portOf } from '../outbound/probing/circumstances.ts'
import { selfSigned } from './certificate.ts'
import { http2Server } from './http2-server.ts'

async function ask(port: number, request: Partial<SafeRequest> = {}): Promise<Answer | NoAnswer> {
  return safeFetch(circumstances().egress, {
    url: `https://127.0.0.1:${port}/health?a=b`,
    method: 'GET',
    headers: {},
    body: null,
    timeoutMs: 1500,
    followRedirects: 'yes',
    verifyTls: 'no',
    lookUp: 'fresh',
    version: 'auto',
    ...request,
  })
}

const short = (answer: Answer | NoAnswer) => ('fault' in answer ? answer.fault : answer.status)

const well = (stream: ServerHttp2Stream): void => {
  stream.respond({ ':status': 200, 'content-type': 'text/plain' })
  stream.end('well')
}

test('an answer over HTTP/2 is like any other: status, headers, body, phases, certificate', async () => {
  let heard: Readonly<Record<string, unknown>> = {}
  const port = await http2Server((stream, headers) => {
    heard = headers
    well(stream)
  })
  const answer = await ask(port, { headers: { 'X-Api-Key': 'ours' } })
  expect(answer).toMatchObject({
    status: 200,
    cut: 'no',
    redirects: 0,
    headers: { 'content-type': 'text/plain' },
    certificate: { subject: 'shop.test' },
    phases: { tls: expect.any(Number) as number, firstByte: expect.any(Number) as number },
  })
  expect('body' in answer && answer.body.toString()).toBe('well')
  expect(Object.keys('headers' in answer ? answer.headers : {}).filter((name) => name.startsWith(':'))).toEqual([])
  expect(heard).toMatchObject({
    ':method': 'GET',
    ':path': '/health?a=b',
    ':authority': `127.0.0.1:${port}`,
    'x-api-key': 'ours',
    'user-agent': 'Candor (probe)',
  })
})

test('a body is sent along, and a packed one is unpacked', async () => {
  const heard: Buffer[] = []
  const port = await http2Server((stream) => {
    stream.on('data', (chunk: Buffer) => heard.push(chunk))
    stream.on('end', () => {
      stream.respond({ ':status': 201, 'content-encoding': 'gzip' })
      stream.end(gzipSync('packed'))
    })
  })
  const answer = await ask(port, { method: 'POST', body: 'a body' })
  expect(short(answer)).toBe(201)
  expect('body' in answer && answer.body.toString()).toBe('packed')
  expect(Buffer.concat(heard).toString()).toBe('a body')
})

test('HEAD and answers without a body are not waited for', async () => {
  const port = await http2Server((stream) => stream.respond({ ':status': 204 }, { endStream: true }))
  expect(short(await ask(port))).toBe(204)
  const endless = await http2Server((stream) => stream.respond({ ':status': 200 }))
  expect(short(await ask(endless, { method: 'HEAD' }))).toBe(200)
})

test('which version is spoken is chosen: 2 where both speak it, 1.1 elsewhere, and no other than asked for', async () => {
  const both = await portOf(createTlsServer(selfSigned, (request, response) => response.end(request.httpVersion)))
  expect(await ask(both)).toMatchObject({ status: 200, body: Buffer.from('1.1') })
  expect(short(await ask(both, { version: '2' }))).toMatch(/tls|protocol/)
  const onlyTwo = await http2Server(well)
  expect(short(await ask(onlyTwo, { version: '2' }))).toBe(200)
  expect(short(await ask(onlyTwo, { version: '1.1' }))).toMatch(/tls|protocol|reset/)
})

test('a redirect is followed over HTTP/2 as well', async () => {
  const port = await http2Server((stream, headers) => {
    if (headers[':path'] === '/there') return well(stream)
    stream.respond({ ':status': 302, location: '/there' }, { endStream: true })
  })
  expect(await ask(port)).toMatchObject({ status: 200, redirects: 1 })
})

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM, NGHTTP2_NO_ERROR } = constants

test.each<[string, (stream: ServerHttp2Stream) => void, string | number]>([
  ['a stream that is reset', (stream) => stream.close(NGHTTP2_INTERNAL_ERROR), 'reset'],
  ['a stream that is refused', (stream) => stream.close(NGHTTP2_REFUSED_STREAM), 'reset'],
  ['a stream that is closed without a word', (stream) => stream.close(NGHTTP2_NO_ERROR), 'reset'],
  ['a connection that goes away in anger', (stream) => stream.session?.goaway(NGHTTP2_INTERNAL_ERROR, 0), 'reset'],
  [
    'a connection that goes away and still answers',
    (stream) => {
      stream.session?.goaway(NGHTTP2_NO_ERROR, stream.id ?? 1)
      well(stream)
    },
    200,
  ],
  ['a connection that is torn down', (stream) => stream.session?.destroy(), 'reset'],
  [
    'a connection that is torn down midway',
    (stream) => {
      stream.respond({ ':status': 200 })
      stream.write('half', () => stream.session?.socket.destroy())
    },
    'reset',
  ],
  ['silence', () => undefined, 'timeout'],
  [
    'a body that trickles',
    (stream) => {
      stream.respond({ ':status': 200, 'content-length': 1000 })
      stream.write('a')
    },
    'timeout',
  ],
  ['headers of 40 kB', (stream) => stream.respond({ ':status': 200, 'x-a': 'b'.repeat(40_000) }), 'too_large'],
  // Beyond what HTTP/2 itself can hold.
  ['headers of 100 kB', (stream) => stream.respond({ ':status': 200, 'x-a': 'b'.repeat(100_000) }), 'protocol'],
  [
    'a thousand headers',
    (stream) =>
      stream.respond({
        ':status': 200,
        ...Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x-${index}`, 'b'.repeat(60)])),
      }),
    'too_large',
  ],
  [
    'a flood of interim answers',
    (stream) => {
      for (let count = 0; count < 50; count += 1) stream.additionalHeaders({ ':status': 103 })
      well(stream)
    },
    'protocol',
  ],
  [
    'a broken packing',
    (stream) => {
      stream.respond({ ':status': 200, 'content-encoding': 'gzip' })
      stream.end('abc')
    },
    'protocol',
  ],
])('%s is found as it is', async (_name, answer, found) => {
  const port = await http2Server(answer)
  expect(short(await ask(port, { timeoutMs: 600 }))).toBe(found)
})

// Frames by hand, because no server of Node's sends these.
const settings = '000000040000000000'
const status200 = '00000101040000000188'
const half = '00000400000000000168616c66'
const cancelled = '00000403000000000100000008'
const wentAwayBefore = '0000080700000000000000000000000000'

test.each([
  ['a connection that goes away before it has begun to answer', settings + wentAwayBefore, 'reset'],
  ['a body that is cancelled midway', settings + status200 + half + cancelled, 'reset'],
  ['a body whose rest never comes', settings + status200 + half, 'timeout'],
  ['what is no HTTP/2', Buffer.from('HTTP/1.1 200 OK\r\n\r\n').toString('hex'), 'protocol'],
  ['data before any headers', settings + half, 'protocol'],
])('%s is found as it is, frame by frame', async (_name, frames, found) => {
  const server = createTlsSocketServer({ ...selfSigned, ALPNProtocols: ['h2'] }, (socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        socket.resume()
        // After the request, which comes with the preface.
        setTimeout(() => socket.write(Buffer.from(frames, 'hex')), 50)
      })
  })
  expect(short(await ask(await portOf(server), { timeoutMs: 600 }))).toBe(found)
})

test('a body without end, and a bomb of gzip, are read for a mebibyte and no further', async () => {
  const endless = await http2Server((stream) => {
    stream.respond({ ':status': 200 })
    const more = (): void => {
      if (stream.destroyed || stream.closed) return
      if (stream.write(Buffer.alloc(65_536))) setImmediate(more)
      else stream.once('drain', more)
    }
    more()
  })
  expect(await ask(endless)).toMatchObject({ status: 200, cut: 'yes' })
  const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024))
  const packed = await http2Server((stream) => {
    stream.respond({ ':status': 200, 'content-encoding': 'gzip' })
    stream.end(bomb)
  })
  const answer = await ask(packed)
  expect(answer).toMatchObject({ status: 200, cut: 'yes' })
  expect('body' in answer && answer.body.length).toBe(1024 * 1024)
})

test('a line break in a header sends nothing', async () => {
  let asked = 0
  const port = await http2Server((stream) => {
    asked += 1
    well(stream)
  })
  expect(short(await ask(port, { headers: { 'x-a': 'b\r\nc: d' } }))).toBe('protocol')
  expect(asked).toBe(0)
})

test('who stops the prober ends a request that hangs', async () => {
  const port = await http2Server(() => undefined)
  const stop = new AbortController()
  const answer = ask(port, { signal: stop.signal })
  setTimeout(() => stop.abort(new Error('The prober stops.')), 100)
  expect(short(await answer)).toBe('stopped')
})
