import { once } from 'node:events'
import { get } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyRequest } from 'fastify'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { everyone } from '../../../src/web/shared/access.ts'
import { emptyHouse, furnish } from '../../../src/web/shared/house.ts'
import { gate, laterHouse } from '../../../src/web/shared/later-house.ts'

const parts = {
  config: { url: 'http://status.example', trustProxy: [] },
  log: pino({ level: 'silent' }),
  load: { isReady: () => false, delay: () => 0, underWay: new Set<FastifyRequest>() },
}

/** A house with a gate; behind it what answers with what it was asked. `move` is called before each attempt to build it. */
async function withGate(move: () => Promise<void> = async () => undefined) {
  const later = laterHouse(parts, {
    name: 'desk',
    async move(house) {
      await move()
      house.all('/admin/*', { config: { access: everyone }, bodyLimit: 100 }, async ({ id, method, body, raw }) => ({
        id,
        method,
        body,
        url: raw.url,
      }))
      house.setNotFoundHandler(async (_request, reply) => reply.code(404).send('not in this house'))
    },
  })
  const app = emptyHouse(parts)
  onTestFinished(() => app.close())
  await app.register(gate, {
    prefixes: ['/admin'],
    house: later,
    sorry: (request, reply) => reply.code(503).send(`closed ${request.method}`),
  })
  await furnish(app, parts)
  app.get('/', { config: { access: everyone } }, async ({ id }) => `a page, ${id}`)
  await app.ready()
  return { app, later }
}

test('a house is built when somebody first comes, and not for who asks elsewhere', async () => {
  let times = 0
  const { app } = await withGate(async () => void (times += 1))
  expect((await app.inject('/')).body).toBe('a page, req-1')
  expect((await app.inject('/administration')).statusCode).toBe(404)
  expect(times).toBe(0)
  const { statusCode, body } = await app.inject('/admin/now?a=1')
  expect(statusCode).toBe(200)
  expect(JSON.parse(body)).toEqual({ id: 'req-desk-1', method: 'GET', url: '/admin/now?a=1' })
  await app.inject('/admin/now')
  expect(times).toBe(1)
})

test('many who come first at once wait for the one house', async () => {
  let times = 0
  const hold = Promise.withResolvers<void>()
  const { app } = await withGate(() => {
    times += 1
    return hold.promise
  })
  const first = ['/admin/a', '/admin/b', '/admin/c'].map((url) => app.inject(url))
  hold.resolve()
  expect((await Promise.all(first)).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200])
  expect(times).toBe(1)
})

test('who goes away while it is built takes nobody along', async () => {
  const [begun, hold] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { app } = await withGate(() => {
    begun.resolve()
    return hold.promise
  })
  const url = new URL('/admin/a', await app.listen({ host: '127.0.0.1', port: 0 }))
  const connected = once(app.server, 'connection') as Promise<[Socket]>
  const leaving = get(url).once('error', () => undefined)
  const [socket] = await connected
  const left = once(socket, 'close')
  await begun.promise
  const waiting = fetch(url)
  leaving.destroy()
  await left
  hold.resolve()
  expect((await waiting).status).toBe(200)
  expect((await fetch(url)).status).toBe(200)
})

test('one that could not be built says so, and is built for whoever asks next', async () => {
  let fails = true
  const { app } = await withGate(async () => {
    if (fails) throw new Error('A file is gone.')
  })
  const sorry = await app.inject({ method: 'POST', url: '/admin/a', payload: { words: 'kept by the browser' } })
  expect([sorry.statusCode, sorry.body]).toEqual([503, 'closed POST'])
  fails = false
  expect((await app.inject('/admin/a')).statusCode).toBe(200)
})

test('a route that declares nobody keeps its house closed', async () => {
  const later = laterHouse(parts, {
    name: 'desk',
    async move(house) {
      house.get('/admin/open', async () => 'everything')
    },
  })
  await expect(later.built()).rejects.toThrow('GET /admin/open does not declare who may use it')
})

test('whatever is asked goes over as it came: bodies, limits, methods, addresses of nothing', async () => {
  const { app } = await withGate()
  const post = await app.inject({ method: 'POST', url: '/admin/a', payload: { a: 1 } })
  expect(post.json()).toMatchObject({ method: 'POST', body: { a: 1 } })
  const large = await app.inject({ method: 'POST', url: '/admin/a', payload: { a: 'x'.repeat(200) } })
  expect(large.statusCode).toBe(413)
  for (const [method, url] of [
    ['GET', '/admin'],
    ['PROPFIND', '/admin/a'],
  ]) {
    const { statusCode, body, headers } = await app.inject({ method: method as 'GET', url: url ?? '' })
    expect([statusCode, body]).toEqual([404, 'not in this house'])
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
  }
})

test('a house closes with the one that leads there', async () => {
  const { app, later } = await withGate()
  const { app: house } = await later.built()
  await app.close()
  await expect(house.inject('/admin/a')).rejects.toThrow('closed')
})
