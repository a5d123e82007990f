import { expect, test } from 'vitest'
import { listGroups } from '../../../../src/domain/components/queries.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

const instance = {
  name: 'Europe 42',
  description: '',
  instanceKey: 'EU42',
  location: 'Frankfurt',
  environment: 'production',
  aliases: 'acme.example\n\n globex.example ',
  tags: 'stack: S5\nrelease: Summer: 14.5\n',
}

test('an instance is made at the desk with all that customers find it by, and shown again as it was written', async () => {
  const here = await world()
  const { ada } = await people(here)
  expect((await ada.sends('/admin/groups', instance)).status).toBe(303)
  const [group] = await listGroups(here.db)
  expect(group).toMatchObject({
    instanceKey: 'EU42',
    location: 'Frankfurt',
    environment: 'production',
    aliases: ['acme.example', 'globex.example'],
    tags: [
      { type: 'stack', value: 'S5' },
      { type: 'release', value: 'Summer: 14.5' },
    ],
  })
  const form = (await ada.opens(`/admin/groups/${group?.id}`)).text
  expect(form).toContain('acme.example\nglobex.example</textarea>')
  expect(form).toContain('stack: S5\nrelease: Summer: 14.5</textarea>')
})

test('a tag of which only a half is written is refused beside its field', async () => {
  const here = await world()
  const { ada } = await people(here)
  const refused = await ada.sends('/admin/groups', { ...instance, tags: 'stack' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('id="tags-wrong"')
  expect(await listGroups(here.db)).toEqual([])
})
