import { expect, test } from 'vitest'
import { share } from '../../../src/domain/status/share.ts'
import { sampleComponent, sampleIncident, sampleSnapshot } from '../../sample-snapshot.ts'

const made = () =>
  sampleSnapshot({
    components: [sampleComponent('api', 'API'), sampleComponent('web', 'Website')],
    openIncidents: [sampleIncident('a', 'Slow')],
  })

test('what says the same is the same object, so that its documents stay', async () => {
  const before = made()
  const next = await share({ ...made(), version: 8 }, before)
  expect(next.version).toBe(8)
  for (const part of ['site', 'groups', 'components', 'measured', 'openIncidents', 'notices'] as const) {
    expect(next[part]).toBe(before[part])
  }
})

test('one thing that changed changes its list, and nothing beside it', async () => {
  const before = made()
  const { components, ...rest } = made()
  const changed = components.map((one) => (one.id === 'api' ? { ...one, status: 'major_outage' as const } : one))
  const next = await share({ ...rest, components: changed }, before)
  expect(next.components).not.toBe(before.components)
  expect(next.components[0]).toMatchObject({ status: 'major_outage' })
  expect(next.components[1]).toBe(before.components[1])
  expect(next.listed).toBe(before.listed)
  expect(next.openIncidents).toBe(before.openIncidents)
})

test('another order is another list', async () => {
  const before = made()
  const next = await share({ ...made(), components: made().components.toReversed() }, before)
  expect(next.components.map(({ id }) => id)).toEqual(['web', 'api'])
})
