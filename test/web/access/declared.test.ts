import Fastify from 'fastify'
import { expect, test } from 'vitest'
import { demandAccess, everyone } from '../../../src/web/shared/access.ts'

test('a route that does not declare who may use it ends the start', async () => {
  const app = Fastify()
  demandAccess(app)
  const start = async (): Promise<void> => {
    await app.register(async (face) => {
      face.post('/forgotten', () => 'done')
    })
  }
  await expect(start()).rejects.toThrow('POST /forgotten does not declare who may use it')
})

test('a route of GET is listed with HEAD, which it answers as well', async () => {
  const app = Fastify({ exposeHeadRoutes: false })
  const routes = demandAccess(app)
  await app.register(
    async (face) => {
      face.get('/', { config: { access: everyone } }, () => 'here')
    },
    { prefix: '/there' },
  )
  await app.ready()
  expect(routes.map(({ method, url, access }) => `${method} ${url} ${access.to}`)).toEqual([
    'GET /there everyone',
    'HEAD /there everyone',
  ])
})
