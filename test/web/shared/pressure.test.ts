import { type AddressInfo, connect } from 'node:net'
import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { shedLoad } from '../../../src/web/shared/pressure.ts'

/** What a process answers that is so much late. */
async function answers(delay: number): Promise<Record<string, number>> {
  const app = Fastify()
  onTestFinished(() => app.close())
  shedLoad(app, { isReady: (path) => path === '/', delay: () => delay, underWay: new Set() })
  app.all('/*', async () => 'here')
  const asked = {
    page: ['GET', '/?utm_source=letter'],
    desk: ['POST', '/admin/incidents'],
    'sign of life': ['POST', '/hb/token'],
    search: ['GET', '/history/search?q=a'],
    past: ['GET', '/incidents/old'],
    'program reads': ['GET', '/v1/pages/x/incidents'],
    'program writes': ['POST', '/api/v1/pages/x/incidents'],
  } as const
  const all = Object.entries(asked).map(async ([name, [method, url]]) => {
    const { statusCode, headers, body } = await app.inject({ method, url })
    if (statusCode === 503) {
      expect(headers['retry-after']).toBe('5')
      expect(body).toMatch(/in a moment/)
    }
    return [name, statusCode] as const
  })
  return Object.fromEntries(await Promise.all(all))
}

const calm = {
  page: 200,
  desk: 200,
  'sign of life': 200,
  search: 200,
  past: 200,
  'program reads': 200,
  'program writes': 200,
}

test.each([
  [0, calm],
  [300, { ...calm, search: 503, past: 503 }],
  [600, { ...calm, search: 503, past: 503, 'program reads': 503 }],
  [5000, { ...calm, search: 503, past: 503, 'program reads': 503, 'program writes': 503 }],
])('%s ms late, comfort goes first, then programs, and the desk and the page never', async (delay, expected) => {
  expect(await answers(delay)).toEqual(expected)
})

test('as many as are under way count too, and no longer than they are', async () => {
  const app = Fastify()
  onTestFinished(() => app.close())
  shedLoad(app, { isReady: () => false, delay: () => 0, underWay: new Set() })
  const hold = Promise.withResolvers<void>()
  app.get('/admin/slow', async () => {
    await hold.promise
    return 'here'
  })
  app.get('/history/search', async () => 'here')
  const slow = Array.from({ length: 101 }, () => app.inject('/admin/slow').then(({ statusCode }) => statusCode))
  const search = async () => (await app.inject('/history/search')).statusCode
  expect(await search()).toBe(503)
  hold.resolve()
  expect(new Set(await Promise.all(slow))).toEqual(new Set([200]))
  expect(await search()).toBe(200)
})

test('a form that comes a byte at a time is no work yet, and an answer that nobody takes in is none any more', async () => {
  const app = Fastify()
  onTestFinished(() => app.close())
  shedLoad(app, { isReady: () => false, delay: () => 0, underWay: new Set() })
  const arrived = { forms: 0, pages: 0 }
  const all = Promise.withResolvers<void>()
  const arrives = (what: keyof typeof arrived): void => {
    arrived[what] += 1
    if (arrived.forms === 101 && arrived.pages === 101) all.resolve()
  }
  app.addHook('onRequest', async ({ method, url }, { raw }) => {
    if (method === 'POST') arrives('forms')
    // As if whoever asked never read a byte of it.
    if (url === '/admin/log') raw.end = () => (arrives('pages'), raw)
  })
  app.post('/admin/sign-in', async () => 'here')
  app.get('/admin/log', async () => 'a long answer')
  app.get('/history/search', async () => 'here')
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const half = 'POST /admin/sign-in HTTP/1.1\r\nhost: a\r\ncontent-type: text/plain\r\ncontent-length: 90\r\n\r\nem'
  for (let count = 0; count < 101; count += 1) {
    const socket = connect({ host: '127.0.0.1', port }).on('error', () => undefined)
    socket.write(half)
    onTestFinished(() => void socket.destroy())
    void app.inject('/admin/log')
  }
  await all.promise
  expect((await app.inject('/history/search')).statusCode).toBe(200)
})

test('what is refused is told as its reader reads: by the contract, as problem details, or as a sentence', async () => {
  const app = Fastify()
  onTestFinished(() => app.close())
  shedLoad(app, { isReady: () => false, delay: () => 5000, underWay: new Set() })
  app.all('/*', async () => 'here')
  const asks = async (url: string, method: 'GET' | 'POST' = 'GET') => {
    const { statusCode, headers, body } = await app.inject({ method, url })
    expect([statusCode, headers['retry-after'], headers['cache-control']]).toEqual([503, '5', 'no-store'])
    return [headers['content-type'], body] as const
  }
  const [ofContract, told] = await asks('/api/v1/pages/x/incidents')
  expect([ofContract, JSON.parse(told)]).toEqual([
    'application/json; charset=utf-8',
    { error: 'There is too much to do just now. Ask again in a moment.' },
  ])
  for (const [url, method] of [
    ['/api/places/v1/reports', 'POST'],
    ['/incidents/old.json', 'GET'],
  ] as const) {
    const [type, body] = await asks(url, method)
    expect([url, type, JSON.parse(body)]).toMatchObject([
      url,
      'application/problem+json; charset=utf-8',
      { type: '/api#not-now', status: 503, detail: expect.stringContaining('in a moment') as string },
    ])
  }
  expect(await asks('/history/search?q=a')).toEqual([
    'text/plain; charset=utf-8',
    expect.stringContaining('Many people are looking at once'),
  ])
})
