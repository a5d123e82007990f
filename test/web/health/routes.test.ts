import Fastify from 'fastify'
import supertest from 'supertest'
import { expect, onTestFinished, test } from 'vitest'
import { createHealth, type Health } from '../../../src/lib/health.ts'
import { health } from '../../../src/web/health/routes.ts'

async function server(of: Health) {
  const app = Fastify()
  onTestFinished(() => app.close())
  await app.register(health, { health: of })
  await app.ready()
  return supertest(app.server)
}

test('a process that lives says so, whatever it can do', async () => {
  const sick = createHealth()
  sick.watch('database', () => 'gone')
  const answer = await (await server(sick)).get('/healthz').expect(200)
  expect(answer.body).toEqual({ status: 'alive' })
})

test('a process is ready when every part is well', async () => {
  const well = createHealth()
  well.watch('database', () => null)
  const answer = await (await server(well)).get('/readyz').expect(200)
  expect(answer.body).toEqual({ status: 'ready', failing: [], parts: { database: 'well' } })
  expect(answer.headers['cache-control']).toBe('no-store')
})

test('each failing part is named', async () => {
  const sick = createHealth()
  sick.watch('database', () => 'nothing could be written for 20 seconds')
  sick.watch('prober', () => null)
  const answer = await (await server(sick)).get('/readyz').expect(503)
  expect(answer.body).toEqual({
    status: 'not ready',
    failing: ['database'],
    parts: { database: 'nothing could be written for 20 seconds', prober: 'well' },
  })
})
