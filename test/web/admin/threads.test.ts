import { expect, test } from 'vitest'
import { people } from '../../people.ts'
import { world } from '../../world.ts'

test('the desk names a thread of Candor that does not work, and what that means', async () => {
  const it = await world()
  const { ben } = await people(it)
  let problem: string | null = null
  it.health.mention('notifier', () => problem)
  expect((await ben.opens('/admin')).text).not.toContain('Candor itself')
  problem = 'the notifier ran out of memory, and is started again'
  const { text } = await ben.opens('/admin')
  expect(text).toContain('Candor itself')
  expect(text).toContain('The notifier ran out of memory, and is started again.</strong> What is due is sent once')
})
