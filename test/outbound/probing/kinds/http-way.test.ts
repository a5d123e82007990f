import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { selfSigned } from '../../../lib/certificate.ts'
import { closedPort, portOf } from '../circumstances.ts'
import { checked, webServer } from './checked.ts'

const verdict = ({ outcome, reason }: Awaited<ReturnType<typeof checked>>) => [outcome, reason]

/** Leads on to wherever its path says. */
const leading = () =>
  webServer((request, response) => {
    const to = decodeURIComponent(request.url?.slice(1) ?? '')
    if (to === '') response.end('there')
    else response.writeHead(302, { location: to }).end()
  })

test.each<[string, string, string, [string, string | null]]>([
  ['none', 'http://shop.test', 'http://shop.test', ['fail', 'status']],
  ['origin', 'http://shop.test', 'http://shop.test', ['pass', null]],
  ['origin', 'http://shop.test', 'http://www.shop.test', ['fail', 'redirects']],
  ['site', 'http://shop.test', 'http://www.shop.test', ['pass', null]],
  ['site', 'http://www.shop.test', 'http://shop.test', ['pass', null]],
  ['site', 'http://shop.test', 'http://notshop.test', ['fail', 'redirects']],
  ['site', 'http://a.test', 'http://b.test', ['fail', 'redirects']],
  ['any', 'http://shop.test', 'http://other.test', ['pass', null]],
])('with redirects to %s, one from %s to %s ends so', async (redirects, from, to, ends) => {
  const { port } = new URL(await leading())
  const url = `${from}:${port}/${encodeURIComponent(`${to}:${port}/`)}`
  expect(verdict(await checked({ url, redirects }))).toEqual(ends)
})

test('a redirect from https to http is a failure unless it is let pass', async () => {
  const plain = await leading()
  const port = await portOf(
    createTlsServer(selfSigned, (_request, response) => void response.writeHead(302, { location: plain }).end()),
  )
  const question = { url: `https://shop.test:${port}/`, verifyTls: 'no' }
  expect(verdict(await checked(question))).toEqual(['fail', 'redirects'])
  expect(verdict(await checked({ ...question, downgrade: 'yes' }))).toEqual(['pass', null])
})

test('no more redirects are followed than were allowed', async () => {
  const origin = await leading()
  const url = `${origin}/${encodeURIComponent(`/${encodeURIComponent('/')}`)}`
  expect(await checked({ url, mostRedirects: 2 })).toMatchObject({ outcome: 'pass', redirects: 2 })
  expect(verdict(await checked({ url, mostRedirects: 1 }))).toEqual(['fail', 'redirects'])
})

test('only the chosen family of addresses is used', async () => {
  const origin = await webServer((_request, response) => void response.end())
  const url = origin.replace('127.0.0.1', 'localhost')
  const where = ['127.0.0.1', '::1']
  expect(verdict(await checked({ url, family: 'ipv4' }, where))).toEqual(['pass', null])
  expect(verdict(await checked({ url, family: 'ipv6' }, where))).not.toEqual(['pass', null])
  expect(verdict(await checked({ url: origin, family: 'ipv6' }, where))).toEqual(['fail', 'dns'])
})

interface Proxy {
  readonly proxy: string
  /** Whom it was asked to connect to, and with which word. */
  readonly asked: string[]
}

/** A real proxy: connects to this machine, whatever name it is told. */
async function proxying(answer: (request: IncomingMessage) => number = () => 200): Promise<Proxy> {
  const asked: string[] = []
  const server = createServer((_request, response) => void response.writeHead(405).end())
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? '-'}`)
    const status = answer(request)
    socket.on('error', () => undefined)
    if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\n\r\n`)
    const { port } = new URL(`http://${request.url}`)
    const onward = connect(Number(port), '127.0.0.1')
    onward.on('error', () => void socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'))
    void once(onward, 'connect').then(
      () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
        onward.pipe(socket).pipe(onward)
      },
      () => undefined,
    )
  })
  return { proxy: `http://127.0.0.1:${await portOf(server)}/`, asked }
}

test('through a proxy the name goes out as it is, and nobody here looks it up', async () => {
  const { proxy, asked } = await proxying()
  let heard: IncomingMessage['headers'] = {}
  const { port } = new URL(
    await webServer((request, response) => {
      heard = request.headers
      response.end()
    }),
  )
  const url = `http://far.away.example:${port}/`
  expect(verdict(await checked({ url, proxy, proxyUser: 'us', proxyPassword: 'a word' }))).toEqual(['pass', null])
  expect(asked).toEqual([`far.away.example:${port} Basic ${Buffer.from('us:a word').toString('base64')}`])
  expect(heard['proxy-authorization']).toBeUndefined()
  expect(heard.host).toBe(`far.away.example:${port}`)
})

test('through a proxy TLS is spoken with the target itself', async () => {
  const { proxy } = await proxying()
  const port = await portOf(createTlsServer(selfSigned, (_request, response) => void response.end()))
  const question = { url: `https://shop.example:${port}/`, proxy }
  expect(await checked({ ...question, verifyTls: 'no' })).toMatchObject({
    outcome: 'pass',
    phases: { tls: expect.any(Number) as number },
  })
  expect(verdict(await checked(question))).toEqual(['fail', 'tls'])
})

test.each<[string, number, [string, string]]>([
  ['wants to know who we are', 407, ['inconclusive', 'proxy']],
  ['lets us not go there', 403, ['inconclusive', 'proxy']],
  ['cannot reach the target', 502, ['fail', 'unreachable']],
  ['waited for the target in vain', 504, ['fail', 'unreachable']],
])('a proxy that %s is judged so', async (_name, status, judged) => {
  const { proxy } = await proxying(() => status)
  expect(verdict(await checked({ url: 'https://shop.example/', proxy }))).toEqual(judged)
})

test('that a proxy is away, or no proxy, is no fault of the target', async () => {
  const away = `http://127.0.0.1:${await closedPort()}/`
  expect(verdict(await checked({ url: 'https://shop.example/', proxy: away }))).toEqual(['inconclusive', 'proxy'])
  const other = await webServer((_request, response) => void response.end('no proxy'))
  expect(verdict(await checked({ url: 'https://shop.example/', proxy: other }))).toEqual(['inconclusive', 'proxy'])
  const unknown = await checked({ url: 'https://shop.example/', proxy: 'http://proxy.example:3128' })
  expect(verdict(unknown)).toEqual(['inconclusive', 'proxy'])
})

test.each([
  'http://169.254.169.254/',
  'http://10.0.0.1/',
  'http://[::ffff:10.0.0.1]/',
  'http://localhost:8080/',
  'http://metadata.google.internal/',
  'http://2130706434/',
])('a proxy is not asked for %s', async (url) => {
  const { proxy, asked } = await proxying()
  expect(verdict(await checked({ url, proxy }))).toEqual(['inconclusive', 'blocked'])
  expect(asked).toEqual([])
})

test('a proxy is itself behind the guard', async () => {
  const { proxy, asked } = await proxying()
  const url = 'https://shop.example/'
  expect(verdict(await checked({ url, proxy }, ['10.0.0.0/8']))).toEqual(['inconclusive', 'blocked'])
  expect(asked).toEqual([])
})
