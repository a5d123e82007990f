import { expect, test } from 'vitest'
import type { CheckDetail } from '../../../src/domain/probes/finding.ts'
import { kinds } from '../../../src/domain/probes/kinds/index.ts'
import { resolver } from '../../../src/lib/resolver.ts'
import { places } from '../../../src/outbound/probing/places.ts'
import { runner } from '../../../src/outbound/probing/runner.ts'
import { nameServer } from '../../lib/name-server.ts'

test('who waits aside makes room for another, and is let in again', async () => {
  let told = 0
  const one = places(1, () => (told += 1))
  one.take()
  expect(one.areLeft).toBe(false)
  const { promise, resolve: goOn } = Promise.withResolvers<string>()
  const waiting = one.aside(promise)
  expect([one.areLeft, told]).toEqual([true, 1])
  one.take()
  goOn('found')
  expect(await waiting).toBe('found')
  expect(one.taken).toBe(2)
})

test('a look-up that fails gives its place back as well', async () => {
  const one = places(1, () => undefined)
  one.take()
  await expect(one.aside(Promise.reject(new Error('no such name')))).rejects.toThrow('no such name')
  expect(one.taken).toBe(1)
})

const pass: CheckDetail = {
  outcome: 'pass',
  reason: null,
  ms: 1,
  code: null,
  phases: null,
  certificate: null,
  redirects: 0,
}

test('however many names nobody answers for, those that somebody does are found beside them', async () => {
  const { address, asked } = await nameServer((name) => (name === 'healthy.test' ? ['127.0.0.1'] : 'silent'))
  const names = resolver({ servers: [address], hostsFile: '/dev/null' })
  const checked: string[] = []
  const { promise: healthyIsFound, resolve: found } = Promise.withResolvers<void>()
  const checks = runner({
    siteId: 'site',
    mostAtOnce: 4,
    wall: () => 1_800_000_000_000,
    steady: () => 0,
    targetOf: (job) => job.id,
    check: async (job, lookUp, _signal, aside) => {
      await aside(names.lookUp(job.id, lookUp))
      checked.push(job.id)
      if (job.id === 'healthy.test') found()
      return pass
    },
  })
  const ids = [...Array.from({ length: 200 }, (_, index) => `dead-${index}.test`), 'healthy.test']
  const expects = { latencyLimitMs: null, assertions: [] }
  checks.setProbes(
    ids.map((id) => ({
      id,
      kind: 'http',
      spec: kinds.http.read({ url: `http://${id}/` }),
      expects,
      timeoutMs: 10_000,
      intervalMs: 1,
      hangs: 'no',
    })),
  )
  checks.tick()
  await healthyIsFound
  // The others were asked for before it and still wait, so none of them stood in its way.
  expect(checked).toEqual(['healthy.test'])
  expect(new Set(asked).size).toBeGreaterThan(4)
})
