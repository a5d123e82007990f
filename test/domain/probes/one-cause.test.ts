import { expect, test } from 'vitest'
import { eventsBefore } from '../../../src/domain/changes/log.ts'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { editDraft } from '../../../src/domain/incidents/drafts.ts'
import { muteProbe, unmuteProbe } from '../../../src/domain/probes/muting.ts'
import { later } from '../../../src/lib/clock.ts'
import { ada, found, foundTogether, types, watched } from './watched.ts'

test('what depends on something that fails opens nothing of its own, and is told when only it goes on failing', async () => {
  const { it, component, probe, incidents, jobs, status } = await watched({ policy: 'publish' })
  const [wire, shop] = [await component('Wire'), await component('Shop')]
  const parent = await probe(wire)
  const child = await probe(shop, { dependsOn: parent })
  // When the child is found down, its parent is in doubt already, so it waits.
  await foundTogether(it, { [parent]: 'pppppf', [child]: 'pppfff' })
  await jobs()
  expect(await incidents()).toEqual([])
  await foundTogether(it, { [parent]: 'ff', [child]: 'ff' })
  await jobs()
  expect(await incidents()).toMatchObject([{ name: 'Wire does not answer' }])
  expect(await status(shop)).toBe('operational')
  await foundTogether(it, { [parent]: 'ppp', [child]: 'fff' })
  await jobs()
  expect((await incidents()).map(({ name }) => name)).toEqual(['Wire does not answer', 'Shop does not answer'])
})

test('what is found down before its parent was asked waits until it was', async () => {
  const { it, component, probe, incidents, jobs } = await watched({ policy: 'publish', intervalSeconds: 300 })
  const [wire, shop] = [await component('Wire'), await component('Shop')]
  const parent = await probe(wire)
  const child = await probe(shop, { dependsOn: parent })
  await foundTogether(it, { [parent]: 'ppp', [child]: 'ppp' })
  await found(it, child, 'fff')
  expect(await incidents()).toEqual([])
  await found(it, parent, 'p')
  await jobs()
  expect(await incidents()).toMatchObject([{ name: 'Shop does not answer' }])
})

test('what shows as affected stands in the incident of its parent, without a word of its own', async () => {
  const { it, component, probe, incidents, status } = await watched({ policy: 'publish' })
  const [wire, shop] = [await component('Wire'), await component('Shop')]
  const parent = await probe(wire)
  const child = await probe(shop, { dependsOn: parent, underParent: 'show' })
  await found(it, parent, 'ppp')
  await found(it, child, 'ppp')
  await found(it, parent, 'fff')
  await found(it, child, 'fff')
  expect(await incidents()).toMatchObject([{ name: 'Wire does not answer', stage: 'investigating' }])
  expect(await status(shop)).toBe('major_outage')
  const words = await it.db.selectFrom('updates').select('body').execute()
  expect(words).toHaveLength(1)
  await found(it, parent, 'ppp')
  expect((await incidents())[0]).toMatchObject({ recovered_at: null })
  await found(it, child, 'ppp')
  expect((await incidents())[0]).toMatchObject({ stage: 'monitoring' })
})

test('very many that fail at once are one incident, whatever they belong to', async () => {
  const { it, id, component, probe, incidents } = await watched({ policy: 'publish' })
  const ids: string[] = []
  for (const name of ['A', 'B', 'C', 'D', 'E']) ids.push(await probe(await component(name)))
  await foundTogether(it, { [id]: 'pppppp', ...Object.fromEntries(ids.map((each) => [each, 'pppfff'])) })
  const all = await incidents()
  expect(all).toMatchObject([{ name: 'Several systems do not answer' }])
  const named = await it.db.selectFrom('impacts').select('component_id').where('incident_id', '=', all[0]!.id).execute()
  expect(named).toHaveLength(5)
  // One of them is well, the others are not: it is not over.
  await foundTogether(it, { [ids[0]!]: 'ppp', [ids[1]!]: 'fff' })
  expect(await incidents()).toMatchObject([{ stage: 'investigating' }])
})

test('a draft names all that came to be down with it until it is told', async () => {
  const { it, component, probe, incidents, jobs } = await watched({
    policy: 'draft-then-publish',
    publishAfterSeconds: 240,
  })
  const group = await it.change(ada, (change) => createGroup(change, { name: 'Shop' }))
  const [cart, till, wall] = [
    await component('Cart', group),
    await component('Till', group),
    await component('Wall', group),
  ]
  const [first, second, third] = [await probe(cart), await probe(till), await probe(wall)]
  const body = async () => (await it.db.selectFrom('updates').select('body').executeTakeFirstOrThrow()).body
  await foundTogether(it, { [first]: 'pppfff', [second]: 'ppp', [third]: 'ppp' })
  expect(await incidents()).toMatchObject([{ name: 'Cart does not answer' }])
  await foundTogether(it, { [first]: 'f', [second]: 'fff', [third]: 'p' })
  const [draft] = await incidents()
  expect(draft).toMatchObject({ name: 'Several systems do not answer', told_at: null })
  expect(draft!.translations).toContain('Plusieurs')
  expect(await body()).toContain('among them Cart and Till.')
  const [anew] = (await eventsBefore(it.db, 1e9, { limit: 50 })).filter(({ type }) => type === 'incident.changed')
  expect(anew!.changes.map(({ field }) => field)).toEqual(['name', 'body'])
  // What readers were told keeps its name, whatever joins it.
  it.clock.advance('60s')
  await jobs()
  await foundTogether(it, { [third]: 'fff' })
  const [told, ...others] = await incidents()
  expect(others).toEqual([])
  expect(told!.name).toBe('Several systems do not answer')
  expect(told!.told_at).not.toBeNull()
  expect(await body()).toContain('among them Cart and Till.')
})

test('a draft that a person holds keeps their words', async () => {
  const { it, component, probe, incidents } = await watched({ policy: 'draft-then-publish' })
  const group = await it.change(ada, (change) => createGroup(change, { name: 'Shop' }))
  const [first, second] = [await probe(await component('Cart', group)), await probe(await component('Till', group))]
  await foundTogether(it, { [first]: 'pppfff', [second]: 'ppp' })
  const [draft] = await incidents()
  await it.change(ada, (change) => editDraft(change, draft!.id, { name: 'The shop is closed' }))
  await foundTogether(it, { [second]: 'fff' })
  expect((await incidents())[0]).toMatchObject({ name: 'The shop is closed' })
})

test('a component whose rule asks for two probes is well until two fail, and eased when one recovers', async () => {
  const { it, component, probe, incidents, status, jobs } = await watched({ policy: 'publish' })
  const shop = await component('Shop')
  await it.db.updateTable('components').set({ measured_rule: '2' }).where('id', '=', shop).execute()
  const [first, second] = [await probe(shop), await probe(shop, { downStatus: 'partial_outage' })]
  await foundTogether(it, { [first]: 'pppfff', [second]: 'pppppp' })
  await jobs()
  expect(await incidents()).toEqual([])
  await foundTogether(it, { [first]: 'fff', [second]: 'fff' })
  await jobs()
  // As bad as two of them find it.
  expect(await incidents()).toMatchObject([{ severity: 'major' }])
  expect(await status(shop)).toBe('partial_outage')
  await foundTogether(it, { [first]: 'fff', [second]: 'ppp' })
  expect(await incidents()).toMatchObject([{ stage: 'monitoring' }])
  expect(await status(shop)).toBe('operational')
})

test('what is down and then only slow is said to be impaired, without a word', async () => {
  const { it, finds, incidents, status } = await watched({ policy: 'publish', latencyLimitMs: 500 })
  await finds('pppsssfff')
  expect(await status()).toBe('major_outage')
  await finds('sss')
  expect(await status()).toBe('degraded_performance')
  expect((await types(it)).at(-1)).toBe('incident.eased')
  expect(await incidents()).toMatchObject([{ stage: 'investigating', severity: 'critical' }])
})

test('a muted probe opens nothing, says so in the log, and is told when that ends by itself and it still fails', async () => {
  const { it, id, finds, incidents, jobs, clock } = await watched({ policy: 'publish' })
  await finds('ppp')
  await it.change(ada, (change) => muteProbe(change, id, later(change.now, 3600)))
  await finds('fff')
  await jobs()
  expect(await incidents()).toEqual([])
  clock.advance('1h')
  await finds('fff')
  await jobs()
  expect(await incidents()).toMatchObject([{ name: 'Search does not answer' }])
  expect((await types(it)).filter((type) => type.startsWith('probe.') && type.includes('mute'))).toEqual([
    'probe.muted',
    'probe.unmuted',
  ])
  await expect(it.change(ada, (change) => unmuteProbe(change, id))).rejects.toThrow('not muted any more')
})

test('with the worse of two probes well again, a component is eased to what the other one finds', async () => {
  const { it, component, probe, incidents, status } = await watched({ policy: 'publish' })
  const shop = await component('Shop')
  const [till, cart] = [await probe(shop), await probe(shop, { downStatus: 'partial_outage' })]
  await foundTogether(it, { [till]: 'pppfff', [cart]: 'pppfff' })
  expect(await status(shop)).toBe('major_outage')
  await foundTogether(it, { [till]: 'ppp', [cart]: 'fff' })
  expect(await status(shop)).toBe('partial_outage')
  expect(await incidents()).toMatchObject([{ stage: 'investigating', severity: 'critical' }])
  await foundTogether(it, { [till]: 'ppp', [cart]: 'ppp' })
  expect(await status(shop)).toBe('operational')
})
