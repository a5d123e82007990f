import { describe, expect, test } from 'vitest'
import { changeGroup } from '../../../src/domain/components/groups.ts'
import { readIncident } from '../../../src/domain/incidents/queries.ts'
import { readMaintenance } from '../../../src/domain/maintenances/queries.ts'
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
import { imports } from '../../web/wire.ts'
import { world } from '../../world.ts'

const troubled = instance({ status: 'MINOR_INCIDENT_CORE', Incidents: [trustIncident()] })

describe('an import of instances', () => {
  test('shows each with what it offers, under addresses that begin with its key', async () => {
    const here = await world()
    await imports(here, trustOf([troubled, instance({ key: 'EU43' })]))
    const { groups, components } = await here.readSnapshot()
    expect(groups.map(({ instanceKey, location, tags }) => [instanceKey, location, tags.length])).toEqual([
      ['EU42', 'EMEA', 2],
      ['EU43', 'EMEA', 2],
    ])
    expect(components.map(({ slug, status }) => `${slug} ${status}`).toSorted()).toEqual([
      'eu42-billing-and-invoices degraded_performance',
      'eu42-sales-cloud degraded_performance',
      'eu43-billing-and-invoices operational',
      'eu43-sales-cloud operational',
    ])
  })

  test('claims no day before it: nobody says how it was', async () => {
    const here = await world()
    await imports(here, trustOf([troubled]))
    const { components, bars } = await here.readSnapshot()
    for (const { id } of components) {
      expect(
        bars
          .get(id)
          ?.days.filter((day) => day !== null)
          .map(({ day }) => day),
      ).toEqual(['2026-11-21'])
    }
  })

  test('keeps when an impact was said apart from when it began', async () => {
    const here = await world()
    await imports(here, trustOf([troubled]))
    expect(await readIncident(here.db, '501')).toMatchObject({
      beganAt: '2026-11-20T10:00:00.000Z',
      toldAt: '2026-11-20T10:20:00.000Z',
      impacts: [{ saidAt: '2026-11-20T10:20:00.000Z' }, { saidAt: '2026-11-20T10:20:00.000Z' }],
    })
  })

  test('takes an incident and a maintenance with the same number for two things', async () => {
    const here = await world()
    const running = trustMaintenance({ MaintenanceImpacts: [impact({ severity: 'maintenance' })] })
    const recording = trustOf([instance()], [trustIncident()], [running])
    await imports(here, recording)
    expect((await readIncident(here.db, '501'))?.impacts).toHaveLength(2)
    expect(await readMaintenance(here.db, '501')).toMatchObject({ stage: 'in_progress', componentIds: { length: 2 } })
    expect(await imports(here, recording)).toMatchObject({ outcome: 'unchanged' })
  })

  test('changes nothing the second time, and no more than what a newer one changed', async () => {
    const here = await world()
    await imports(here, trustOf([troubled, instance({ key: 'EU43' })]))
    const version = await here.latestVersion()
    expect(await imports(here, trustOf([troubled, instance({ key: 'EU43' })]))).toMatchObject({ outcome: 'unchanged' })
    expect(await here.latestVersion()).toBe(version)

    const over = trustIncident({
      updatedAt: '2026-11-20T12:00:00.000Z',
      IncidentImpacts: [impact({ endTime: '2026-11-20T11:50:00.000Z' })],
    })
    // A new instance before the others moves nobody, and nothing but what it says has changed is touched.
    const newer = trustOf([instance({ key: 'AP1' }), instance(), instance({ key: 'EU43', location: 'EU' })], [over])
    expect(await imports(here, newer)).toMatchObject({
      groups: { created: 1, changed: 1, kept: 0 },
      components: { created: 2, changed: 0, kept: 0 },
      incidents: { created: 0, changed: 1, kept: 0 },
    })
    const { components, openIncidents } = await here.readSnapshot()
    expect(openIncidents).toEqual([])
    expect(components.every(({ status, startDate }) => status === 'operational' && startDate === '2026-11-21')).toBe(
      true,
    )
  })

  test('leaves alone what was written here since, also where an older answer knows less', async () => {
    const here = await world()
    await imports(here, trustOf([instance()]))
    const [group] = (await here.readSnapshot()).groups
    await here.change({ kind: 'operator', id: 'ada', name: 'Ada' }, (it) =>
      changeGroup(it, group?.id ?? '', { location: 'Frankfurt', aliases: ['acme.example'] }),
    )
    expect(await imports(here, trustOf([instance()]))).toMatchObject({ outcome: 'unchanged', groups: { kept: 1 } })
    await imports(here, trustOf([trustIncident()]))
    expect((await here.readSnapshot()).groups).toMatchObject([{ location: 'Frankfurt', aliases: ['acme.example'] }])
  })
})

test.skipIf(!hasTrustRecordings)(`a whole cloud is imported, once (or skipped: ${whyNoTrust})`, async () => {
  const here = await world()
  const recording = trustRecording('instances', 'incidents', 'maintenances')
  expect(await imports(here, recording)).toMatchObject({
    groups: { created: 1529 },
    components: { created: 3871 },
    incidents: { created: 4 },
    maintenances: { created: 9 },
  })
  expect(await imports(here, recording)).toMatchObject({ outcome: 'unchanged' })
  // Two and a half hours and more went by between the trouble on NA137 and the first word on it.
  expect(await readIncident(here.db, '5968')).toMatchObject({
    beganAt: '2020-07-29T16:08:00.000Z',
    toldAt: '2020-07-29T19:04:35.523Z',
  })
})
