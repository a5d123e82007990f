import { expect, test } from 'vitest'
import { removeComponent } from '../../../src/domain/components/commands.ts'
import { changeProbe, pauseProbe, removeProbe } from '../../../src/domain/probes/commands.ts'
import { readProbe } from '../../../src/domain/probes/queries.ts'
import { ada, found, foundTogether, watched } from './watched.ts'

async function family() {
  const it = await watched({ policy: 'publish' })
  const [wire, shop] = [await it.component('Wire'), await it.component('Shop')]
  const parent = await it.probe(wire)
  const child = await it.probe(shop, { dependsOn: parent })
  return { ...it, parent, child }
}

test.each([
  ['well', 'ppp'],
  ['down', 'pppfff'],
])('a parent that was removed while it was %s explains nothing any more', async (_name, parents) => {
  const { it, parent, child, change, incidents, jobs } = await family()
  await foundTogether(it, { [parent]: parents, [child]: 'ppp' })
  await change(ada, (one) => removeProbe(one, parent))
  await found(it, child, 'fff')
  await jobs()
  expect((await incidents()).map(({ name }) => name)).toContain('Shop does not answer')
})

test('what depended on a probe that was removed can be changed', async () => {
  const { it, parent, child, change, db } = await family()
  await change(ada, (one) => removeProbe(one, parent))
  const { dependsOn } = await readProbe(db, child)
  expect(dependsOn).toEqual([])
  await found(it, child, 'ppp')
  const wish = { url: 'https://shop.test/health', name: 'Shop', dependsOn: dependsOn.join(' ') }
  await change(ada, (one) => changeProbe(one, child, wish))
})

test('a parent that is paused explains nothing', async () => {
  const { it, parent, child, change, incidents, jobs } = await family()
  await foundTogether(it, { [parent]: 'ppp', [child]: 'ppp' })
  await change(ada, (one) => pauseProbe(one, parent))
  await found(it, child, 'fff')
  await jobs()
  expect((await incidents()).map(({ name }) => name)).toEqual(['Shop does not answer'])
})

test('a parent that is asked far too seldom does not keep a failure silent for long', async () => {
  const { it, component, probe, parent, incidents, jobs } = await family()
  const daily = await probe(await component('Archive'), { intervalSeconds: 86_400 })
  const child = await probe(await component('Copies'), { dependsOn: daily })
  await foundTogether(it, { [daily]: 'ppp', [child]: 'ppp', [parent]: 'ppp' })
  await found(it, child, 'fff')
  await jobs()
  expect(await incidents()).toEqual([])
  await found(it, child, 'f'.repeat(15))
  await jobs()
  expect((await incidents()).map(({ name }) => name)).toEqual(['Copies does not answer'])
})

test('probes that go with their component leave no secret, no draft that publishes itself, and no parent', async () => {
  const it = await watched({ policy: 'draft-then-publish', bearer: 'heron' })
  const child = await it.probe(await it.component('Shop'), { dependsOn: it.id })
  await it.finds('pppfff')
  expect(await it.incidents()).toMatchObject([{ told_at: null, publishes_at: expect.any(String) as string }])
  const secrets = () => it.db.selectFrom('probe_secrets').selectAll().where('probe_id', '=', it.id).execute()
  expect(await secrets()).not.toEqual([])
  await it.change(ada, (one) => removeComponent(one, it.search))
  expect(await secrets()).toEqual([])
  expect(await it.incidents()).toMatchObject([{ told_at: null, publishes_at: null }])
  expect((await readProbe(it.db, child)).dependsOn).toEqual([])
})
