import { describe, expect, test } from 'vitest'
import { createAccount, disableAccount } from '../../../../src/domain/accounts/commands.ts'
import type { Role } from '../../../../src/domain/accounts/account.ts'
import { invite } from '../../../../src/domain/accounts/invitations.ts'
import { accounts } from '../../../../src/domain/accounts/queries.ts'
import { eventsAfter } from '../../../../src/domain/changes/log.ts'
import { wallClock } from '../../../../src/lib/clock.ts'
import { passwords } from '../../../../src/lib/passwords.ts'
import { emailOf, password, signsIn } from '../../../people.ts'
import type { World } from '../../../world.ts'
import { type Known, besideProvider } from './openid.ts'

const groups = { CANDOR_OIDC_GROUPS: 'bosses=owner, on-call=responder' }
const dee: Known = { sub: 'u-1', email: 'dee@example.org', email_verified: true, name: 'Dee', groups: ['on-call'] }

async function account(it: World, name: string, role: Role): Promise<string> {
  const passwordHash = await passwords({ memoryCost: 8, timeCost: 1, parallelism: 1 }).hash(password)
  return it.change({ kind: 'setup' }, (change) =>
    createAccount(change, { email: emailOf(name), name, role, passwordHash }),
  )
}

const roleOf = async (it: World, email: string) => (await accounts(it.db)).find((one) => one.email === email)

describe('whoever is in a group', () => {
  test('comes in with its role, where they wanted to go, and nobody asks for a password', async () => {
    const { it, browser, comes } = await besideProvider(groups)
    const cy = browser()
    const answer = await comes(cy, dee, '/admin/incidents')
    expect([answer.status, answer.headers['location']]).toEqual([303, '/admin/incidents'])
    expect((await cy.opens('/admin/me')).text).toContain('Signed in as Dee (responder)')
    expect((await cy.opens('/admin/team')).status).toBe(403)
    const told = (await eventsAfter(it.db, 0, 50)).map(({ type }) => type)
    expect(told).toEqual(expect.arrayContaining(['account.created', 'account.connected']))
  })

  test('gets the role of the group that they are in now, and is signed out everywhere else', async () => {
    const { it, browser, comes } = await besideProvider(groups)
    const [first, second] = [browser(), browser()]
    await account(it, 'Ada', 'owner')
    await comes(first, dee)
    await comes(second, { ...dee, groups: ['on-call', 'bosses'] })
    expect((await roleOf(it, 'dee@example.org'))?.role).toBe('owner')
    expect((await first.opens('/admin/me')).status).toBe(401)
    expect((await second.opens('/admin/team')).status).toBe(200)
  })

  test('is out at once when the last group is gone, and in again when it is back', async () => {
    const { it, browser, comes } = await besideProvider(groups)
    const [first, second] = [browser(), browser()]
    await account(it, 'Ada', 'owner')
    await comes(first, dee)
    const refused = await comes(second, { ...dee, groups: ['canteen'] })
    expect(refused.status).toBe(403)
    expect(refused.text).toContain('Ask whoever gives out groups at Northwind ID')
    expect((await first.opens('/admin/me')).status).toBe(401)
    expect((await roleOf(it, 'dee@example.org'))?.disabledAt).not.toBeNull()
    expect((await comes(second, dee)).status).toBe(303)
    expect((await roleOf(it, 'dee@example.org'))?.disabledAt).toBeNull()
  })

  test('stays disabled if a person disabled them', async () => {
    const { it, browser, comes } = await besideProvider(groups)
    const cy = browser()
    await comes(cy, dee)
    const id = (await roleOf(it, 'dee@example.org'))?.id ?? ''
    await it.change({ kind: 'command', name: 'test' }, (change) => disableAccount(change, id))
    expect((await cy.opens('/admin/me')).status).toBe(401)
    const refused = await comes(cy, dee)
    expect([refused.status, refused.text.includes('is disabled. Ask an owner')]).toEqual([403, true])
  })

  test('keeps the page if they are its only owner, whatever their groups say', async () => {
    const { it, browser, comes } = await besideProvider(groups)
    await comes(browser(), { ...dee, groups: ['bosses'] })
    expect((await comes(browser(), { ...dee, groups: [] })).status).toBe(403)
    expect(await roleOf(it, 'dee@example.org')).toMatchObject({ role: 'owner', disabledAt: null })
  })
})

describe('whoever the team does not know', () => {
  test('is told whom to ask, and no account is made', async () => {
    const { it, browser, comes } = await besideProvider()
    const answer = await comes(browser(), dee)
    expect(answer.status).toBe(403)
    expect(answer.text).toContain('Ask an owner of this page to invite dee@example.org')
    expect(await accounts(it.db)).toEqual([])
  })

  test('comes in by an invitation to an address that the provider vouches for, with its role', async () => {
    const { it, browser, comes } = await besideProvider()
    const ada = await account(it, 'Ada', 'owner')
    const invited = () =>
      it.change({ kind: 'operator', id: ada, name: 'Ada' }, (change) =>
        invite(change, { email: 'dee@example.org', role: 'author' }),
      )
    await invited()
    expect((await comes(browser(), { ...dee, email_verified: false })).status).toBe(403)
    expect((await comes(browser(), dee)).status).toBe(303)
    expect(await roleOf(it, 'dee@example.org')).toMatchObject({ role: 'author', name: 'Dee' })
    await expect(invited()).rejects.toThrow('on the team already')
  })
})

describe('whoever has an account with that address', () => {
  test('shows once, with its password, that it is theirs; then the provider is enough', async () => {
    const { it, browser, comes } = await besideProvider()
    const id = await account(it, 'Dee', 'responder')
    const cy = browser('Dee')
    const asked = await comes(cy, dee)
    expect([asked.status, asked.text.includes('Sign in with its password this once')]).toEqual([200, true])
    const door = await cy.opens('/admin/single-sign-on/connect')
    expect(door.status).toBe(401)
    // The provider would lead back to the same question.
    expect(door.text).not.toContain('Sign in with Northwind ID')
    expect(door.text).toMatch(/name="email"[^>]* value="dee@example\.org"/)
    expect((await cy.opens('/admin/sign-in')).text).toContain('Sign in with Northwind ID')
    await signsIn(cy)
    const page = await cy.opens('/admin/single-sign-on/connect')
    expect(page.text).toContain('Connect the two')
    const done = await cy.sends('/admin/single-sign-on/connect')
    expect(done.headers['location']).toBe('/admin?done=connected')
    const another = browser()
    // By now the address is another one, and says nothing.
    expect((await comes(another, { ...dee, email: 'renamed@example.org' })).status).toBe(303)
    expect((await another.opens('/admin/me')).text).toContain('dee@example.org')
    expect((await eventsAfter(it.db, 0, 50)).find(({ type }) => type === 'account.connected')).toMatchObject({
      subject: id,
    })
  })

  test('is not let in by an address alone: neither unvouched for, nor into the account of another', async () => {
    const { it, browser, comes } = await besideProvider()
    await account(it, 'Dee', 'responder')
    await account(it, 'Ben', 'responder')
    expect((await comes(browser(), { ...dee, email_verified: false })).status).toBe(403)
    const ben = browser('Ben')
    await comes(ben, dee)
    await signsIn(ben)
    const answer = await ben.opens('/admin/single-sign-on/connect')
    expect([answer.status, answer.headers['location']]).toEqual([303, '/admin'])
    expect(await it.db.selectFrom('identities').selectAll().execute()).toEqual([])
  })
})

describe('what comes back from the provider', () => {
  const altered: [string, (address: string) => string][] = [
    ['with another state', (address) => address.replace(/state=[^&]+/, 'state=of-somebody-else')],
    ['with another issuer', (address) => address.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fevil.example')],
    ['without an issuer', (address) => address.replace(/&?iss=[^&]+/, '')],
    ['with a made-up code', (address) => address.replace(/code=[^&]+/, 'code=made-up')],
    ['with nothing', (address) => address.replace(/\?.*/, '')],
  ]
  test.each(altered)('%s lets nobody in', async (_, change) => {
    const { it, openid, browser, goes } = await besideProvider(groups)
    openid.sits(dee)
    const cy = browser()
    const answer = await cy.opens(change(await goes(cy)).slice('http://status.example'.length))
    expect([answer.status, answer.text.includes('not what we asked for')]).toEqual([400, true])
    expect((await cy.opens('/admin/me')).status).toBe(401)
    expect(await accounts(it.db)).toEqual([])
  })

  test('in another browser, twice, or too late lets nobody in', async () => {
    const { it, openid, browser, goes } = await besideProvider(groups)
    openid.sits(dee)
    const [cy, other] = [browser(), browser()]
    const back = (await goes(cy)).slice('http://status.example'.length)
    expect((await other.opens(back)).text).toContain('begun in another browser')
    expect((await cy.opens(back)).status).toBe(303)
    expect((await cy.opens(back)).status).toBe(400)
    const late = (await goes(other)).slice('http://status.example'.length)
    it.clock.advance('11m')
    expect((await other.opens(late)).text).toContain('longer than ten minutes')
  })

  const forged: [string, (claims: Record<string, unknown>) => Record<string, unknown>][] = [
    ['another nonce', (claims) => ({ ...claims, nonce: 'of another' })],
    ['another audience', (claims) => ({ ...claims, aud: 'somebody-else' })],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['an end that is past', (claims) => ({ ...claims, exp: 1 })],
    ['another person, under the old signature', (claims) => ({ ...claims, sub: 'u-2' })],
  ]
  test.each(forged)('whose token names %s lets nobody in', async (_, change) => {
    const { openid, browser, comes } = await besideProvider(groups)
    openid.instead.set('/token', (answer) => {
      const { id_token: token, ...rest } = JSON.parse(answer) as { id_token: string }
      const [head, body = '', signature] = token.split('.')
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>
      const forgery = Buffer.from(JSON.stringify(change(claims))).toString('base64url')
      return JSON.stringify({ ...rest, id_token: [head, forgery, signature].join('.') })
    })
    expect((await comes(browser(), dee)).status).toBe(400)
  })

  test('whose token is not signed at all lets nobody in', async () => {
    const { openid, browser, comes } = await besideProvider(groups)
    openid.instead.set('/token', (answer) => {
      const { id_token: token, ...rest } = JSON.parse(answer) as { id_token: string }
      const head = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url')
      return JSON.stringify({ ...rest, id_token: `${head}.${token.split('.')[1]}.` })
    })
    expect((await comes(browser(), dee)).status).toBe(400)
  })
})

describe('where single sign-on is the only way in', () => {
  const only = { CANDOR_OIDC_ONLY: 'on' }

  test('passwords are for owners, and an invitation leads to the provider', async () => {
    const { it, browser } = await besideProvider(only)
    const ada = await account(it, 'Ada', 'owner')
    await account(it, 'Ben', 'responder')
    expect((await browser().opens('/admin/sign-in')).text).toContain('Owners: sign in with a password')
    expect((await signsIn(browser('Ben'))).status).toBe(422)
    expect((await signsIn(browser('Ada'))).status).toBe(303)
    const { secret } = await it.change({ kind: 'operator', id: ada, name: 'Ada' }, (change) =>
      invite(change, { email: 'dee@example.org', role: 'author' }),
    )
    const link = `/admin/invitation?secret=${secret}`
    expect((await browser().opens(link)).text).not.toContain('name="password"')
    const tried = await browser().sends('/admin/invitation', { secret, name: 'Dee', password }, '/admin/sign-in')
    expect(tried.status).toBe(403)
  })

  test('whoever comes back with an address of the team may use its password, to connect the two', async () => {
    const { it, browser, comes } = await besideProvider(only)
    await account(it, 'Dee', 'responder')
    const cy = browser('Dee')
    await comes(cy, dee)
    expect((await signsIn(cy)).status).toBe(303)
    await cy.opens('/admin/single-sign-on/connect')
    expect((await cy.sends('/admin/single-sign-on/connect')).headers['location']).toBe('/admin?done=connected')
  })
})

test('whoever has to prove again that it is they is asked by the provider, and the session is as fresh as that', async () => {
  const { it, openid, browser, comes, goes } = await besideProvider({ CANDOR_OIDC_GROUPS: 'bosses=owner' })
  it.clock.set(wallClock.now())
  const cy = browser()
  await comes(cy, { ...dee, groups: ['bosses'] })
  const provedAt = async () =>
    (await it.db.selectFrom('sessions').select('proved_at').orderBy('created_at', 'desc').executeTakeFirst())?.proved_at
  expect(await provedAt()).toBeNull()
  const asked = (await cy.opens('/admin/single-sign-on?again=1')).headers['location'] ?? ''
  expect(Object.fromEntries(new URL(asked).searchParams)).toMatchObject({ prompt: 'login', max_age: '0' })
  openid.sits({ ...dee, groups: ['bosses'] })
  it.clock.set(wallClock.now())
  it.clock.advance('1m')
  await cy.opens((await goes(cy, '/admin', '&again=1')).slice('http://status.example'.length))
  expect(
    await it.db.selectFrom('sessions').select('proved_at').where('proved_at', 'is not', null).execute(),
  ).toHaveLength(1)
})

describe('the way there', () => {
  test('carries a state, a nonce and a challenge, and leads nowhere else afterwards', async () => {
    const { browser, comes } = await besideProvider(groups)
    const away = await browser().opens('/admin/single-sign-on?next=https://evil.example')
    const asked = new URL(away.headers['location'] ?? '').searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)?.length).toBeGreaterThan(40)
    expect(String(away.headers['set-cookie'])).not.toContain(asked.get('state'))
    for (const next of ['https://evil.example', '//evil.example', '/admin/../..//evil.example', '/\\evil.example']) {
      expect((await comes(browser(), dee, next)).headers['location']).toBe('/admin')
    }
  })

  test('is closed with words when the provider is down, and open again by itself', async () => {
    const { openid, browser, it } = await besideProvider(groups)
    await openid.stop()
    const answer = await browser().opens('/admin/single-sign-on')
    expect(answer.status).toBe(503)
    expect(answer.text).toContain('Northwind ID does not answer')
    expect(answer.text).toContain('candor account reset')
    expect(await accounts(it.db)).toEqual([])
  })

  test('goes through the guard: a provider on a private address has to be allowed', async () => {
    const { openid, browser } = await besideProvider({ ...groups, CANDOR_EGRESS_ALLOW: 'none' })
    expect((await browser().opens('/admin/single-sign-on')).status).toBe(503)
    expect(openid.asked).toEqual([])
  })

  test('is not there where no provider is configured', async () => {
    const { it } = await besideProvider()
    const { app } = await it.app()
    expect((await app.inject('/admin/single-sign-on')).statusCode).toBe(404)
  })
})
