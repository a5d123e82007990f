import { expect, test } from 'vitest'
import type { ComponentStatus } from '../../../src/domain/components/component.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { readerOf } from '../../../src/domain/site/reader.ts'
import { frontModel } from '../../../src/web/public/front.ts'
import { sectionsOf, systemOf } from '../../../src/web/public/systems.ts'
import { sampleComponent, sampleGroup, sampleSnapshot } from '../../sample-snapshot.ts'

test('how far the bars reach is said to each reader in its language, below every system', () => {
  const snapshot = sampleSnapshot()
  const component = sampleComponent('cards', 'Cards')
  const said = ['en', 'fr'].map((locale) => {
    const reader = readerOf(snapshot, locale)
    return [1, 2].map(() => systemOf(component, snapshot, reader).ago.map(({ words }) => words))
  })
  const [english, french] = [
    ['90 days ago', '30 days ago'],
    ['il y a 90 jours', 'il y a 30 jours'],
  ]
  expect(said).toEqual([
    [english, english],
    [french, french],
  ])
})

test('a long page opens the groups that suffer, and counts what is only not measured beside the name of its group', () => {
  const groups = ['down', 'planned', 'unmeasured', 'calm'].map((id) => sampleGroup(id, id))
  const statuses: Record<string, ComponentStatus> = {
    down: 'partial_outage',
    planned: 'under_maintenance',
    unmeasured: 'unknown',
  }
  const systems = (size: number) =>
    groups.flatMap(({ id: groupId }) =>
      Array.from({ length: size }, (_, index) =>
        sampleComponent(
          `${groupId}-${index}`,
          'A',
          index === 0 ? (statuses[groupId] ?? 'operational') : 'operational',
          {
            groupId,
          },
        ),
      ),
    )
  const read = (size: number) => {
    const snapshot = sampleSnapshot({ groups, components: systems(size) })
    return sectionsOf(snapshot, readerOf(snapshot, 'en')).map(({ group, open }) => [
      group?.name.text,
      open,
      group?.mark.word,
      group?.summary,
    ])
  }
  expect(read(4)).toEqual([
    ['down', 'open', 'Partly down', '4 systems · 1 partly down'],
    ['planned', 'open', 'Maintenance', '4 systems · 1 under maintenance'],
    ['unmeasured', null, 'Not measured', '4 systems · 1 not measured'],
    ['calm', null, 'Works', '4 systems'],
  ])
  expect(read(3).map(([, open]) => open)).toEqual(['open', 'open', 'open', 'open'])
})

test('what is not known has no latency, although something answered', () => {
  const at = '2026-11-21T11:59:00.000Z' as Instant
  const latencyOf = (status: ComponentStatus) => {
    const component = sampleComponent('cards', 'Cards', status)
    const snapshot = sampleSnapshot({ components: [component], measured: new Map([['cards', { at, ms: 19 }]]) })
    return systemOf(component, snapshot, readerOf(snapshot, 'en')).latency
  }
  expect([latencyOf('operational'), latencyOf('unknown')]).toEqual(['19 ms', null])
})

test('that our team says so is said of a sentence that says something', () => {
  const beside = (...statuses: ComponentStatus[]) => {
    const components = statuses.map((status, at) => sampleComponent(`c${at}`, 'Cards', status))
    const snapshot = sampleSnapshot({ components, measured: new Map() })
    const { measured } = frontModel(snapshot, readerOf(snapshot, 'en'), 'http://status.example')
    return measured.map((word) => (typeof word === 'string' ? word : '…')).join('')
  }
  expect(beside('operational')).toMatch(/^Stated by our team, not measured; as of /)
  expect(beside('unknown', 'operational')).toMatch(/^Stated by our team, not measured; as of /)
  expect(beside('unknown', 'unknown')).toMatch(/^As of /)
  expect(beside()).toMatch(/^As of /)
})
