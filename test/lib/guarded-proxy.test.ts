import { once } from 'node:events'
import { type IncomingMessage, type RequestListener, createServer, request } from 'node:http'
import { type AddressInfo, type Server, type Socket, connect, createServer as createTcpServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { parseNetwork } from '../../src/lib/guard.ts'
import { type GuardedProxy, guardedProxy } from '../../src/lib/guarded-proxy.ts'
import { resolver } from '../../src/lib/resolver.ts'
import { nameServer } from './name-server.ts'

const password = 'known to two'
const authorization = `Basic ${Buffer.from(`candor:${password}`).toString('base64')}`

async function proxy(allow: readonly string[] = ['127.0.0.1']): Promise<GuardedProxy> {
  const names = await nameServer((name) => (name.endsWith('.test') ? ['127.0.0.1'] : 'absent'))
  const egress = {
    resolver: resolver({ servers: [names.address], hostsFile: '/dev/null' }),
    allow: allow.map((text) => parseNetwork(text)!),
  }
  const made = await guardedProxy(egress, { lookUp: 'fresh', password, signal: new AbortController().signal })
  onTestFinished(() => made.close())
  return made
}

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const site = (listener: RequestListener): Promise<number> => portOf(createServer(listener))

/** What a browser sends for a page without TLS; answers the status and the body. */
async function get({ url }: GuardedProxy, address: string, headers: object = { 'proxy-authorization': authorization }) {
  const asked = request(url, { path: address, headers: { ...headers } as Record<string, string> })
  asked.end()
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const chunks: Buffer[] = []
  answer.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(answer, 'close')
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() }
}

/** What a browser sends for everything else; answers the first line and the socket behind it. */
async function tunnel(
  { url }: GuardedProxy,
  authority: string,
  as = authorization,
): Promise<{ said: string; socket: Socket }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\nProxy-Authorization: ${as}\r\n\r\n`)
  const [data] = (await once(socket, 'data')) as [Buffer]
  return { said: data.toString().split('\r\n')[0] ?? '', socket }
}

test('a page goes through, without what was meant for the proxy', async () => {
  const port = await site((asked, answer) => {
    answer.setHeader('x-heard', JSON.stringify(asked.headers))
    answer.end(`${asked.method} ${asked.url}`)
  })
  const through = await proxy()
  const { status, body, headers } = await get(through, `http://shop.test:${port}/a?b=c`)
  expect({ status, body }).toEqual({ status: 200, body: 'GET /a?b=c' })
  expect(headers['x-heard']).not.toContain('proxy')
  expect(headers['x-heard']).toContain(`shop.test:${port}`)
  expect(through.faultOf('shop.test')).toBeNull()
})

test.each(['HTTP/1.1 099 No\r\n\r\n', 'HTTP/1.1 101 Up\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n', 'no HTTP'])(
  'an answer that cannot be handed on, such as %j, is none, and others are served',
  async (answer) => {
    const port = await portOf(createTcpServer((socket) => void socket.on('error', () => undefined).write(answer)))
    const through = await proxy()
    await expect(get(through, `http://shop.test:${port}/`)).rejects.toThrow('socket hang up')
    const well = await site((_asked, response) => void response.end('well'))
    expect(await get(through, `http://shop.test:${well}/`)).toMatchObject({ status: 200, body: 'well' })
  },
)

test('a tunnel carries both ways', async () => {
  const port = await portOf(createTcpServer((socket) => socket.pipe(socket)))
  const { said, socket } = await tunnel(await proxy(), `shop.test:${port}`)
  expect(said).toBe('HTTP/1.1 200 Connected')
  socket.write('hello')
  expect(String((await once(socket, 'data'))[0])).toBe('hello')
})

test('nobody else on this machine gets through it', async () => {
  let asked = 0
  const port = await site(() => (asked += 1))
  const through = await proxy()
  expect(await get(through, `http://shop.test:${port}/`, {})).toMatchObject({ status: 407 })
  expect((await tunnel(through, `shop.test:${port}`, 'Basic Y2FuZG9yOg==')).said).toBe('HTTP/1.1 407 Who?')
  expect(asked).toBe(0)
})

test('what listens nowhere, and what has no name, is told apart', async () => {
  const through = await proxy()
  expect(await get(through, 'http://nowhere.example/')).toMatchObject({ status: 502 })
  expect(through.faultOf('nowhere.example')).toBe('dns')
  expect((await tunnel(through, '127.0.0.1:9999')).said).toBe('HTTP/1.1 502 No')
})

// security.md §4: every way to write an address that is not the public's.
// prettier-ignore
const literals = [
  '127.0.0.1', '127.1', '0', '0x7f.1', '2130706433', '017700000001', '127.0.0.1.', 'localhost', 'LOCALHOST', 'localhost.',
  'api.localhost', 'shop.test', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]', '[fe80::1]', '[fd12::1]', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', '169.254.169.254',
  '192.0.0.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '[ff02::1]', '[2001:db8::1]', '[fd00:ec2::254]',
  '100.100.100.200', '168.63.129.16',
]

test('no address that is not the public’s is reached, however it is written', async () => {
  const reached: string[] = []
  const port = await portOf(createTcpServer(() => reached.push('canary')))
  const through = await proxy([])
  for (const host of literals) {
    expect(await get(through, `http://${host}:${port}/`), host).toMatchObject({ status: 502, body: '' })
    expect((await tunnel(through, `${host}:${port}`)).said, host).toBe('HTTP/1.1 502 No')
  }
  expect(through.faultOf('127.0.0.1')).toBe('blocked')
  expect(reached).toEqual([])
})

test.each(['http://shop.test:25/', 'http://a:b@shop.test/', 'file:///etc/passwd', 'ftp://shop.test/', '/'])(
  '%s is not for it',
  async (address) => {
    expect(await get(await proxy(), address)).toMatchObject({ status: 502, body: '' })
  },
)

test.each(['shop.test:22', 'shop.test', 'a b', 'shop.test:0', 'shop.test:99999', 'shop.test:443/../..', '@'])(
  'there is no tunnel to %s',
  async (authority) => {
    const { said } = await tunnel(await proxy([]), authority)
    expect(said).toMatch(/^HTTP\/1\.1 (502|400) /)
  },
)

test('it gives up after 64 MB', async () => {
  const port = await site((_asked, answer) => {
    const more = (): void => {
      while (answer.writable && answer.write(Buffer.alloc(1024 * 1024))) continue
    }
    answer.on('drain', more)
    more()
  })
  const through = await proxy()
  await expect(get(through, `http://shop.test:${port}/`)).rejects.toThrow('aborted')
})
