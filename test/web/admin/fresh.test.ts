import { expect, test } from 'vitest'
import { authenticator } from '../../authenticator.ts'
import { setsUpApp } from '../../code-app.ts'
import { type Person, emailOf, password, people, signsIn, stranger } from '../../people.ts'
import { type World, world } from '../../world.ts'
import { besideProvider } from './accounts/openid.ts'

const origin = 'http://localhost:3999'

async function elevenMinutesLater() {
  const it = await world({ CANDOR_URL: origin })
  const { ada, ben } = await people(it)
  it.clock.advance('11m')
  return { it, ada, ben }
}

const cookieOf = (answer: { headers: Record<string, unknown> }) => String(answer.headers['set-cookie']).split(';')[0]

async function inAnotherBrowser(it: World): Promise<Person> {
  const other = { ...(await stranger(it)), name: 'Ada' }
  await signsIn(other)
  return other
}

test('what matters asks once more who it is, keeps what was typed, and goes on with the answer', async () => {
  const { ada } = await elevenMinutesLater()
  const asked = await ada.sends('/admin/me/email', { email: 'ada@example.com' }, '/admin/me')
  expect(asked.status).toBe(401)
  expect(asked.text).toContain('Is it you?')
  expect(asked.text).toContain('action="/admin/me/email"')
  expect(asked.text).toContain('name="email" value="ada@example.com"')
  const wrong = await ada.sends('/admin/me/email', { email: 'ada@example.com', 'proof-password': 'not my password' })
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain('This is not your password.')
  expect(wrong.text).toContain('name="email" value="ada@example.com"')
  expect(wrong.text).not.toContain('not my password')
  expect((await ada.opens('/admin/me')).text).toContain(emailOf('Ada'))

  const changed = await ada.sends('/admin/me/email', { email: 'ada@example.com', 'proof-password': password })
  expect([changed.status, changed.headers['location']]).toEqual([303, '/admin/me?done=changed'])
  expect((await ada.opens('/admin/me')).text).toContain('value="ada@example.com"')
  // For ten minutes nothing asks again.
  expect((await ada.sends('/admin/me/email', { email: emailOf('Ada') }, '/admin/me')).status).toBe(303)
})

test('the proof gives the session a new secret: the one before opens nothing', async () => {
  const { it, ada } = await elevenMinutesLater()
  const other = { ...(await stranger(it)), name: 'Ada' }
  const before = cookieOf(await signsIn(other)) ?? ''
  it.clock.advance('11m')
  const proved = await other.sends(
    '/admin/me/email',
    { email: emailOf('Ada'), 'proof-password': password },
    '/admin/me',
  )
  expect(cookieOf(proved)).not.toBe(before)
  const { app } = await it.app()
  expect((await app.inject({ url: '/admin/me', headers: { cookie: before } })).statusCode).toBe(401)
  expect((await other.opens('/admin/me')).status).toBe(200)
  expect((await ada.opens('/admin/me')).status).toBe(200)
})

test('a page that matters is gone on to after the proof, and never to another site', async () => {
  const { ada } = await elevenMinutesLater()
  const asked = await ada.opens('/admin/me/security/passkeys/new')
  expect(asked.status).toBe(401)
  expect(asked.text).toContain('name="next" value="/admin/me/security/passkeys/new"')
  const answers = { next: '/admin/me/security/passkeys/new', 'proof-password': 'not my password' }
  const wrong = await ada.sends('/admin/confirm', answers, '/admin/me')
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain('name="next" value="/admin/me/security/passkeys/new"')
  const right = await ada.sends('/admin/confirm', { ...answers, 'proof-password': password }, '/admin/me')
  expect([right.status, right.headers['location']]).toEqual([303, '/admin/me/security/passkeys/new'])
  expect((await ada.opens('/admin/me/security/passkeys/new')).status).toBe(200)
  const away = { next: 'https://evil.example', 'proof-password': password }
  expect((await ada.sends('/admin/confirm', away, '/admin/me')).headers['location']).toBe('/admin')
})

test('new keys and the log to take away ask first', async () => {
  const { ada } = await elevenMinutesLater()
  const token = { name: 'CI', scope: 'read', expiresInDays: '30' }
  expect((await ada.sends('/admin/tokens', token)).text).toContain('name="expiresInDays" value="30"')
  expect((await ada.sends('/admin/probes/places', { name: 'Lisbon' })).status).toBe(401)
  expect((await ada.opens('/admin/log.csv?what=incident')).text).toContain(
    'name="next" value="/admin/log.csv?what=incident"',
  )
  const next = '/admin/log.csv?what=incident'
  const proved = await ada.sends('/admin/confirm', { next, 'proof-password': password }, '/admin/me')
  expect(proved.headers['location']).toBe(next)
  expect((await ada.sends('/admin/tokens', token, '/admin/tokens')).status).toBe(303)
})

test('the code of an app proves it, once, and so does a passkey', async () => {
  const { it, ada } = await elevenMinutesLater()
  await ada.sends('/admin/confirm', { next: '/admin', 'proof-password': password }, '/admin/me')
  const { app } = await setsUpApp(ada, it.clock)
  const key = authenticator(origin)
  const made = await ada.sends('/admin/me/security/passkeys/options', {}, '/admin/me/security')
  await ada.sends('/admin/me/security/passkeys', {
    name: 'Key',
    answer: key.create(made.body as { challenge: string }),
  })
  it.clock.advance('11m')
  const code = app.code()
  const email = emailOf('Ada')
  expect((await ada.sends('/admin/me/email', { email, 'proof-code': code }, '/admin/me')).status).toBe(303)
  it.clock.advance('11m')
  expect((await ada.sends('/admin/me/email', { email, 'proof-code': code }, '/admin/me')).status).toBe(422)
  const options = await ada.sends('/admin/confirm/passkey', {}, '/admin/me')
  const answer = key.get(options.body as { challenge: string })
  expect((await ada.sends('/admin/me/email', { email, 'proof-passkey': answer }, '/admin/me')).status).toBe(303)
})

test('who guesses at the proof has to wait as at the door', async () => {
  const { ada } = await elevenMinutesLater()
  const statuses = []
  for (let index = 0; index < 7; index += 1) {
    const sent = { email: 'x@example.org', 'proof-password': 'not my password' }
    statuses.push((await ada.sends('/admin/me/email', sent, '/admin/me')).status)
  }
  expect(statuses.slice(0, 4)).toEqual([422, 422, 422, 422])
  expect(statuses.at(-1)).toBe(429)
})

test('the sessions are listed in words, this one marked; one or all others are ended', async () => {
  const { it, ada, ben } = await elevenMinutesLater()
  const { app } = await it.app()
  const phone = await inAnotherBrowser(it)
  await it.db
    .updateTable('sessions')
    .set({ browser: 'Safari on iPhone', network: '192.0.2.0/24' })
    .where('proved_at', '=', it.clock.now())
    .execute()
  const page = (await ada.opens('/admin/me/security')).text
  expect(page).toContain('(this one)')
  expect(page).toContain('Safari on iPhone')
  expect(page).toContain('from 192.0.2.0/24')
  const id = /name="session" value="([^"]+)"/.exec(page)?.[1] ?? ''
  // Nobody ends the sessions of others.
  await ben.sends('/admin/me/security/sessions/end', { session: id }, '/admin/me/security')
  expect((await phone.opens('/admin/me')).status).toBe(200)
  expect((await ada.sends('/admin/me/security/sessions/end', { session: id }, '/admin/me/security')).status).toBe(303)
  expect((await phone.opens('/admin/me')).status).toBe(401)

  const others = [await inAnotherBrowser(it), await inAnotherBrowser(it)]
  expect((await ada.sends('/admin/me/security/sessions/end', {}, '/admin/me/security')).status).toBe(303)
  for (const other of others) expect((await other.opens('/admin/me')).status).toBe(401)
  expect((await ada.opens('/admin/me')).status).toBe(200)
  expect((await ben.opens('/admin/me')).status).toBe(200)
  expect((await ada.opens('/admin/log')).text).toContain('signed Ada out in 2 other browsers')
  expect((await app.inject('/')).headers['set-cookie']).toBeUndefined()
})

test.each([
  ['/admin/team/invitations', { email: 'eve@example.org', role: 'owner' }],
  ['/admin/team/BEN/role', { role: 'owner' }],
  ['/admin/team/BEN/enable', {}],
])('whoever finds an open browser lets nobody in with it: %s', async (path, fields) => {
  const { ada, ben } = await elevenMinutesLater()
  const asked = await ada.sends(path.replace('BEN', ben.id), fields, '/admin/team')
  expect([asked.status, asked.text.includes('Is it you?')]).toEqual([401, true])
  const team = await ada.opens('/admin/team')
  expect(team.text).not.toContain('eve@example.org')
  const withProof = { ...fields, 'proof-password': password }
  const done = await ada.sends(path.replace('BEN', ben.id), withProof, '/admin/team')
  expect([201, 303]).toContain(done.status)
})

test('who came by the provider proves there again who they are, and by a password only if they have one', async () => {
  const { browser, comes } = await besideProvider({ CANDOR_OIDC_GROUPS: 'bosses=owner' })
  const cy = browser()
  await comes(cy, { sub: 'dee', email: 'dee@example.org', email_verified: true, groups: ['bosses'] })
  const { status, text } = await cy.opens('/admin/me/security/app')
  expect(status).toBe(401)
  expect(text).toContain('/admin/single-sign-on?again=1&amp;next=%2Fadmin%2Fme%2Fsecurity%2Fapp')
  expect(text.indexOf('again=1')).toBeLessThan(text.indexOf('Your password, if you have one'))
  // The provider lets them in again without a question.
  expect(text).not.toContain('Sign out and in again')
})
