import { expect, test } from 'vitest'
import { createComponent, removeComponent } from '../../../src/domain/components/commands.ts'
import { beginMaintenance, cancelMaintenance } from '../../../src/domain/maintenances/commands.ts'
import type { SeriesChanges } from '../../../src/domain/maintenances/input.ts'
import { openMaintenances } from '../../../src/domain/maintenances/queries.ts'
import { changeMaintenance } from '../../../src/domain/maintenances/replan.ts'
import { changeSeries } from '../../../src/domain/maintenances/series-change.ts'
import { nextOccurrences, readSeries } from '../../../src/domain/maintenances/series.ts'
import type { Unchecked } from '../../../src/lib/fields.ts'
import { changeable } from './repeated.ts'

/** The form as it is opened, with another title. */
async function retitled(here: Awaited<ReturnType<typeof changeable>>, given: Partial<Unchecked<SeriesChanges>> = {}) {
  const series = await readSeries(here.db, here.id)
  const [next] = series ? nextOccurrences(series, here.clock.now(), 1) : []
  const { rule, body, translations, componentIds: components } = series ?? expect.fail('there is no series')
  const window = { plannedFrom: next?.from ?? '', plannedUntil: next?.until ?? '' }
  await here.does((it) =>
    changeSeries(it, here.id, { name: 'Index work', rule, body, translations, components, ...window, ...given }),
  )
}

const plans = async (here: Awaited<ReturnType<typeof changeable>>) =>
  (await here.db.selectFrom('maintenances').selectAll().orderBy('planned_from').execute()).map(
    ({ planned_from: from, stage, name }) => [from.slice(0, 10), stage, name],
  )

test('after a change from one on, another title moves nothing and calls nothing off', async () => {
  const here = await changeable()
  const third = (await openMaintenances(here.db))[2]?.id ?? ''
  await here.changes({ since: third, plannedFrom: '2026-12-09T02:00:00Z', plannedUntil: '2026-12-09T04:00:00Z' })
  await retitled(here)
  expect(await plans(here)).toEqual([
    ['2026-11-24', 'scheduled', 'Index rebuild'],
    ['2026-12-01', 'scheduled', 'Index rebuild'],
    ...['2026-12-09', '2026-12-16', '2026-12-23'].map((day) => [day, 'scheduled', 'Index work']),
  ])
})

test.each([0, 1])('one that was skipped does not come back with another title (number %i)', async (index) => {
  const here = await changeable()
  const skipped = (await openMaintenances(here.db))[index]?.id ?? ''
  await here.does((it) => cancelMaintenance(it, skipped, { body: 'Not this week.' }))
  await retitled(here)
  await here.ticks()
  const all = await plans(here)
  expect(all.map(([day]) => day)).toEqual(['2026-11-24', '2026-12-01', '2026-12-08', '2026-12-15', '2026-12-22'])
  expect(all.map(([, stage, name]) => [stage, name])).toEqual(
    all.map((_, at) => (at === index ? ['cancelled', 'Index rebuild'] : ['scheduled', 'Index work'])),
  )
})

test('when all that were announced were skipped, another title announces none of them again, and is no news', async () => {
  const here = await changeable({ rule: 'FREQ=MONTHLY;BYDAY=-1TU' })
  const [only] = await openMaintenances(here.db)
  await here.does((it) => cancelMaintenance(it, only?.id ?? '', { body: 'Not this month.' }))
  await retitled(here)
  await here.ticks()
  expect(await plans(here)).toEqual([['2026-11-24', 'cancelled', 'Index rebuild']])
  here.clock.set('2026-11-24T05:00:00Z')
  await here.ticks()
  const [next] = await openMaintenances(here.db)
  expect([next?.plannedFrom, next?.name, next?.updates[0]?.delivered]).toEqual([
    '2026-12-29T02:00:00.000Z',
    'Index work',
    'no',
  ])
})

test('one that began early keeps its week, and the others take another title', async () => {
  const here = await changeable()
  const [first] = await openMaintenances(here.db)
  await here.does((it) => beginMaintenance(it, first?.id ?? '', { body: 'We begin early.' }))
  await retitled(here)
  expect((await plans(here)).map(([day, stage, name]) => `${day} ${stage} ${name}`)).toEqual([
    '2026-11-24 in_progress Index rebuild',
    ...['12-01', '12-08', '12-15', '12-22'].map((day) => `2026-${day} scheduled Index work`),
  ])
})

test('what comes before the one that was chosen is not overtaken', async () => {
  const { db, changes, everything } = await changeable()
  const third = (await openMaintenances(db))[2]?.id ?? ''
  const before = await everything()
  // The form as it was opened, where only the choice was another.
  const refused = changes({ since: third, plannedFrom: '2026-11-24T02:00:00Z', plannedUntil: '2026-11-24T04:00:00Z' })
  await expect(refused).rejects.toMatchObject({ field: 'plannedFrom' })
  await expect(refused).rejects.toThrow('The one of 2026-11-24 02:00 comes before those that change')
  expect(await everything()).toBe(before)
})

test('a system that was removed since is not owed a word', async () => {
  const here = await changeable({})
  const extra = await here.does((it) => createComponent(it, { name: 'Reports' }))
  await here.changes({ components: [here.search, extra], word: 'Reports as well.' })
  await here.does((it) => removeComponent(it, extra))
  await retitled(here, { components: [here.search] })
  for (const { name, updates } of await openMaintenances(here.db))
    expect([name, updates.length]).toEqual(['Index work', 2])
})

test('one that was skipped stands for its turn beyond what readers knew, and does not come back with another title', async () => {
  const here = await changeable()
  const [, second, third] = await openMaintenances(here.db)
  for (const one of [second, third])
    await here.does((it) => cancelMaintenance(it, one?.id ?? '', { body: 'Not this week.' }))
  // The third one stands for 29 December; the fourth and the fifth are called off.
  await here.changes({ rule: 'FREQ=DAILY;INTERVAL=17' })
  await retitled(here)
  here.clock.set('2026-12-01T00:00:00Z')
  await here.ticks()
  await here.ticks()
  expect(await here.planned()).toEqual([])
})

test('where one was moved onto another by itself, another title is still to be had, and another time is not', async () => {
  const here = await changeable()
  const [first] = await openMaintenances(here.db)
  const onto = { plannedFrom: '2026-12-01T03:00:00Z', plannedUntil: '2026-12-01T05:00:00Z', body: 'With the next one.' }
  await here.does((it) => changeMaintenance(it, first?.id ?? '', onto))
  await retitled(here)
  expect((await openMaintenances(here.db)).map(({ name }) => name).toSorted()).toEqual([
    'Index rebuild',
    ...Array<string>(4).fill('Index work'),
  ])
  const longer = { rule: 'FREQ=WEEKLY;BYDAY=TU', plannedFrom: '2026-11-24T02:00:00Z' }
  await expect(here.changes({ ...longer, plannedUntil: '2026-11-24T05:00:00Z' })).rejects.toThrow('It would overlap')
})

test('a form that was left open until its time had passed is told the next one', async () => {
  const here = await changeable()
  here.clock.set('2026-11-25T12:00:00Z')
  await here.ticks()
  await here.ticks()
  const refused = here.changes({ plannedFrom: '2026-11-24T02:00:00Z', plannedUntil: '2026-11-24T04:00:00Z' })
  await expect(refused).rejects.toThrow('by its rule, the next one is that of 2026-12-01 02:00')
})
