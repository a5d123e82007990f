import { expect, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { addPlace } from '../../../src/domain/places/commands.ts'
import { createProbe } from '../../../src/domain/probes/commands.ts'
import { assignments } from '../../../src/web/places/assignments.ts'
import { world } from '../../world.ts'

const setup = { kind: 'setup' } as const

test('a place is told of what is new though the database knows less than before, since a copy took over that lacks it', async () => {
  const it = await world()
  const componentId = await it.change(setup, (change) => createComponent(change, { name: 'Shop' }))
  const { number } = await it.change(setup, (change) => addPlace(change, { name: 'Lisbon' }))
  let more = 5
  const assigned = assignments({ ...it, latestVersion: async () => (await it.latestVersion()) + more })
  expect((await assigned(number)).body).not.toContain('shop.example')
  more = 0
  await it.change(setup, (change) => createProbe(change, { componentId, url: 'https://shop.example', name: 'Front' }))
  expect((await assigned(number)).body).toContain('shop.example')
})
