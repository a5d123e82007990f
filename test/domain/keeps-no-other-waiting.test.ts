import { expect, test } from 'vitest'
import { planUpdate, publishDueUpdates } from '../../src/domain/incidents/waiting.ts'
import { advanceMaintenances } from '../../src/domain/maintenances/advance.ts'
import { announceMaintenance } from '../../src/domain/maintenances/commands.ts'
import { announceOccurrences, announceSeries } from '../../src/domain/maintenances/repeating.ts'
import type { Instant } from '../../src/lib/clock.ts'
import { desk } from './desk.ts'

// Rows that a disk, a restore or a hand in the database has damaged: what is due of the others is done all the same.

test('an update that cannot be read keeps no other from saying itself', async () => {
  const it = await desk()
  const [first, second] = [await it.opens(), await it.opens({ name: 'Payments fail' })]
  const word = { stage: 'identified', body: 'We know the cause.' }
  const at = (minute: number) => `2026-11-21T12:${minute}:00.000Z` as Instant
  await it.does((change) => planUpdate(change, first, { word, publishesAt: at(20) }))
  await it.does((change) => planUpdate(change, second, { word, publishesAt: at(30) }))
  await it.db.updateTable('waiting_updates').set({ word: '{' }).where('incident_id', '=', first).execute()
  it.clock.set(at(30))
  await expect(publishDueUpdates(it)).rejects.toThrow('1 of 2 failed.')
  expect((await it.incident(second)).stage).toBe('identified')
  expect((await it.incident(first)).stage).toBe('investigating')
})

test('a maintenance that cannot be begun keeps no other from beginning, and none from ending', async () => {
  const it = await desk()
  const plans = (name: string, from: number, until: number) =>
    it.does((change) =>
      announceMaintenance(change, {
        name,
        body: 'Search will be read-only.',
        plannedFrom: `2026-11-21T${from}:00:00Z`,
        plannedUntil: `2026-11-21T${until}:00:00Z`,
        components: [it.search],
      }),
    )
  const long = await plans('Long ago', 13, 15)
  it.clock.set('2026-11-21T13:00:00Z')
  await advanceMaintenances(it)
  const broken = await plans('Damaged', 14, 16)
  const other = await plans('Whole', 15, 17)
  await it.db.updateTable('maintenances').set({ translations: '{' }).where('id', '=', broken).execute()
  it.clock.set('2026-11-21T15:00:00Z')
  await expect(advanceMaintenances(it)).rejects.toThrow('1 of 2 failed.')
  const stages = await it.db.selectFrom('maintenances').select(['id', 'stage']).execute()
  expect(new Map(stages.map(({ id, stage }) => [id, stage]))).toEqual(
    new Map([
      [long, 'completed'],
      [broken, 'scheduled'],
      [other, 'in_progress'],
    ]),
  )
})

test('a series whose rule cannot be read keeps no other from being announced', async () => {
  const it = await desk()
  const repeats = (name: string) =>
    it.does((change) =>
      announceSeries(change, {
        name,
        body: 'Search is read-only.',
        plannedFrom: '2026-11-24T02:00:00Z',
        plannedUntil: '2026-11-24T04:00:00Z',
        rule: 'FREQ=WEEKLY;BYDAY=TU',
      }),
    )
  // The one that is looked at first.
  const [broken = '', other = ''] = [await repeats('Rebuild'), await repeats('Backup')].toSorted()
  await it.db.updateTable('maintenance_series').set({ rule: 'FREQ=NEVER' }).where('id', '=', broken).execute()
  it.clock.set('2026-11-24T04:00:01Z')
  await expect(announceOccurrences(it)).rejects.toThrow('1 of 2 failed.')
  const latest = await it.db
    .selectFrom('maintenances')
    .select('occurrence')
    .where('series_id', '=', other)
    .orderBy('planned_from', 'desc')
    .limit(1)
    .executeTakeFirst()
  expect(latest?.occurrence).toBe('2026-12-29T02:00')
})
