import { expect, test } from 'vitest'
import { createComponent, removeComponent } from '../../../src/domain/components/commands.ts'
import { announceMaintenance } from '../../../src/domain/maintenances/commands.ts'
import { summary } from '../../../src/web/feeds/summary.ts'
import { ada } from '../../domain/desk.ts'
import { type World, world } from '../../world.ts'

const documentOf = async ({ readSnapshot }: World) =>
  JSON.parse(String((await summary(await readSnapshot(), 'https://status.example')).body)) as {
    verdict: string
    as_of: string
    maintenances: { component_ids: string[] }[]
  }

test('a page without components is not said to work', async () => {
  expect(await documentOf(await world())).toMatchObject({ verdict: 'unknown' })
})

test('it says when it was true, so that an old copy is known for one', async () => {
  const here = await world()
  here.clock.advance('5m')
  expect(await documentOf(here)).toMatchObject({ as_of: '2026-11-21T12:05:00.000Z' })
})

test('maintenance names no component that was removed since', async () => {
  const here = await world()
  const [mail, search] = await here.change(ada, async (it) => [
    await createComponent(it, { name: 'Mail' }),
    await createComponent(it, { name: 'Search' }),
  ])
  const work = {
    name: 'New disks',
    body: 'We change disks.',
    plannedFrom: '2026-11-22T12:00:00Z',
    plannedUntil: '2026-11-22T13:00:00Z',
    components: [mail, search],
  }
  await here.change(ada, (it) => announceMaintenance(it, work))
  await here.change(ada, (it) => removeComponent(it, mail ?? ''))
  expect((await documentOf(here)).maintenances).toMatchObject([{ component_ids: [search] }])
})
