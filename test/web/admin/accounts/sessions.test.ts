import { expect, test } from 'vitest'
import { emailOf, password, people, signsIn, stranger } from '../../../people.ts'
import { world } from '../../../world.ts'

test('a new password ends every other session, and the old cookie opens nothing', async () => {
  const it = await world()
  const { ada } = await people(it)
  const second = { ...(await stranger(it)), name: 'Ada' }
  await signsIn(second)
  expect((await second.opens('/admin/me')).status).toBe(200)
  const next = 'four other unrelated herons'
  expect((await ada.sends('/admin/me/password', { current: 'not my password', next }, '/admin/me')).status).toBe(422)
  const changed = await ada.sends('/admin/me/password', { current: password, next }, '/admin/me')
  expect([changed.status, changed.headers['location']]).toEqual([303, '/admin/me?done=password'])
  expect((await second.opens('/admin/me')).status).toBe(401)
  expect((await ada.opens('/admin/me')).status).toBe(200)
  expect((await signsIn(second)).status).toBe(422)
  expect((await signsIn(second, next)).status).toBe(303)
})

test('signing out ends the session itself, not only the cookie', async () => {
  const it = await world()
  const { ada } = await people(it)
  const second = { ...(await stranger(it)), name: 'Ada' }
  const entered = await signsIn(second)
  const cookie = String(entered.headers['set-cookie']).split(';')[0] ?? ''
  const { app } = await it.app()
  const replay = () => app.inject({ url: '/admin/me', headers: { cookie } })
  expect((await replay()).statusCode).toBe(200)
  await second.opens('/admin/me')
  expect((await second.sends('/admin/sign-out', {}, '/admin/me')).status).toBe(303)
  expect((await replay()).statusCode).toBe(401)
  expect((await ada.opens('/admin/me')).status).toBe(200)
})

test('signing in gives a new secret; a cookie planted before is worth nothing', async () => {
  const it = await world()
  await people(it)
  const cy = await stranger(it)
  const before = String((await cy.opens('/admin/sign-in')).headers['set-cookie']).split(';')[0]
  const after = String((await signsIn({ ...cy, name: 'Ada' })).headers['set-cookie']).split(';')[0]
  expect(after).not.toBe(before)
})

test('somebody who is disabled, or gets another role, is signed out at once', async () => {
  const it = await world()
  const { ada, ben } = await people(it)
  expect((await ben.opens('/admin')).status).toBe(200)
  expect((await ada.sends(`/admin/team/${ben.id}/role`, { role: 'owner' })).status).toBe(303)
  expect((await ben.opens('/admin')).status).toBe(401)
  await signsIn(ben)
  expect((await ben.opens('/admin/team')).status).toBe(200)
  await ada.sends(`/admin/team/${ben.id}/disable`)
  expect((await ben.opens('/admin')).status).toBe(401)
})

test('the cookie is for this host, over https, and out of reach of scripts', async () => {
  const https = await world({ CANDOR_URL: 'https://status.example' })
  const cookie = String((await (await stranger(https)).opens('/admin/sign-in')).headers['set-cookie'])
  expect(cookie).toMatch(/^__Host-candor=[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  const http = await world()
  expect(String((await (await stranger(http)).opens('/admin/sign-in')).headers['set-cookie'])).toMatch(/^candor=/)
})

test('too many wrong passwords meet a wait that says how long', async () => {
  const it = await world()
  const { cy } = await people(it)
  const guess = () =>
    cy.sends(
      '/admin/sign-in',
      { email: emailOf('Ada'), password: 'wrong wrong wrong', next: '/admin' },
      '/admin/sign-in',
    )
  const answers = []
  for (let index = 0; index < 7; index += 1) answers.push(await guess())
  expect(answers.slice(0, 5).map(({ status }) => status)).toEqual([422, 422, 422, 422, 422])
  expect(answers.at(-1)?.status).toBe(429)
  expect(answers.at(-1)?.headers['retry-after']).toBe('1')
})

test('an address of another site is no place to go on to', async () => {
  const it = await world()
  await people(it)
  for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', '/admin/../..//evil.example']) {
    const cy = { ...(await stranger(it)), name: 'Ada' }
    const answer = await cy.sends('/admin/sign-in', { email: emailOf('Ada'), password, next }, '/admin/sign-in')
    expect(answer.headers['location']).toBe('/admin')
  }
})
