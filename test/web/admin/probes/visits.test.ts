import { expect, test } from 'vitest'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

const wish = {
  kind: 'browser',
  componentId: '',
  url: 'https://shop.test/',
  script: 'expect "Welcome"',
  intervalSeconds: '300',
}

test('without a Chromium the desk says so, and refuses to visit', async () => {
  const it = await world()
  const { ada } = await people(it)
  const form = await ada.opens('/admin/probes/new?kind=browser')
  expect(form.text).toContain('There is no browser here to visit with.')
  const answer = await ada.sends('/admin/probes', wish)
  expect(answer.status).toBe(422)
  expect(answer.text).toContain('see CANDOR_CHROMIUM')
  expect(await it.db.selectFrom('probes').selectAll().execute()).toEqual([])
})

test('with one, a visit is a probe like others', async () => {
  const it = await world({ CANDOR_CHROMIUM: '/usr/bin/chromium' })
  const { ada } = await people(it)
  expect((await ada.opens('/admin/probes/new?kind=browser')).text).not.toContain('There is no browser here')
  expect((await ada.sends('/admin/probes', wish)).status).toBe(303)
  expect(await it.db.selectFrom('probes').select(['kind', 'name']).execute()).toEqual([
    { kind: 'browser', name: 'shop.test' },
  ])
})

test.each([
  ['go away', 'Line 1: A step is one of'],
  ['expect "a"\nopen //evil.test/', 'Line 2: A visit stays on its own site.'],
  ['click "a"', 'Say at least once what the visitor expects'],
])('“%s” is refused in words', async (script, words) => {
  const { ada } = await people(await world({ CANDOR_CHROMIUM: '/usr/bin/chromium' }))
  const answer = await ada.sends('/admin/probes', { ...wish, script })
  expect(answer.status).toBe(422)
  expect(answer.text).toContain(words)
})
