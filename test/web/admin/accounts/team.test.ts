import { expect, test } from 'vitest'
import { createToken } from '../../../../src/domain/accounts/tokens.ts'
import { password, people, signsIn, stranger } from '../../../people.ts'
import { world } from '../../../world.ts'

const linkIn = (text: string): string => /value="http:\/\/status\.example([^"]+)"/.exec(text)?.[1] ?? ''

test('an owner hands over a link with which somebody chooses a new password', async () => {
  const { ada, ben, cy } = await people(await world())
  const made = await ada.makes(`/admin/team/${ben.id}/reset`, {}, '/admin/team')
  expect([made.status, made.text.includes('Hand this link to Ben')]).toEqual([200, true])
  const link = linkIn(made.text)
  expect(link).toMatch(/^\/admin\/reset\?secret=/)
  expect((await cy.opens(link)).text).toContain('ben@example.org')
  const secret = link.split('=')[1] ?? ''
  const next = 'four other unrelated herons'
  const chosen = await cy.sends('/admin/reset', { secret, password: next }, link)
  expect(chosen.headers['location']).toBe('/admin/sign-in?done=reset')
  expect((await cy.opens('/admin/sign-in?done=reset')).text).toContain('Your new password is set')
  expect((await ben.opens('/admin')).status).toBe(401)
  expect((await signsIn(ben, password)).status).toBe(422)
  expect((await signsIn(ben, next)).status).toBe(303)
  expect((await cy.opens(link)).status).toBe(404)
})

test('an invitation shows its end, gets a new link, and the old one is worth nothing', async () => {
  const it = await world()
  const { ada, cy } = await people(it)
  const first = linkIn((await ada.makes('/admin/team/invitations', { email: 'dee@example.org', role: 'author' })).text)
  it.clock.advance('8d')
  await signsIn(ada)
  expect((await ada.opens('/admin/team')).text).toMatch(/expired 24 hours ago|expired 1 day ago/)
  const id = (await it.db.selectFrom('invitations').select('id').executeTakeFirstOrThrow()).id
  const second = linkIn((await ada.makes(`/admin/team/invitations/${id}/renew`)).text)
  const spent = await cy.opens(first)
  expect([spent.status, spent.text.includes('<h1>This link no longer works</h1>')]).toEqual([404, true])
  expect(spent.text).toContain('<p class="eyebrow">Northwind</p>')
  expect(spent.text).toContain('<a class="button" href="/admin/sign-in">Sign in</a>')
  expect((await cy.opens(second)).status).toBe(200)
})

test('a network that tries links has to wait, whatever the link', async () => {
  const it = await world()
  const { cy } = await people(it)
  for (const path of ['/admin/reset', '/admin/invitation']) {
    const tries = []
    for (let index = 0; index < 31; index += 1) tries.push((await cy.opens(`${path}?secret=x${index}`)).status)
    expect([tries.slice(0, 30).every((status) => status === 404), tries[30]]).toEqual([true, 429])
    it.clock.advance('1m')
    expect((await cy.opens(`${path}?secret=x`)).status).toBe(404)
  }
})

test('the role stands in the invitation: whoever accepts it cannot ask for another (GHSA-7x3q-g6gq-f4mm)', async () => {
  const it = await world()
  const { ada } = await people(it)
  const link = linkIn((await ada.makes('/admin/team/invitations', { email: 'dee@example.org', role: 'viewer' })).text)
  const dee = await stranger(it)
  const fields = { secret: link.split('=')[1] ?? '', name: 'Dee', password }
  expect((await dee.sends('/admin/invitation', { ...fields, role: 'owner' }, link)).status).toBe(422)
  expect((await dee.sends(`/admin/invitation?role=owner`, fields, link)).status).toBe(303)
  const row = await it.db
    .selectFrom('accounts')
    .select('role')
    .where('email', '=', 'dee@example.org')
    .executeTakeFirst()
  expect(row?.role).toBe('viewer')
})

test('whoever is disabled still shows by the tokens that they made', async () => {
  const it = await world()
  const { ada, ben } = await people(it)
  await it.change({ kind: 'operator', id: ben.id, name: 'Ben' }, (change) =>
    createToken(change, { name: 'CI', scope: 'read' }),
  )
  expect((await ada.opens('/admin/team')).text).not.toContain('still works')
  await ada.sends(`/admin/team/${ben.id}/disable`)
  expect((await ada.opens('/admin/team')).text).toContain('Made a token that still works')
  expect((await ada.opens('/admin/tokens')).text).toContain('Ben is disabled, and may still know this token')
})

test('the desk says two weeks before that a token ends, to those who can change it', async () => {
  const it = await world()
  const { ada, ben } = await people(it)
  await it.change({ kind: 'setup' }, (change) => createToken(change, { name: 'CI', scope: 'read', expiresInDays: 15 }))
  expect((await ada.opens('/admin')).text).not.toContain('Tokens that end soon')
  it.clock.advance('1d')
  await signsIn(ada)
  await signsIn(ben)
  expect((await ada.opens('/admin')).text).toContain('<strong>CI</strong> lets nothing in from')
  expect((await ben.opens('/admin')).text).not.toContain('Tokens that end soon')
})

test('a token is made, renewed and revoked at the desk, and each secret is shown once', async () => {
  const it = await world()
  const { ada } = await people(it)
  const secretIn = (text: string) => /value="(candor_[\w-]+)"/.exec(text)?.[1]
  expect((await ada.opens('/admin/tokens')).text).toContain('curl -H &quot;Authorization: Bearer $TOKEN&quot;')
  const wish = { name: 'CI', scope: 'read', expiresInDays: '30' }
  const first = secretIn((await ada.makes('/admin/tokens', wish)).text)
  expect(first).toBeDefined()
  expect((await ada.opens('/admin/tokens')).text).not.toContain(first)
  const { id } = await it.db.selectFrom('tokens').select('id').executeTakeFirstOrThrow()
  const renewed = await ada.makes(`/admin/tokens/${id}/renew`, { overlapHours: '24' })
  expect(renewed.text).toContain('The one before works until')
  expect(secretIn(renewed.text)).not.toBe(first)
  expect((await ada.makes(`/admin/tokens/${id}/renew`, { overlapHours: '999' })).status).toBe(422)
  const ended = await ada.sends(`/admin/tokens/${id}/end-former`)
  expect(ended.headers['location']).toBe('/admin/tokens?done=former-ended')
  await ada.sends(`/admin/tokens/${id}/revoke`)
  expect((await ada.opens('/admin/tokens')).text).toContain('There are no tokens')
})
