import { expect, test } from 'vitest'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { postUpdate } from '../../../src/domain/incidents/commands.ts'
import { changeProbe, removeProbe } from '../../../src/domain/probes/commands.ts'
import { batchOf, takeResults } from '../../../src/outbound/probing/take-results.ts'
import { ada, found, watched } from './watched.ts'

test('an outage that begins after the clock was set back is disclosed all the same', async () => {
  const { clock, finds, incidents, status } = await watched({ policy: 'publish' })
  await finds('ppp')
  clock.set('2026-11-21T11:00:00.000Z')
  await finds('fff')
  expect(await incidents()).toMatchObject([{ began_at: '2026-11-21T11:01:00.000Z' }])
  expect(await status()).toBe('major_outage')
})

test('what is found down after nobody looked for a day is told, whatever became of the failure before', async () => {
  const { it, clock, finds, incidents, jobs, status } = await watched({ policy: 'publish' })
  await finds('pppfff')
  const [incident] = await incidents()
  await it.change(ada, (change) => postUpdate(change, incident!.id, { stage: 'resolved', body: 'We fixed it.' }))
  clock.advance('1d')
  await jobs()
  await finds('fff')
  expect((await incidents()).map(({ over_at: over }) => over === null)).toEqual([false, true])
  expect(await status()).toBe('major_outage')
})

test('what a person resolved stays resolved when the prober was away for a few minutes', async () => {
  const { it, clock, finds, incidents, jobs } = await watched({ policy: 'publish' })
  await finds('pppfff')
  const [incident] = await incidents()
  await it.change(ada, (change) => postUpdate(change, incident!.id, { stage: 'resolved', body: 'We fixed it.' }))
  clock.advance('5m')
  await jobs()
  await finds('fff')
  expect(await incidents()).toHaveLength(1)
})

test('what the old question found does not answer the new one', async () => {
  const { it, id, clock, finds, status } = await watched()
  await finds('ppp')
  clock.advance('60s')
  const batch = batchOf([{ probeId: id, ageMs: 500, outcome: 'pass', reason: null, ms: 5, code: 200 }], clock)
  await it.change(ada, (change) => changeProbe(change, id, { url: 'https://other.test/', successesNeeded: 1 }))
  await takeResults(it, batch)
  expect(await status()).toBe('unknown')
  await finds('p')
  expect(await status()).toBe('operational')
})

test('a component whose probe was removed while it failed is not well because its neighbour is', async () => {
  const { it, component, probe, incidents, status } = await watched({ policy: 'publish' })
  const group = await it.change(ada, (change) => createGroup(change, { name: 'Europe' }))
  const [tills, cards] = [await component('Tills', group), await component('Cards', group)]
  const [first, second] = [await probe(tills), await probe(cards)]
  await found(it, first, 'pppfff')
  await found(it, second, 'pppfff')
  await it.change(ada, (change) => removeProbe(change, first))
  await found(it, second, 'ppp')
  expect([await status(tills), await status(cards)]).toEqual(['major_outage', 'operational'])
  expect(await incidents()).toMatchObject([{ stage: 'investigating', over_at: null }])
})

test('what comes back a third time within two hours comes and goes: said once, then held until it is calm for an hour', async () => {
  const { it, finds, incidents, jobs, status } = await watched({ policy: 'publish' })
  await finds('pppfff')
  await finds('pppfff'.repeat(12))
  const said = () => it.db.selectFrom('updates').selectAll().orderBy('displayed_at').execute()
  const words = await said()
  expect(words.map(({ stage }) => stage)).toEqual([
    'investigating',
    'monitoring',
    'investigating',
    'monitoring',
    'investigating',
    'monitoring',
    'investigating',
  ])
  expect(words.at(-1)?.body).toContain('keeps failing and recovering')
  expect(Object.keys(JSON.parse(words.at(-1)!.translations) as object)).toHaveLength(4)
  expect(await status()).toBe('degraded_performance')
  await finds('p'.repeat(59))
  await jobs()
  expect(await status()).toBe('degraded_performance')
  expect(await said()).toHaveLength(7)
  await finds('ppp')
  await jobs()
  expect(await status()).toBe('operational')
  expect((await said()).at(-1)).toMatchObject({ stage: 'resolved', source: 'clock' })
  expect(await incidents()).toMatchObject([{ stage: 'resolved', over_at: '2026-11-21T13:19:00.000Z' }])
})

test('what is said to come and go and then stays away is down, and that is said', async () => {
  const { it, finds, incidents, jobs, status } = await watched({ policy: 'publish' })
  await finds(`pppfff${'pppfff'.repeat(4)}`)
  expect(await status()).toBe('degraded_performance')
  await finds('f'.repeat(11))
  await jobs()
  expect(await status()).toBe('degraded_performance')
  await finds('ff')
  await jobs()
  expect(await status()).toBe('major_outage')
  expect(await incidents()).toMatchObject([{ intermittent_at: null, over_at: null }])
  const impacts = await it.db
    .selectFrom('impacts')
    .select(['status', 'began_at', 'ended_at'])
    .where('incident_id', 'is not', null)
    .orderBy('began_at')
    .execute()
  // It was down since the first check of the last stretch, and impaired until then.
  expect(impacts.slice(-2).map((one) => [one.status, one.began_at.slice(11, 16), one.ended_at?.slice(11, 16)])).toEqual(
    [
      ['degraded_performance', '12:22', '12:28'],
      ['major_outage', '12:28', undefined],
    ],
  )
})

test('a draft that cannot be published does not keep the others waiting', async () => {
  const { it, component, probe, finds, incidents, clock, jobs } = await watched()
  const other = await probe(await component('Pay'))
  await finds('pppfff')
  await found(it, other, 'pppfff')
  // As a bug, or a hand in the database, could leave it.
  const [broken] = await incidents()
  await it.db.deleteFrom('updates').where('incident_id', '=', broken!.id).execute()
  clock.advance('6m')
  await jobs().catch(() => undefined)
  expect((await incidents()).map(({ told_at: told }) => told !== null)).toEqual([false, true])
})
