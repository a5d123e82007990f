import { expect, test } from 'vitest'
import { announceMaintenance, beginMaintenance, cancelMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { openMaintenances, readMaintenance } from '../../../src/domain/maintenances/queries.ts'
import { endSeries } from '../../../src/domain/maintenances/repeating.ts'
import { changeMaintenance } from '../../../src/domain/maintenances/replan.ts'
import { changeSeries } from '../../../src/domain/maintenances/series-change.ts'
import { correctUpdate, withdrawUpdate } from '../../../src/domain/revisions/words.ts'
import { heardBy, listens, tellsAll, toldTo } from '../../telling.ts'
import { desk } from '../desk.ts'
import { repeated } from '../maintenances/repeated.ts'

async function planned() {
  const here = await desk()
  await listens(here, 'searcher', { components: [here.search] })
  await listens(here, 'payer', { components: [here.payments] })
  await listens(here, 'all')
  const id = await here.does((it) =>
    announceMaintenance(it, {
      name: 'New disks',
      body: 'We add disks.',
      components: [here.search],
      plannedFrom: '2026-11-25T12:00:00Z',
      plannedUntil: '2026-11-25T14:00:00Z',
    }),
  )
  await tellsAll(here)
  const turns = () =>
    here.does((it) => changeMaintenance(it, id, { components: [here.payments], body: 'Payments instead.' }))
  return { ...here, id, turns }
}

test('who follows only a system that is no longer part of planned work is told so, once', async () => {
  const here = await planned()
  await here.turns()
  await tellsAll(here)
  const heard = ['maintenance.announced: We add disks.', 'maintenance.updated: Payments instead.']
  expect(await heardBy(here, 'searcher')).toEqual(heard)
  expect(await heardBy(here, 'all')).toEqual(heard)
  expect(await heardBy(here, 'payer')).toEqual(heard.slice(1))
  const told = (await toldTo(here, 'searcher'))[1]
  expect([told?.components, told?.former]).toMatchObject([[{ id: here.payments }], [{ id: here.search }]])
  await here.does((it) => cancelMaintenance(it, here.id, { body: 'Not at all.' }))
  await tellsAll(here)
  expect(await heardBy(here, 'searcher')).toEqual(heard)
  expect(await heardBy(here, 'payer')).toHaveLength(2)
})

test('under way, too: with what became of the system', async () => {
  const here = await planned()
  await here.does((it) => beginMaintenance(it, here.id, { body: 'We begin.', deliver: 'no' }))
  await here.turns()
  await tellsAll(here)
  const last = (await toldTo(here, 'searcher')).at(-1)
  expect(last?.former).toMatchObject([{ id: here.search, from: 'under_maintenance', to: 'operational' }])
  expect(last?.components).toMatchObject([{ id: here.payments, from: 'operational', to: 'under_maintenance' }])
})

test('whoever was told that hears of its correction, and that it was withdrawn', async () => {
  const here = await planned()
  await here.turns()
  await tellsAll(here)
  const update = (await readMaintenance(here.db, here.id))?.updates[0]?.id ?? ''
  await here.does((it) => correctUpdate(it, update, { body: 'Payments alone.', reason: 'So.', deliver: 'yes' }))
  await tellsAll(here)
  await here.does((it) => withdrawUpdate(it, update, { reason: 'It was another one.' }))
  await tellsAll(here)
  expect((await heardBy(here, 'searcher')).slice(2)).toEqual([
    'update.corrected: Payments alone.',
    'update.withdrawn: It was another one.',
  ])
})

test('a series whose systems change tells those who followed the former ones, once', async () => {
  const here = await repeated()
  await listens(here, 'searcher', { components: [here.search] })
  await here.does((it) =>
    changeSeries(it, here.id, {
      name: 'Index rebuild',
      body: 'Payments pause.',
      plannedFrom: '2026-11-24T02:00:00Z',
      plannedUntil: '2026-11-24T04:00:00Z',
      rule: 'FREQ=WEEKLY;BYDAY=TU',
      components: [here.payments],
      word: 'Payments instead of search.',
    }),
  )
  await tellsAll(here)
  expect((await heardBy(here, 'searcher')).filter((said) => said.startsWith('maintenance.updated'))).toEqual([
    'maintenance.updated: Payments instead of search.',
  ])
})

test.each([0, 1])(
  'the end of a series is told once to everybody, also where one of it has fewer systems (%i)',
  async (at) => {
    const before = await desk()
    const here = await repeated({ components: [before.search, before.payments] }, before)
    await listens(here, 'searcher', { components: [here.search] })
    await listens(here, 'payer', { components: [here.payments] })
    await listens(here, 'all')
    const { id = '' } = (await openMaintenances(here.db))[at] ?? {}
    await here.does((it) => changeMaintenance(it, id, { components: [here.search], body: 'Search alone.' }))
    await here.does((it) => endSeries(it, here.id, { word: { body: 'No more.' } }))
    await tellsAll(here)
    for (const who of ['searcher', 'payer', 'all']) {
      const ends = (await heardBy(here, who)).filter((said) => said.startsWith('maintenance.cancelled'))
      expect([who, ends.length]).toEqual([who, 1])
    }
  },
)
