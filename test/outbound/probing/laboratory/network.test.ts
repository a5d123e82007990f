import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net'
import { type ServerHttp2Session, type ServerHttp2Stream, constants, createSecureServer } from 'node:http2'
import { createServer as createTlsServer } from 'node:tls'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import type { CheckDetail, Outcome, Reason } from '../../../../src/domain/probes/finding.ts'
import { judged } from '../../../../src/domain/probes/verdicts/judging.ts'
import { readQuestion } from '../../../../src/domain/probes/rules.ts'
import { wallClock } from '../../../../src/lib/clock.ts'
import { parseNetwork } from '../../../../src/lib/guard.ts'
import { resolver } from '../../../../src/lib/resolver.ts'
import { loadKind } from '../../../../src/outbound/probing/kinds/index.ts'
import { type Identity, authority } from '../../../lib/authority.ts'
import { type Zone, nameServer } from '../../../lib/name-server.ts'
import { blackHole } from './black-hole.ts'

/** Everything that goes wrong on a network, from real parts on this machine: each has one right verdict. */

const home: Zone = (name) => (name.endsWith('.test') ? ['127.0.0.1'] : 'absent')

interface Asked {
  readonly zone?: Zone
  /** Whether another name was answered before: from then on silence about one is its own fault. */
  readonly heard?: string
  readonly timeoutMs?: number
  readonly [field: string]: unknown
}

async function check(
  url: string,
  { zone = home, heard = 'no', timeoutMs = 700, ...more }: Asked = {},
): Promise<CheckDetail> {
  const names = await nameServer(zone)
  const egress = {
    resolver: resolver({ servers: [names.address] }),
    allow: ['127.0.0.1', '::1'].map((text) => parseNetwork(text)!),
  }
  if (heard === 'yes') await egress.resolver.lookUp('home.test', 'fresh')
  const { kind, spec, expects, ...question } = readQuestion({ kind: 'http', url, timeoutMs, ...more })
  const way = await loadKind(kind)!
  const { signal } = new AbortController()
  return judged(await way.check(spec, { egress, lookUp: 'fresh', signal, ...question }), expects, wallClock.now())
}

const verdict = ({ outcome, reason }: CheckDetail): [Outcome, Reason | null] => [outcome, reason]

async function listening<S extends Server>(server: S, host = '127.0.0.1'): Promise<number> {
  const open = new Set<Socket>()
  server.on('connection', (socket) => open.add(socket.on('error', () => undefined)))
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** Says this as soon as it is asked, and then whatever `then` does. */
const says = (text: string, then: (socket: Socket) => void = () => undefined) =>
  listening(
    createServer((socket) => {
      socket.once('data', () => {
        socket.write(text)
        then(socket)
      })
    }),
  )

const head = 'HTTP/1.1 200 OK\r\n'

test('a port that is closed: refused', async () => {
  const server = createServer()
  const port = await listening(server)
  await new Promise((resolve) => server.close(resolve))
  expect(verdict(await check(`http://shop.test:${port}/`))).toEqual(['fail', 'refused'])
})

test('a firewall that drops packets: no answer in time', async () => {
  expect(verdict(await check(`http://shop.test:${await blackHole()}/`))).toEqual(['fail', 'timeout'])
})

test.each<[string, string, Reason]>([
  ['nothing at all', '', 'timeout'],
  ['headers that trickle', 'HTTP/1.1 200 OK\r\nX-A: ', 'timeout'],
  ['a body that trickles', `${head}Content-Length: 1000\r\n\r\na`, 'timeout'],
  ['a flood of interim answers', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(500), 'protocol'],
  ['100 kB of headers', `${head}${`X-A: ${'a'.repeat(1000)}\r\n`.repeat(100)}\r\n`, 'too_large'],
  ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n', 'protocol'],
])('a server that says %s', async (_name, text, reason) => {
  expect(verdict(await check(`http://shop.test:${await says(text)}/`))).toEqual(['fail', reason])
})

test.each<[string, (socket: Socket) => void]>([
  ['breaks off right after it accepted', (socket) => socket.resetAndDestroy()],
  ['closes its half without a word', (socket) => void socket.end()],
])('a server that %s: reset', async (_name, accept) => {
  const port = await listening(createServer({ allowHalfOpen: true }, accept))
  expect(verdict(await check(`http://shop.test:${port}/`))).toEqual(['fail', 'reset'])
})

test('an answer that breaks off in the middle: reset', async () => {
  const port = await says(`${head}Content-Length: 1000\r\n\r\nabc`, (socket) => void setImmediate(() => socket.end()))
  expect(verdict(await check(`http://shop.test:${port}/`))).toEqual(['fail', 'reset'])
})

test('a server that promises to keep the connection and closes its half: the answer counts', async () => {
  const text = `${head}Connection: keep-alive\r\nContent-Length: 2\r\n\r\nok`
  expect(verdict(await check(`http://shop.test:${await says(text, (socket) => void socket.end())}/`))).toEqual([
    'pass',
    null,
  ])
})

test('a body without end is read for a mebibyte, and is no failure where nobody asks about it', async () => {
  let sent = 0
  const server = createHttpServer((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  })
  const found = await check(`http://shop.test:${await listening(server)}/`, { timeoutMs: 5000 })
  expect(verdict(found)).toEqual(['pass', null])
  expect(sent).toBeLessThan(64 * 1024 * 1024)
})

test('a bomb of gzip is not unpacked beyond a mebibyte', async () => {
  const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024))
  const server = createHttpServer((_request, response) => response.setHeader('content-encoding', 'gzip').end(bomb))
  const before = process.memoryUsage().arrayBuffers
  expect(verdict(await check(`http://shop.test:${await listening(server)}/`, { timeoutMs: 5000 }))).toEqual([
    'pass',
    null,
  ])
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024)
})

const redirecting = (to: (port: number) => string) => {
  const server = createHttpServer((_request, response) => {
    response.writeHead(302, { location: to((server.address() as AddressInfo).port) }).end()
  })
  return listening(server)
}

test('redirects without end', async () => {
  const port = await redirecting((own) => `http://shop.test:${own}/again`)
  expect(verdict(await check(`http://shop.test:${port}/`))).toEqual(['fail', 'redirects'])
})

test.each([
  ['a metadata service', 'http://169.254.169.254/latest/'],
  ['a private network', 'http://10.0.0.1/'],
])('a redirect to %s is our own decision not to follow', async (_name, to) => {
  const found = await check(`http://shop.test:${await redirecting(() => to)}/`)
  expect(verdict(found)).toEqual(['inconclusive', 'blocked'])
})

test.each(['file:///etc/passwd', 'gopher://127.0.0.1/'])('a redirect to %s is not followed', async (to) => {
  const { outcome } = await check(`http://shop.test:${await redirecting(() => to)}/`)
  expect(outcome).toBe('inconclusive')
})

const ca = authority()

test('a certificate that ends in 5 days is fine, unless it is asserted that it is not', async () => {
  const url = `https://shop.test:${await secured(ca.issue({ names: ['shop.test'], until: 5 }))}/`
  expect(verdict(await check(url, { authority: ca.cert }))).toEqual(['pass', null])
  const found = await check(url, { authority: ca.cert, assertions: 'certificate.days > 14' })
  expect(verdict(found)).toEqual(['fail', 'certificate'])
})

test.each<[string, (session: ServerHttp2Session) => void]>([
  ['says that it goes away', (session) => session.goaway(0)],
  ['breaks off', (session) => session.destroy()],
])('a server that %s in HTTP/2 before it answers: reset', async (_name, how) => {
  const server = createSecureServer(ca.issue({ names: ['shop.test'] }))
  server.on('sessionError', () => undefined)
  server.on('stream', (stream: ServerHttp2Stream) => {
    stream.on('error', () => undefined)
    if (stream.session) how(stream.session as ServerHttp2Session)
    stream.close(constants.NGHTTP2_REFUSED_STREAM)
  })
  const found = await check(`https://shop.test:${await listening(server)}/`, { authority: ca.cert, version: '2' })
  expect(verdict(found)).toEqual(['fail', 'reset'])
})

const secured = (identity: Identity) =>
  listening(createTlsServer(identity, (socket) => socket.once('data', () => socket.end(`${head}\r\n`))))

test.each<[string, Identity]>([
  ['that nobody trusts', ca.issue({ names: ['shop.test'] })],
  ['that is expired', ca.issue({ names: ['shop.test'], from: -90, until: -1 })],
  ['of another name', ca.issue({ names: ['other.test'] })],
])('a certificate %s fails, and is shown', async (_name, identity) => {
  const found = await check(`https://shop.test:${await secured(identity)}/`)
  expect(verdict(found)).toEqual(['fail', 'tls'])
  expect(found.certificate).toMatchObject({ fault: expect.any(String) as string })
})

test.each<[string, Zone, string, Outcome, Reason]>([
  ['a name that does not exist', home, 'no', 'fail', 'dns'],
  [
    'a name whose servers fail, while others answer',
    (name) => (name === 'home.test' ? ['127.0.0.1'] : 'broken'),
    'yes',
    'fail',
    'dns',
  ],
  [
    'a name about which servers are silent, while others answer',
    (name) => (name === 'home.test' || name === '.' ? ['127.0.0.1'] : 'silent'),
    'yes',
    'fail',
    'dns',
  ],
  ['servers that fail for every name', () => 'broken', 'no', 'inconclusive', 'resolver'],
  ['servers that are silent about every name', () => 'silent', 'no', 'inconclusive', 'resolver'],
])('%s', async (_name, zone, heard, outcome, reason) => {
  const found = await check('http://gone.invalid/', { zone, heard, timeoutMs: 12_000 })
  expect(verdict(found)).toEqual([outcome, reason])
})

test('a name whose IPv6 address is broken is reached over IPv4', async () => {
  const port = await says(`${head}Content-Length: 0\r\n\r\n`)
  const zone: Zone = () => ['::1', '127.0.0.1']
  expect(verdict(await check(`http://shop.test:${port}/`, { zone, timeoutMs: 5000 }))).toEqual(['pass', null])
})
