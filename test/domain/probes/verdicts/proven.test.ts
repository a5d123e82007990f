import { expect, test } from 'vitest'
import { createGroup } from '../../../../src/domain/components/groups.ts'
import { publishDraft } from '../../../../src/domain/incidents/drafts.ts'
import { changeProbe, pauseProbe, resumeProbe } from '../../../../src/domain/probes/commands.ts'
import { ada, foundTogether, watched } from '../watched.ts'

test.each(['publish', 'draft-then-publish'] as const)(
  'what was never found well is drafted and published by nobody but a person, with the policy %s',
  async (policy) => {
    const { it, finds, incidents, jobs } = await watched({ policy })
    await finds('fff')
    it.clock.advance('2h')
    await jobs()
    expect(await incidents()).toMatchObject([{ told_at: null, publishes_at: null, dismissed_at: null }])
    // It was mistaken, and is not any more: what fails from then on is published as it was chosen.
    await finds('ppp')
    expect(await incidents()).toMatchObject([{ told_at: null, dismissed_at: it.clock.now() }])
    it.clock.advance('1h')
    await finds('fff')
    it.clock.advance('5m')
    await jobs()
    expect((await incidents())[1]).toMatchObject({ told_at: expect.any(String) as string })
  },
)

test('another question has to be answered anew, and a pause is none', async () => {
  const { it, id, finds, incidents } = await watched({ policy: 'publish' })
  await finds('ppp')
  await it.change(ada, (change) => pauseProbe(change, id))
  await it.change(ada, (change) => resumeProbe(change, id))
  await it.change(ada, (change) =>
    changeProbe(change, id, { url: 'https://shop.test/health', name: 'From outside', policy: 'publish' }),
  )
  await finds('fff')
  expect(await incidents()).toMatchObject([{ told_at: expect.any(String) as string }])
  await finds('ppp')
  it.clock.advance('2h')
  await it.change(ada, (change) => changeProbe(change, id, { url: 'https://shop.test/helath', policy: 'publish' }))
  await finds('fff')
  expect((await incidents()).filter(({ told_at: told }) => told === null)).toMatchObject([{ publishes_at: null }])
})

test('an outage beside it is published alone, and does not wait in its draft', async () => {
  const { it, component, probe, incidents, finds, status } = await watched({ policy: 'publish' })
  const group = await it.change(ada, (change) => createGroup(change, { name: 'Shop' }))
  const [cart, till] = [await component('Cart', group), await component('Till', group)]
  const [mistaken, right, beside] = [await probe(cart), await probe(cart), await probe(till)]
  await foundTogether(it, { [right]: 'ppp', [beside]: 'ppp' })
  await finds('f', mistaken)
  await finds('fff', mistaken)
  expect(await incidents()).toMatchObject([{ told_at: null, publishes_at: null }])
  await foundTogether(it, { [beside]: 'fff', [mistaken]: 'fff' })
  expect(await incidents()).toMatchObject([{ told_at: null }, { name: 'Till does not answer' }])
  await foundTogether(it, { [right]: 'fff' })
  expect((await incidents()).map(({ told_at: told }) => told !== null)).toEqual([false, true])
  expect(await status(cart)).toBe('major_outage')
})

test('into what is published it adds nothing, though it fails at the same time', async () => {
  const { it, component, probe, incidents, search, jobs } = await watched({ policy: 'publish' })
  const right = await probe(search)
  const shop = await component('Shop')
  const mistaken = await probe(search)
  const child = await probe(shop, { dependsOn: right, underParent: 'show' })
  await foundTogether(it, { [right]: 'ppp' })
  await foundTogether(it, { [right]: 'fff', [mistaken]: 'fff', [child]: 'fff' })
  await jobs()
  const shown = await it.db.selectFrom('impacts').select('component_id').where('incident_id', 'is not', null).execute()
  expect(await incidents()).toMatchObject([{ name: 'Search does not answer' }])
  expect(shown).toEqual([{ component_id: search }])
})

test('a draft about what had never answered keeps no later outage to itself', async () => {
  const { it, component, probe, incidents } = await watched({ policy: 'publish' })
  const group = await it.change(ada, (change) => createGroup(change, { name: 'Shop' }))
  const late = await probe(await component('Cart', group))
  const mistaken = await probe(await component('Till', group))
  await foundTogether(it, { [late]: 'fff', [mistaken]: 'fff' })
  expect(await incidents()).toMatchObject([{ probe_id: late, told_at: null }])
  // It works from now on; the other one fails for weeks, and nobody looks.
  await foundTogether(it, { [late]: 'ppp', [mistaken]: 'fff' })
  it.clock.advance('1h')
  await foundTogether(it, { [late]: 'fff', [mistaken]: 'fff' })
  expect(await incidents()).toMatchObject([
    { told_at: null, dismissed_at: null },
    { name: 'Cart does not answer', told_at: expect.any(String) as string },
  ])
})

test('it makes nothing worse that is published of its own system', async () => {
  const { it, probe, incidents, search } = await watched({ policy: 'publish' })
  const right = await probe(search)
  const mistaken = await probe(search)
  await foundTogether(it, { [right]: 'ppp' })
  await foundTogether(it, { [mistaken]: 'ffff' })
  await foundTogether(it, { [right]: 'sssssssss', [mistaken]: 'fffffffff' })
  const published = (await incidents()).filter(({ told_at: told }) => told !== null)
  expect(published).toMatchObject([{ severity: 'minor' }])
  const said = await it.db
    .selectFrom('impacts')
    .select('status')
    .where('incident_id', '=', published[0]?.id ?? '')
    .execute()
  expect(said).toEqual([{ status: 'degraded_performance' }])
})

test('where a rule asks for two of three, it is none of the two', async () => {
  const { it, component, probe, incidents } = await watched({ policy: 'publish' })
  const shop = await component('Shop')
  await it.db.updateTable('components').set({ measured_rule: '2' }).where('id', '=', shop).execute()
  const [one, two, mistaken] = [await probe(shop), await probe(shop), await probe(shop)]
  await foundTogether(it, { [one]: 'ppp', [two]: 'ppp', [mistaken]: 'fff' })
  await foundTogether(it, { [one]: 'ffff', [two]: 'pppp', [mistaken]: 'ffff' })
  expect((await incidents()).filter(({ told_at: told }) => told !== null)).toEqual([])
  await foundTogether(it, { [two]: 'ffff' })
  expect((await incidents()).filter(({ told_at: told }) => told !== null)).toHaveLength(1)
})

test.each(['hold', 'show'] as const)('it explains no outage of what depends on it (%s)', async (underParent) => {
  const { it, component, probe, incidents, jobs, finds } = await watched({ policy: 'publish' })
  const mistaken = await probe(await component('Network'))
  const shop = await probe(await component('Shop'), { dependsOn: mistaken, underParent })
  await foundTogether(it, { [shop]: 'ppp', [mistaken]: 'fff' })
  await finds('p')
  it.clock.advance('1h')
  await foundTogether(it, { [shop]: 'fff', [mistaken]: 'fff' })
  await jobs()
  expect(await incidents()).toMatchObject([
    { name: 'Network does not answer', told_at: null },
    { name: 'Shop does not answer', told_at: expect.any(String) as string },
  ])
})

test('nor one that could not be said when it began', async () => {
  const { it, component, probe, incidents, jobs, finds } = await watched({ policy: 'publish' })
  const mistaken = await probe(await component('Network'), { policy: 'off' })
  const shop = await probe(await component('Shop'), { dependsOn: mistaken, underParent: 'hold', policy: 'off' })
  await foundTogether(it, { [shop]: 'ppp', [mistaken]: 'fff' })
  await finds('p')
  await foundTogether(it, { [shop]: 'fff', [mistaken]: 'fff' })
  await it.change(ada, (change) =>
    changeProbe(change, shop, { url: 'https://shop.test/health', dependsOn: mistaken, policy: 'publish' }),
  )
  expect(await incidents()).toEqual([])
  await jobs()
  expect(await incidents()).toMatchObject([{ name: 'Shop does not answer', told_at: expect.any(String) as string }])
})

test('once readers were told of it, it explains as any other', async () => {
  const { it, component, probe, incidents, jobs, finds } = await watched({ policy: 'publish' })
  const network = await probe(await component('Network'))
  const shop = await probe(await component('Shop'), { dependsOn: network, underParent: 'hold' })
  await foundTogether(it, { [shop]: 'ppp', [network]: 'fff' })
  await finds('p')
  const [draft] = await incidents()
  await it.change(ada, (change) => publishDraft(change, draft?.id ?? ''))
  it.clock.advance('1h')
  await foundTogether(it, { [shop]: 'fff', [network]: 'fff' })
  await jobs()
  expect(await incidents()).toMatchObject([{ name: 'Network does not answer' }])
})
