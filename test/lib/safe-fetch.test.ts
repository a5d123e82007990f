import { once } from 'node:events'
import { type RequestListener, createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, type Server, type Socket, createServer as createTcpServer } from 'node:net'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { type Network, parseNetwork } from '../../src/lib/guard.ts'
import { parseHosts, resolver } from '../../src/lib/resolver.ts'
import { type Answer, type NoAnswer, type SafeRequest, safeFetch } from '../../src/lib/safe-fetch.ts'
import { selfSigned } from './certificate.ts'
import { type Zone, nameServer } from './name-server.ts'

const loopback = [parseNetwork('127.0.0.0/8')!, parseNetwork('::1')!]

async function ask(
  url: string,
  { allow = loopback, zone, ...request }: Partial<SafeRequest> & { allow?: Network[]; zone?: Zone } = {},
): Promise<Answer | NoAnswer> {
  const servers = zone ? [(await nameServer(zone)).address] : ['127.0.0.1:9']
  return safeFetch(
    { resolver: resolver({ servers, hostsFile: '/nowhere' }), allow },
    {
      url,
      method: 'GET',
      headers: {},
      body: null,
      timeoutMs: 2000,
      followRedirects: 'yes',
      verifyTls: 'yes',
      lookUp: 'fresh',
      ...request,
    },
  )
}

/** What was found, in a word or a number. */
const short = (answer: Answer | NoAnswer) => ('fault' in answer ? answer.fault : answer.status)

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

const serve = (listener: RequestListener) => listening(createServer(listener))

/** A server that counts who connects: to be left alone. */
async function canary(): Promise<{ port: number; touched: () => number }> {
  let touched = 0
  const port = await listening(createTcpServer((socket) => ((touched += 1), socket.destroy())))
  return { port, touched: () => touched }
}

test('an answer comes with its status, its body and the time of each phase', async () => {
  const port = await serve((_request, response) => response.end('well'))
  const answer = await ask(`http://localhost:${port}/health`)
  expect(answer).toMatchObject({ status: 200, redirects: 0, cut: 'no', certificate: null, phases: { tls: null } })
  expect('body' in answer && answer.body.toString()).toBe('well')
})

test('no more of an answer is read than as many bytes as were asked for', async () => {
  const port = await serve((_request, response) => response.end('x'.repeat(100_000)))
  const answer = await ask(`http://127.0.0.1:${port}/`, { most: 10 })
  expect('body' in answer && [answer.body.toString(), answer.cut]).toEqual(['x'.repeat(10), 'yes'])
})

test('the name is said to the server, although the address is connected to', async () => {
  let host: string | undefined
  const port = await serve((request, response) => ((host = request.headers.host), response.end()))
  expect(short(await ask(`http://shop.test:${port}/`, { zone: () => ['127.0.0.1'] }))).toBe(200)
  expect(host).toBe(`shop.test:${port}`)
})

test('without a list, nothing on this machine is connected to', async () => {
  const { port, touched } = await canary()
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '0', '[::1]']) {
    expect(short(await ask(`http://${host}:${port}/`, { allow: [] }))).toBe('blocked')
  }
  for (const answer of [['127.0.0.1'], ['1.1.1.1', '127.0.0.1'], ['169.254.169.254'], ['::ffff:127.0.0.1'], ['::1']]) {
    expect(short(await ask(`http://rebind.test:${port}/`, { allow: [], zone: () => answer }))).toBe('blocked')
  }
  expect(touched()).toBe(0)
})

test('a name that changes its address between two questions is asked once, and what was judged is connected to', async () => {
  const { port, touched } = await canary()
  const rebinding: Zone = (_name, times) => (times === 0 ? ['192.0.2.1'] : ['127.0.0.1'])
  const allow = [parseNetwork('192.0.2.0/24')!]
  const answer = await ask(`http://rebind.test:${port}/`, { allow, zone: rebinding, timeoutMs: 300 })
  expect(['timeout', 'prober', 'unreachable', 'refused']).toContain(short(answer))
  expect(touched()).toBe(0)
})

test('each redirect is judged', async () => {
  const { port: forbidden, touched } = await canary()
  for (const location of [
    `http://[::1]:${forbidden}/`,
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    `http://user@127.0.0.1:${forbidden}/`,
    'http://127.0.0.1:22/',
  ]) {
    const port = await serve((_request, response) => response.writeHead(302, { location }).end())
    expect(short(await ask(`http://127.0.0.1:${port}/`, { allow: [parseNetwork('127.0.0.1')!] }))).toBe('blocked')
  }
  expect(touched()).toBe(0)
})

test('five redirects are followed, a sixth is not, and none if not wanted', async () => {
  const port = await serve((request, response) => {
    const left = Number(request.url?.slice(1))
    if (left === 0) return response.end('there')
    return response.writeHead(302, { location: `/${left - 1}` }).end()
  })
  expect(await ask(`http://127.0.0.1:${port}/5`)).toMatchObject({ status: 200, redirects: 5 })
  expect(short(await ask(`http://127.0.0.1:${port}/6`))).toBe('redirects')
  expect(short(await ask(`http://127.0.0.1:${port}/6`, { followRedirects: 'no' }))).toBe(302)
})

test('secrets do not follow a redirect to another origin', async () => {
  const seen: Record<string, unknown>[] = []
  const second = await serve((request, response) => (seen.push(request.headers), response.end()))
  const first = await serve((_request, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${second}/` }).end(),
  )
  const headers = { Authorization: 'Bearer secret', 'X-Api-Key': 'secret', Cookie: 'a=secret', 'Accept-Language': 'fa' }
  expect(short(await ask(`http://127.0.0.1:${first}/`, { headers }))).toBe(200)
  expect(JSON.stringify(seen)).not.toContain('secret')
  expect(seen[0]).toMatchObject({ 'accept-language': 'fa' })
  expect(short(await ask(`http://127.0.0.1:${first}/`, { method: 'POST', body: 'secret' }))).toBe('redirects')
})

const zeros = Buffer.alloc(200 * 1024 * 1024)
const inOnePiece = gzipSync(zeros.subarray(0, 1024 * 1024))
test.each([
  ['gzip', gzipSync(zeros)],
  ['x-gzip', Buffer.concat(Array<Buffer>(200).fill(inOnePiece))],
  ['deflate', deflateSync(zeros)],
  ['br', brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })],
])('a bomb of %s is read for a mebibyte and no further', async (packing, bomb) => {
  const port = await serve((_request, response) => response.writeHead(200, { 'content-encoding': packing }).end(bomb))
  const answer = await ask(`http://127.0.0.1:${port}/`)
  expect(answer).toMatchObject({ status: 200, cut: 'yes' })
  expect('body' in answer && answer.body.length).toBe(1024 * 1024)
})

test('what is packed twice stays packed, and what never unpacks to anything ends in time', async () => {
  const twice = gzipSync(gzipSync(zeros))
  const packed = await serve((_request, response) =>
    response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(twice),
  )
  expect(await ask(`http://127.0.0.1:${packed}/`)).toMatchObject({ cut: 'no', body: twice })
  // Blocks of deflate with nothing in them, without end.
  const nothing = Buffer.alloc(50_000, Buffer.from([0, 0, 0, 0xff, 0xff]))
  const endless = await serve((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).write(gzipSync('').subarray(0, 10))
    const more = (): void => void (response.write(nothing) ? setImmediate(more) : response.once('drain', more))
    more()
  })
  expect(short(await ask(`http://127.0.0.1:${endless}/`, { timeoutMs: 300 }))).toBe('timeout')
})

test('a body without end is cut as well', async () => {
  const port = await serve((_request, response) => {
    const more = (): void =>
      void (response.write(Buffer.alloc(65_536)) ? setImmediate(more) : response.once('drain', more))
    more()
  })
  expect(await ask(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 200, cut: 'yes' })
})

test.each([
  ['a body that trickles', 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\na', 'timeout'],
  ['headers that never end', 'HTTP/1.1 200 OK\r\nX-A: ', 'timeout'],
  ['silence', '', 'timeout'],
  [
    'a flood of headers',
    `HTTP/1.1 200 OK\r\n${'X-A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n'.repeat(3000)}\r\n`,
    'too_large',
  ],
  ['a flood of interim answers', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(200), 'protocol'],
  ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n', 'protocol'],
  ['a broken packing', 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc', 'protocol'],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc', 'protocol'],
])('%s is a fault, in time', async (_name, bytes, fault) => {
  const port = await listening(createTcpServer((socket) => void socket.write(bytes)))
  expect(short(await ask(`http://127.0.0.1:${port}/`, { timeoutMs: 400 }))).toBe(fault)
})

test('an answer that breaks off is a reset', async () => {
  const port = await listening(
    createTcpServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc')
      setImmediate(() => socket.resetAndDestroy())
    }),
  )
  expect(short(await ask(`http://127.0.0.1:${port}/`))).toBe('reset')
})

test('a closed port is refused', async () => {
  const server = createTcpServer()
  const port = await listening(server)
  server.close()
  await once(server, 'close')
  expect(short(await ask(`http://127.0.0.1:${port}/`))).toBe('refused')
})

test('a name that is not there is their fault; a resolver that is silent is ours', async () => {
  expect(short(await ask('http://gone.test/', { zone: () => 'absent' }))).toBe('dns')
  expect(short(await ask('http://gone.test/', { zone: () => 'silent', timeoutMs: 300 }))).toBe('resolver')
  expect(short(await ask('http://gone.test/', { zone: () => 'broken' }))).toBe('resolver')
})

test('a name whose servers fail while others are answered is their fault', async () => {
  const { address } = await nameServer((name) => (name === 'well.test' ? ['192.0.2.1'] : 'broken'))
  const names = resolver({ servers: [address], hostsFile: '/nowhere' })
  expect(await names.lookUp('ill.test', 'fresh')).toEqual({ failure: 'unanswered' })
  expect(await names.lookUp('well.test', 'fresh')).toEqual({ addresses: ['192.0.2.1'] })
  expect(await names.lookUp('ill.test', 'fresh')).toEqual({ failure: 'broken' })
})

test('a proxy of the environment is ignored', async () => {
  const { port: proxy, touched } = await canary()
  const before = { ...process.env }
  onTestFinished(() => void (process.env = before))
  process.env = {
    ...before,
    HTTP_PROXY: `http://127.0.0.1:${proxy}`,
    http_proxy: `http://127.0.0.1:${proxy}`,
    NODE_USE_ENV_PROXY: '1',
  }
  const port = await serve((_request, response) => response.end())
  expect(short(await ask(`http://127.0.0.1:${port}/`))).toBe(200)
  expect(touched()).toBe(0)
})

test('a line break in a header sends nothing', async () => {
  let requests = 0
  const port = await serve((_request, response) => ((requests += 1), response.end()))
  const headers = { 'x-a': 'b\r\nTransfer-Encoding: chunked' }
  expect(short(await ask(`http://127.0.0.1:${port}/`, { headers }))).toBe('protocol')
  expect(requests).toBe(0)
})

test('a certificate that nobody trusts fails, is shown, and passes where it is not to be verified', async () => {
  const server = createTlsServer(selfSigned, (_request, response) => response.end('well'))
  const port = await listening(server)
  const zone: Zone = () => ['127.0.0.1']
  const untrusted = await ask(`https://shop.test:${port}/`, { zone })
  expect(untrusted).toMatchObject({
    fault: 'tls',
    certificate: { subject: 'shop.test', fault: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  })
  const trusted = await ask(`https://shop.test:${port}/`, { zone, verifyTls: 'no' })
  expect(trusted).toMatchObject({
    status: 200,
    certificate: { subject: 'shop.test' },
    phases: { tls: expect.any(Number) as number },
  })
})

test('a hosts file is read as everywhere', () => {
  const hosts = parseHosts('127.0.0.1 localhost # us\n10.0.0.7\tdb DB.internal\n::1 localhost\nnonsense here\n')
  expect([...hosts]).toEqual([
    ['localhost', ['127.0.0.1', '::1']],
    ['db', ['10.0.0.7']],
    ['db.internal', ['10.0.0.7']],
  ])
})
