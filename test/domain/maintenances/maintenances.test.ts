import { describe, expect, test } from 'vitest'
import { advanceMaintenances } from '../../../src/domain/maintenances/advance.ts'
import {
  announceMaintenance,
  beginMaintenance,
  cancelMaintenance,
  completeMaintenance,
  postMaintenanceUpdate,
} from '../../../src/domain/maintenances/commands.ts'
import type { NewMaintenance } from '../../../src/domain/maintenances/input.ts'
import type { Maintenance } from '../../../src/domain/maintenances/maintenance.ts'
import {
  maintenancesOfComponent,
  maintenancesOfMonth,
  openMaintenances,
  readMaintenance,
  recentMaintenances,
} from '../../../src/domain/maintenances/queries.ts'
import { changeMaintenance } from '../../../src/domain/maintenances/replan.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import type { Unchecked } from '../../../src/lib/fields.ts'
import { desk } from '../desk.ts'

async function planned(given: Partial<Unchecked<NewMaintenance>> = {}) {
  const here = await desk()
  const id = await here.does((it) =>
    announceMaintenance(it, {
      name: 'New database',
      body: 'Search will be read-only.',
      plannedFrom: '2026-11-21T13:00:00Z',
      plannedUntil: '2026-11-21T14:00:00Z',
      components: [here.search],
      ...given,
    }),
  )
  const maintenance = async (): Promise<Maintenance> => {
    const found = await readMaintenance(here.db, id)
    if (!found) throw new Error('There is no maintenance.')
    return found
  }
  const impacts = () =>
    here.db.selectFrom('impacts').selectAll().where('maintenance_id', '=', id).orderBy('began_at').execute()
  return { ...here, id, maintenance, impacts, ticks: () => advanceMaintenances(here) }
}

test('an announced maintenance says what, when and what for, and impairs nothing yet', async () => {
  const { maintenance, id, search, status, events, db } = await planned()
  expect(await maintenance()).toMatchObject({
    number: 1,
    stage: 'scheduled',
    severity: 'maintenance',
    runsBy: 'clock',
    announcedAt: '2026-11-21T12:00:00.000Z',
    beganAt: null,
    componentIds: [search],
    updates: [{ stage: 'scheduled', body: 'Search will be read-only.', author: 'Ada' }],
  })
  expect(await status(search)).toBe('operational')
  expect(await openMaintenances(db)).toMatchObject([{ id }])
  expect(await events()).toMatchObject([{ type: 'maintenance.announced', subject: id }])
})

describe('run by the clock', () => {
  test('it begins and ends at the planned instants, with words in every language', async () => {
    const { maintenance, clock, ticks, status, search, impacts, events, db } = await planned()
    clock.set('2026-11-21T13:00:09Z')
    await ticks()
    expect(await status(search)).toBe('under_maintenance')
    const running = await maintenance()
    expect(running).toMatchObject({ stage: 'in_progress', beganAt: '2026-11-21T13:00:00.000Z' })
    expect(running.updates[0]).toMatchObject({
      source: 'clock',
      author: null,
      displayedAt: '2026-11-21T13:00:09.000Z',
      body: 'The maintenance has begun as planned.',
      affected: [{ id: search, from: 'operational', to: 'under_maintenance' }],
    })
    expect(Object.keys(running.updates[0]?.translations ?? {})).toEqual(['fa', 'fr', 'pt-BR', 'zh-Hant'])
    clock.set('2026-11-21T14:00:03Z')
    await ticks()
    expect(await status(search)).toBe('operational')
    expect(await maintenance()).toMatchObject({ stage: 'completed', endedAt: '2026-11-21T14:00:00.000Z' })
    expect(await impacts()).toMatchObject([
      { began_at: '2026-11-21T13:00:00.000Z', ended_at: '2026-11-21T14:00:00.000Z' },
    ])
    expect((await events()).map(({ type, actor }) => [type, actor.kind])).toEqual([
      ['maintenance.announced', 'operator'],
      ['maintenance.began', 'clock'],
      ['maintenance.completed', 'clock'],
    ])
    expect(await openMaintenances(db)).toEqual([])
    const days = await db
      .selectFrom('component_days')
      .select('maintenance')
      .where('component_id', '=', search)
      .execute()
    expect(days).toEqual([{ maintenance: 3600 }])
  })

  test('it runs twice without harm', async () => {
    const { clock, ticks, everything } = await planned()
    clock.advance('90m')
    await ticks()
    const once = await everything()
    await ticks()
    expect(await everything()).toBe(once)
  })

  test('a window that passed while nobody was there is told with its own instants', async () => {
    const { clock, ticks, maintenance } = await planned()
    clock.advance('5h')
    await ticks()
    expect(await maintenance()).toMatchObject({
      stage: 'completed',
      beganAt: '2026-11-21T13:00:00.000Z',
      endedAt: '2026-11-21T14:00:00.000Z',
      latestUpdateAt: '2026-11-21T17:00:00.000Z',
    })
  })

  test('one that was announced late begins when it was announced', async () => {
    const { ticks, maintenance } = await planned({ plannedFrom: '2026-11-21T11:00:00Z' })
    await ticks()
    expect(await maintenance()).toMatchObject({ beganAt: '2026-11-21T12:00:00.000Z' })
  })
})

describe('run by hand', () => {
  test('nothing happens by itself', async () => {
    const { clock, ticks, maintenance } = await planned({ runsBy: 'hand' })
    clock.advance('5h')
    await ticks()
    expect(await maintenance()).toMatchObject({ stage: 'scheduled', beganAt: null })
  })

  test('planned and actual window stay two facts', async () => {
    const { id, does, clock, maintenance, status, search } = await planned({ runsBy: 'hand' })
    clock.set('2026-11-21T13:07:00Z')
    await does((it) => beginMaintenance(it, id, { body: 'We begin.' }))
    await does((it) => postMaintenanceUpdate(it, id, { stage: 'verifying', body: 'We look whether all is well.' }))
    expect(await status(search)).toBe('under_maintenance')
    clock.set('2026-11-21T14:31:00Z')
    await does((it) => completeMaintenance(it, id, { body: 'Done.' }))
    expect(await maintenance()).toMatchObject({
      stage: 'completed',
      plannedFrom: '2026-11-21T13:00:00.000Z',
      beganAt: '2026-11-21T13:07:00.000Z',
      verifyingAt: '2026-11-21T13:07:00.000Z',
      plannedUntil: '2026-11-21T14:00:00.000Z',
      endedAt: '2026-11-21T14:31:00.000Z',
    })
    expect(await status(search)).toBe('operational')
  })

  test.each([
    ['beginning twice', beginMaintenance, 'has begun already'],
    [
      'a word before it begins',
      (it, id, word) => postMaintenanceUpdate(it, id, { ...word, stage: 'scheduled' }),
      'has begun already',
    ],
  ] as [string, typeof beginMaintenance, string][])('%s is refused', async (_, deed, message) => {
    const { id, does, everything } = await planned()
    await does((it) => beginMaintenance(it, id, { body: 'We begin.' }))
    const before = await everything()
    await expect(does((it) => deed(it, id, { body: 'Again.' }))).rejects.toThrow(message)
    expect(await everything()).toBe(before)
  })

  test('what has not begun cannot be completed, what is over cannot go on', async () => {
    const { id, does } = await planned()
    await expect(does((it) => completeMaintenance(it, id, { body: 'Done.' }))).rejects.toThrow('cancel it instead')
    await does((it) => cancelMaintenance(it, id, { body: 'Not today.' }))
    await expect(does((it) => beginMaintenance(it, id, { body: 'Now.' }))).rejects.toThrow('was cancelled')
  })
})

test('a cancelled maintenance leaves nothing under maintenance, and says so', async () => {
  const { id, does, ticks, clock, maintenance, status, search, db, events } = await planned()
  clock.advance('70m')
  await ticks()
  await does((it) => cancelMaintenance(it, id, { body: 'We stop here.' }))
  expect(await status(search)).toBe('operational')
  expect(await maintenance()).toMatchObject({
    stage: 'cancelled',
    cancelledAt: '2026-11-21T13:10:00.000Z',
    endedAt: '2026-11-21T13:10:00.000Z',
    updates: [{ stage: 'cancelled', body: 'We stop here.' }, {}, {}],
  })
  expect(await openMaintenances(db)).toEqual([])
  expect(await recentMaintenances(db, 50)).toMatchObject([{ id }])
  expect((await events()).at(-1)).toMatchObject({ type: 'maintenance.cancelled' })
})

describe('changing the plan', () => {
  test('another window owes readers a word', async () => {
    const { id, does, everything, maintenance, events } = await planned()
    const before = await everything()
    const later = { plannedUntil: '2026-11-21T16:00:00Z' }
    await expect(does((it) => changeMaintenance(it, id, later))).rejects.toMatchObject({ field: 'body' })
    expect(await everything()).toBe(before)
    await does((it) => changeMaintenance(it, id, { ...later, body: 'It takes two hours longer.' }))
    expect(await maintenance()).toMatchObject({
      plannedUntil: '2026-11-21T16:00:00.000Z',
      updates: [{ stage: 'scheduled', body: 'It takes two hours longer.' }, {}],
    })
    expect((await events()).slice(-2)).toMatchObject([
      { type: 'maintenance.changed', data: { fields: ['plannedUntil'] } },
      { type: 'maintenance.updated', data: { stage: 'scheduled' } },
    ])
  })

  test('under way, components come and go at once, and the beginning is a fact', async () => {
    const { id, does, ticks, clock, status, search, payments, maintenance } = await planned()
    clock.advance('70m')
    await ticks()
    await does((it) => changeMaintenance(it, id, { components: [payments], body: 'Payments instead.' }))
    expect(await status(search)).toBe('operational')
    expect(await status(payments)).toBe('under_maintenance')
    expect(await maintenance()).toMatchObject({ componentIds: [payments] })
    const earlier = { plannedFrom: '2026-11-21T12:30:00Z', body: 'Earlier.' }
    await expect(does((it) => changeMaintenance(it, id, earlier))).rejects.toMatchObject({ field: 'plannedFrom' })
  })
})

test('what goes wrong during a maintenance is visible as an incident', async () => {
  const { ticks, clock, opens, posts, status, search } = await planned()
  clock.advance('70m')
  await ticks()
  const incident = await opens({ components: [{ id: search, status: 'major_outage' }] })
  expect(await status(search)).toBe('major_outage')
  await posts(incident, { stage: 'resolved' })
  expect(await status(search)).toBe('under_maintenance')
})

test('past ones are found by month and by component', async () => {
  const { db, id, search, payments } = await planned()
  expect(await maintenancesOfMonth(db, '2026-11', 'UTC')).toMatchObject([{ id }])
  expect(await maintenancesOfMonth(db, '2026-10', 'UTC')).toEqual([])
  const day = ['2026-11-21T00:00:00.000Z', '2026-11-22T00:00:00.000Z'] as [Instant, Instant]
  expect(await maintenancesOfComponent(db, search, ...day)).toMatchObject([{ id }])
  expect(await maintenancesOfComponent(db, payments, ...day)).toEqual([])
})
