import { expect, test } from 'vitest'
import { announceMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { changeMaintenance } from '../../../src/domain/maintenances/replan.ts'
import { desk } from '../desk.ts'

test('a title and a window that were announced stay readable when they are changed', async () => {
  const { does, search, app } = await desk()
  const id = await does((it) =>
    announceMaintenance(it, {
      name: 'New disks',
      body: 'Search pauses.',
      plannedFrom: '2026-11-22T20:00:00Z',
      plannedUntil: '2026-11-22T22:00:00Z',
      components: [search],
    }),
  )
  await does((it) => changeMaintenance(it, id, { name: 'New and larger disks' }))
  await does((it) =>
    changeMaintenance(it, id, {
      plannedFrom: '2026-11-22T21:00:00Z',
      plannedUntil: '2026-11-22T23:00:00Z',
      body: 'Later.',
    }),
  )
  const { app: product, publication } = await app()
  await publication.catchUp()
  const { body } = await product.inject(`/maintenances/${id}`)
  const text = body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
  expect(text).toMatch(/Title corrected 12:00 ; before, it said “ New disks ”\. by Ada/)
  expect(text).toMatch(/Planned time moved 12:00 ; before, it was 22 November[^.]* 20:00 ?– ?22:00/)
})
