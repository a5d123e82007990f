import { describe, expect, test } from 'vitest'
import {
  hasTrustRecordings,
  impact,
  instance,
  trustIncident,
  trustMaintenance,
  trustOf,
  trustRecording,
  whyNoTrust,
} from '../../trust.ts'

describe('a broken answer is refused with its place', () => {
  test.each<[string, unknown, string]>([
    ['no JSON', '[{"key": }]', 'answer-1.json is not JSON: unexpected "}" at line 1, column 10.'],
    ['a number', 7, 'answer-1.json is no answer of the Trust API'],
    ['another API', { page: {}, components: [] }, 'answer-1.json is no answer of the Trust API'],
    ['an instance without a key', [instance(), { ...instance(), key: undefined }], '[1].key is missing'],
    ['the same key twice', [instance(), instance()], '[1].key stands there twice: EU42'],
    ['a key of nothing', [instance({ key: ' ' })], '[0].key must be a key of 1 to 60 characters, not " "'],
    ['products that are no list', [instance({ Products: {} })], '[0].Products must be of type array'],
    [
      'a time that is none',
      [instance({ Incidents: [trustIncident({ createdAt: 'yesterday' })] })],
      '[0].Incidents[0].createdAt must be a date and time with its offset, such as 2026-11-21T19:05:00.000Z, not "yesterday"',
    ],
    [
      'an incident that has no impacts',
      [trustIncident(), { ...trustIncident(), id: 2, IncidentImpacts: undefined }],
      '[1].IncidentImpacts is missing',
    ],
    [
      'an id that is a text',
      instance({ Incidents: [trustIncident({ id: 'x' })] }),
      'Incidents[0].id must be of type integer, not "x"',
    ],
  ])('%s', (_, answer, words) => {
    expect(() => trustOf(answer)).toThrow(words)
  })
})

test('an instance is a group with a key, what it offers its components, named for people and in their order', () => {
  const { groups, components } = trustOf([instance()])
  expect(groups).toMatchObject([
    {
      name: 'EU42',
      instance: {
        key: 'EU42',
        location: 'EMEA',
        environment: 'production',
        tags: [
          { type: 'release', value: "Summer '26" },
          { type: 'stack', value: 'S5' },
        ],
      },
    },
  ])
  expect(components).toMatchObject([
    { name: 'Billing and Invoices', position: 1, status: 'operational', listed: 'listed', groupId: groups[0]?.id },
    { name: 'Sales Cloud', position: 2, status: 'operational', listed: 'listed', groupId: groups[0]?.id },
  ])
})

test('instances stand in the order in which people count them', () => {
  const { groups } = trustOf([instance({ key: 'EU10' }), instance({ key: 'AP3' }), instance({ key: 'EU9' })])
  expect(groups.toSorted((a, b) => a.position - b.position).map(({ name }) => name)).toEqual(['AP3', 'EU9', 'EU10'])
})

test('the same instance has the same ids in every recording', () => {
  const ids = (recording: ReturnType<typeof trustOf>) =>
    [...recording.groups, ...recording.components].map(({ id }) => id)
  expect(ids(trustOf([instance()]))).toEqual(ids(trustOf([instance({ status: 'MINOR_INCIDENT_CORE' })])))
  expect(new Set(ids(trustOf([instance(), instance({ key: 'EU43' })])))).toHaveLength(6)
  for (const id of ids(trustOf([instance()]))) expect(id).toMatch(/^[a-z0-9]{12}$/)
})

test('what is no longer active has nothing to show', () => {
  const { components } = trustOf([
    instance({ isActive: false }),
    instance({ key: 'EU43', Products: [{ key: 'Old', isActive: false }, { key: 'New' }] }),
  ])
  expect(components.map(({ listed }) => listed)).toEqual(['gone', 'gone', 'gone', 'listed'])
})

describe('an incident', () => {
  test('hits everything on an instance whose core it is about, from when it was so, and said when it was said', () => {
    const { incidents, components } = trustOf([
      instance({ status: 'MINOR_INCIDENT_CORE', Incidents: [trustIncident()] }),
    ])
    const span = {
      status: 'degraded_performance',
      beganAt: '2026-11-20T10:00:00.000Z',
      endedAt: null,
      saidAt: '2026-11-20T10:20:00.000Z',
    }
    expect(incidents).toMatchObject([
      {
        id: '501',
        name: 'Performance degradation',
        stage: 'identified',
        severity: 'minor',
        beganAt: '2026-11-20T10:00:00.000Z',
        overAt: null,
        impacts: components.map(({ id }) => ({ componentId: id, ...span })),
        updates: [
          { id: '501-event-8', stage: 'investigating', body: 'We look.' },
          { id: '501-event-9', stage: 'identified', body: 'It is the database.' },
        ],
      },
    ])
    expect(components.map(({ status }) => status)).toEqual(['degraded_performance', 'degraded_performance'])
  })

  test('hits no more than the services that it names, where it says so', () => {
    const services = [
      { key: 'coreService', order: 1, isCore: true },
      { key: 'searchService', order: 2, isCore: false },
    ]
    const search = trustIncident({ isCore: false, affectsAll: false, serviceKeys: ['searchService'] })
    const { incidents, components } = trustOf([instance({ Services: services, Incidents: [search] })])
    const named = components.find(({ name }) => name === 'Search service')
    expect(incidents[0]?.impacts?.map(({ componentId }) => componentId)).toEqual([named?.id])
    expect(components.filter(({ status }) => status !== 'operational')).toEqual([named])
  })

  test('is over when each of its impacts is, at the last end; a status may come twice', () => {
    const spans = [
      impact({ endTime: '2026-11-20T11:00:00.000Z' }),
      impact({
        id: 602,
        startTime: '2026-11-20T12:00:00.000Z',
        endTime: '2026-11-20T12:30:00.000Z',
        severity: 'major',
      }),
    ]
    const review = { rootCause: 'appTierResourceContention', actionPlan: 'We added memory.', pathToResolution: null }
    const { incidents } = trustOf([instance()], [trustIncident({ IncidentImpacts: spans, message: review })])
    expect(incidents).toMatchObject([
      { stage: 'resolved', severity: 'major', overAt: '2026-11-20T12:30:00.000Z', impacts: { length: 4 } },
    ])
    expect(incidents[0]?.updates.find(({ stage }) => stage === 'postmortem')?.body).toBe(
      'App tier resource contention\n\nWe added memory.',
    )
  })

  test('stands once, however many instances it hit', () => {
    const both = trustIncident({ instanceKeys: ['EU42', 'EU43'] })
    const { incidents } = trustOf([instance({ Incidents: [both] }), instance({ key: 'EU43', Incidents: [both] })])
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.impacts).toHaveLength(4)
  })

  test('brings an instance that nothing lists, with the services that it names and nothing else that nobody said', () => {
    const { groups, components } = trustOf([trustIncident({ instanceKeys: ['NA1'] })])
    expect(groups).toMatchObject([
      { name: 'NA1', instance: { key: 'NA1', location: null, environment: null, tags: null } },
    ])
    expect(components).toMatchObject([{ name: 'Core service' }])
  })
})

test('an instance in trouble for which no incident is there says so itself', () => {
  const { components } = trustOf([instance({ status: 'MAJOR_INCIDENT_CORE' })])
  expect(components.map(({ status }) => status)).toEqual(['partial_outage', 'partial_outage'])
})

test.each([
  ['scheduled', {}, null, null],
  ['in_progress', { MaintenanceImpacts: [impact({ severity: 'maintenance' })] }, '2026-11-20T10:00:00.000Z', null],
  [
    'completed',
    { MaintenanceImpacts: [impact({ severity: 'maintenance', endTime: '2026-11-20T10:01:00.000Z' })] },
    '2026-11-20T10:00:00.000Z',
    '2026-11-20T10:01:00.000Z',
  ],
  ['cancelled', { message: { eventStatus: 'eventStatusCanceled' } }, null, null],
])('a maintenance is %s by what was said and done, not by its plan', (stage, more, beganAt, endedAt) => {
  const { maintenances } = trustOf([instance()], [trustMaintenance(more)])
  expect(maintenances).toMatchObject([{ name: 'Database switch', stage, beganAt, endedAt, components: { length: 2 } }])
})

test.skipIf(!hasTrustRecordings)(`the recording of a whole cloud is read (or skipped: ${whyNoTrust})`, () => {
  const { groups, components, incidents } = trustRecording('instances')
  expect([groups.length, components.length, incidents.length]).toEqual([1528, 3870, 1])
  expect(new Set(components.map(({ name }) => name))).toHaveLength(12)
  expect(new Set([...groups, ...components].map(({ id }) => id))).toHaveLength(1528 + 3870)
  expect(components.filter(({ status }) => status !== 'operational')).toHaveLength(8)
})
