import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { plainAddress, plainClients } from '../../../src/web/shared/plain-request.ts'
import { world } from '../../world.ts'

test.each([
  ['/', '/'],
  ['/history?q=%61#%61', '/history?q=%61#%61'],
  ['http://other.example/admin?a=b', '/admin?a=b'],
  ['HTTPS://other.example', '/'],
  ['http://other.example?a', '/?a'],
  ['http://other.example//admin', '//admin'],
  ['/%61dmin/%53ign%2Din', '/admin/Sign-in'],
  ['/a%2Fb%3Fc%23d%25%2e', '/a%2Fb%3Fc%23d%25.'],
  ['/%%341/%4%31/%zz', '/%%341/%4%31/%zz'],
  ['/caf%C3%A9', '/caf%C3%A9'],
  ['*', '/*'],
])('%s is %s', (written, plain) => {
  expect(plainAddress(written)).toBe(plain)
  expect(plainAddress(plain)).toBe(plain)
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:4711', '203.0.113.7'],
  ['198.51.100.1:80 ,[2001:db8::7]:443,2001:db8::7', '198.51.100.1, 2001:db8::7, 2001:db8::7'],
  ['[2001:db8::7]', '2001:db8::7'],
  ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
  [`${'x'.repeat(9000)}, 203.0.113.7`, 'unknown, 203.0.113.7'],
  [`2001:db8::7%${'x'.repeat(9000)}`, 'unknown'],
  [`${','.repeat(9000)}203.0.113.7`, `${'unknown, '.repeat(31)}203.0.113.7`],
  ['', 'unknown'],
  ['203.0.113.7:x', 'unknown'],
])('a proxy that says %s means %s', (chain, meant) => {
  const headers = { 'x-forwarded-for': chain }
  plainClients({ headers })
  expect(headers).toEqual({ 'x-forwarded-for': meant })
})

test('where nobody says so, nobody is asked for', () => {
  const headers = {}
  plainClients({ headers })
  expect(headers).toEqual({})
})

test('behind a proxy that writes ports too, one network sends as much as one network may', async () => {
  const { app } = await (await world({ CANDOR_TRUST_PROXY: '127.0.0.1' })).app()
  const report = async (client: string): Promise<number> => {
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      'x-forwarded-for': client,
    }
    return (await app.inject({ method: 'POST', url: '/reports', headers, payload: '' })).statusCode
  }
  const statuses: number[] = []
  for (let port = 40_000; port < 40_200; port += 1) statuses.push(await report(`203.0.113.7:${port}`))
  expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(60)
})

test('the whole server is no page, and a page that is named before its path is that page', async () => {
  const { app, publication } = await (await world()).app()
  await publication.settled()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const first = async (line: string): Promise<string> => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write(`${line} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
    return (await text(socket)).split('\r\n', 1)[0] ?? ''
  }
  for (const method of ['GET', 'HEAD', 'POST', 'OPTIONS']) {
    expect(await first(`${method} *`), method).toBe('HTTP/1.1 404 Not Found')
  }
  expect(await first('GET http://other.example/')).toBe('HTTP/1.1 200 OK')
  expect(await first('GET http://other.example/index.md')).toBe('HTTP/1.1 200 OK')
})
