import { expect, test } from 'vitest'
import { setRule } from '../../../src/domain/probes/verdicts/ruling.ts'
import { pauseProbe } from '../../../src/domain/probes/commands.ts'
import { ada, found, foundTogether, watched } from './watched.ts'

test('when another rule makes a system well, its incident notices', async () => {
  const it = await watched({ policy: 'publish' })
  const other = await it.probe(it.search)
  await foundTogether(it.it, { [it.id]: 'pppfff', [other]: 'pppppp' })
  expect(await it.status()).toBe('major_outage')
  await it.change(ada, (one) => setRule(one, it.search, 'all'))
  await foundTogether(it.it, { [it.id]: 'ff', [other]: 'pp' })
  await it.jobs()
  expect(await it.incidents()).toMatchObject([{ stage: 'monitoring' }])
  expect(await it.status()).toBe('operational')
})

test('what still fails when an incident is over by the rule is told again once it counts', async () => {
  const it = await watched({ policy: 'publish' })
  const other = await it.probe(it.search)
  await it.change(ada, (one) => setRule(one, it.search, 'all'))
  await foundTogether(it.it, { [it.id]: 'pppfff', [other]: 'pppfff' })
  await it.jobs()
  await foundTogether(it.it, { [it.id]: 'ffffffffffffff', [other]: 'pppppppppppppp' })
  await it.jobs()
  expect(await it.incidents()).toMatchObject([{ stage: 'resolved' }])
  await it.change(ada, (one) => pauseProbe(one, other))
  await found(it.it, it.id, 'ff')
  await it.jobs()
  expect(await it.status()).toBe('major_outage')
  expect((await it.incidents()).filter(({ over_at: over }) => over === null)).toHaveLength(1)
})

test('what was down, then not measured, and is only slow now is said to be slow', async () => {
  const it = await watched({ policy: 'publish', latencyLimitMs: '1000' })
  await it.finds('pppfff')
  expect(await it.status()).toBe('major_outage')
  it.clock.advance('5m')
  await it.jobs()
  await it.finds('sssss')
  await it.jobs()
  expect(await it.status()).toBe('degraded_performance')
})
