import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { shedLoad } from '../../../src/web/shared/pressure.ts'

/** What a process answers that is so much late. */
async function answers(delay: number): Promise<Record<string, number>> {
  const app = Fastify()
  onTestFinished(() => app.close())
  shedLoad(app, { isReady: (path) => path === '/', delay: () => delay })
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
  shedLoad(app, { isReady: () => false, delay: () => 0 })
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
