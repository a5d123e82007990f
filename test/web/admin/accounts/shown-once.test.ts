import { expect, test } from 'vitest'
import { people, signsIn } from '../../../people.ts'
import { world } from '../../../world.ts'

const tokens = '/admin/tokens'
const wish = { name: 'CI', scope: 'read', expiresInDays: '30' }
const secretIn = (text: string): string | null => /candor_[\w-]{20,}/.exec(text)?.[0] ?? null

async function withToken() {
  const it = await world()
  const { ada } = await people(it)
  return { it, ada, made: await ada.sends(tokens, wish, tokens) }
}

test('a form that makes a secret leads to a page that shows it once: loading that page again makes no other', async () => {
  const { it, ada, made } = await withToken()
  expect([made.status, made.headers['location']]).toEqual([303, tokens])
  // What is in the browser until then tells nobody who reads it.
  expect(secretIn(JSON.stringify(made.headers) + made.text)).toBeNull()
  const [kept = ''] = (made.headers['set-cookie'] as unknown as string[]).filter((one) => one.includes('candor-shown='))
  expect(kept).toMatch(/Max-Age=60; Path=\/; HttpOnly; SameSite=Lax/)
  const shown = await ada.opens(tokens)
  expect(secretIn(shown.text)).not.toBeNull()
  expect(shown.headers['cache-control']).toBe('no-store')
  expect(secretIn((await ada.opens(tokens)).text)).toBeNull()
  expect(await it.db.selectFrom('tokens').select('id').execute()).toHaveLength(1)
})

test('no other page shows it, and it waits for its own', async () => {
  const { ada } = await withToken()
  for (const page of ['/admin/team', '/admin/probes/places', '/admin/me/security/codes']) {
    expect(secretIn((await ada.opens(page)).text)).toBeNull()
  }
  expect(secretIn((await ada.opens(tokens)).text)).not.toBeNull()
})

test('a browser that was left is shown it no more', async () => {
  const { it, ada } = await withToken()
  it.clock.advance('1m')
  expect(secretIn((await ada.opens(tokens)).text)).toBeNull()
})

test('who signs in next in the same browser is not shown it', async () => {
  const { it, ada } = await withToken()
  const { id } = await it.db.selectFrom('accounts').select('id').where('name', '=', 'Ben').executeTakeFirstOrThrow()
  await it.db.updateTable('accounts').set({ role: 'owner' }).where('id', '=', id).execute()
  await ada.sends('/admin/sign-out')
  await signsIn({ ...ada, name: 'Ben' })
  const page = await ada.opens(tokens)
  expect([page.status, secretIn(page.text)]).toEqual([200, null])
})

test.each(['x', 'eA', '%00', 'a'.repeat(3000)])('what we did not seal is nothing to show: %.5s', async (sealed) => {
  const { ada } = await people(await world())
  const page = await ada.agent.get(tokens).set('cookie', `candor-shown=${sealed}`)
  expect(page.status).toBe(200)
})

test('codes that were shown are nowhere to be opened again', async () => {
  const { ada } = await withToken()
  const page = await ada.opens('/admin/me/security/codes')
  expect([page.status, page.headers['location']]).toEqual([303, '/admin/me/security'])
})
