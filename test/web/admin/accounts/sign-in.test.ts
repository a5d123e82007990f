import { expect, test } from 'vitest'
import { emailOf, password, people, stranger } from '../../../people.ts'
import { world } from '../../../world.ts'

test('whoever signs in sees the desk, and whoever does not meets the door', async () => {
  const { ada, cy } = await people(await world())
  expect((await ada.opens('/admin/me')).status).toBe(200)
  const door = await cy.opens('/admin/incidents')
  expect(door.status).toBe(401)
  expect(door.text).toContain('Sign in to the desk')
  expect(door.text).toContain('name="next" value="/admin/incidents"')
})

test('an unknown address, a wrong password and a disabled account get the same answer', async () => {
  const it = await world()
  const { cy, ben, ada } = await people(it)
  await ada.sends(`/admin/team/${ben.id}/disable`)
  const say = async (email: string, word: string) => {
    const answer = await cy.sends('/admin/sign-in', { email, password: word, next: '/admin' }, '/admin/sign-in')
    const { date: _date, 'set-cookie': _cookie, 'content-length': _length, ...headers } = answer.headers
    const text = answer.text.replaceAll(email, '…').replaceAll(/value="[\w-]{40,}"/g, '')
    return { status: answer.status, headers, text }
  }
  const unknown = await say('nobody@example.org', password)
  expect(unknown.status).toBe(422)
  expect(unknown.text).toContain('do not belong together')
  expect(await say(emailOf('Ada'), 'wrong wrong wrong')).toEqual(unknown)
  expect(await say(emailOf('Ben'), password)).toEqual(unknown)
})

test('before anybody runs the page its door asks for no password, and leads to the set-up', async () => {
  const door = (await (await stranger(await world())).opens('/admin')).text
  expect(door).toContain('href="/setup"')
  expect(door).not.toContain('name="password"')
})
