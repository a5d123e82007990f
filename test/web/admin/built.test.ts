import type { FastifyRequest } from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import { createProvider, egressOf } from '../../../src/outbound/signing-on/provider.ts'
import { adminFace } from '../../../src/web/admin/routes.ts'
import { emptyHouse, furnish } from '../../../src/web/shared/house.ts'
import { world } from '../../world.ts'

test('while the desk is built, others have their turn between its pages', async () => {
  const it = await world()
  const house = emptyHouse(it)
  onTestFinished(() => house.close())
  await furnish(house, { ...it, load: { isReady: () => false, delay: () => 0, underWay: new Set<FastifyRequest>() } })
  let turn = 0
  let next = setImmediate(function count() {
    turn += 1
    next = setImmediate(count)
  })
  onTestFinished(() => clearImmediate(next))
  const routes = new Map<number, number>()
  house.addHook('onRoute', () => void routes.set(turn, (routes.get(turn) ?? 0) + 1))
  await house.register(adminFace, {
    ...it,
    prober: () => null,
    provider: createProvider({ ...it, egress: egressOf(it.config) }),
    settled: async () => undefined,
    followed: async () => undefined,
    checkMail: null,
  })
  const all = [...routes.values()].reduce((sum, count) => sum + count, 0)
  expect(Math.max(...routes.values())).toBeLessThan(all / 3)
})
