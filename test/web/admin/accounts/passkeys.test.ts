import { expect, test } from 'vitest'
import { createAccount } from '../../../../src/domain/accounts/commands.ts'
import { eventsAfter } from '../../../../src/domain/changes/log.ts'
import { type Authenticator, type Twist, authenticator } from '../../../authenticator.ts'
import { setsUpApp } from '../../../code-app.ts'
import { type Person, people, signsIn, stranger } from '../../../people.ts'
import { type World, world } from '../../../world.ts'

const origin = 'http://localhost:3999'
const onward = { next: '/admin/incidents', kept: '' }

async function site() {
  const it = await world({ CANDOR_URL: origin })
  return { it, ...(await people(it)) }
}

async function anotherBrowser(it: World, name = 'Ada'): Promise<Person> {
  return { ...(await stranger(it)), name }
}

interface Asked {
  readonly challenge: string
}

async function addsPasskey(
  person: Person,
  key: Authenticator,
  { name = 'Blue key', ...twist }: Twist & { name?: string } = {},
) {
  const asked = (await person.sends('/admin/me/security/passkeys/options', {}, '/admin/me/security')).body as Asked
  return person.makes('/admin/me/security/passkeys', { name, answer: key.create(asked, twist) })
}

/** From the door, with a passkey alone. */
async function comesIn(it: World, key: Authenticator, twist: Twist = {}) {
  const other = await anotherBrowser(it)
  const asked = (await other.sends('/admin/sign-in/passkey/options', {}, '/admin/sign-in')).body as Asked
  const answer = key.get(asked, twist)
  const give = () => other.sends('/admin/sign-in/passkey', { answer, ...onward }, '/admin/sign-in')
  return { other, asked, give, entered: await give() }
}

test('a passkey is added, named, used, renamed and removed, and the log tells of it', async () => {
  const { it, ada } = await site()
  const key = authenticator(origin)
  const added = await addsPasskey(ada, key)
  expect(added.status).toBe(200)
  expect(added.text).toContain('Your recovery codes')
  expect((await ada.opens('/admin/me/security')).text).toMatch(/Blue key<\/strong><br><small>added .* · not used yet/)
  it.clock.advance('1m')
  await comesIn(it, key)
  const page = (await ada.opens('/admin/me/security')).text
  expect(page).toMatch(/last used/)
  const path = `/admin/me/security/passkeys/${/passkeys\/(id\d+)"/.exec(page)?.[1]}`
  expect((await ada.sends(path, { name: 'Green key' }, path)).status).toBe(303)
  expect((await ada.sends(path, { name: '' }, path)).status).toBe(422)
  expect((await ada.sends(`${path}/remove`, {}, '/admin/me/security')).status).toBe(303)
  expect((await ada.opens('/admin/me/security')).text).not.toContain('Green key')
  expect((await comesIn(it, key)).entered.status).toBe(422)
  const types = (await eventsAfter(it.db, 0, 100)).map(({ type }) => type).filter((type) => /factor|passkey/.test(type))
  expect(types).toEqual(['account.factor-added', 'account.passkey-renamed', 'account.factor-removed'])
})

test('a passkey alone opens the desk: no password, no second step', async () => {
  const { it, ada } = await site()
  const key = authenticator(origin)
  await addsPasskey(ada, key)
  const { other, entered } = await comesIn(it, key)
  expect([entered.status, entered.headers['location']]).toEqual([303, '/admin/incidents'])
  expect((await other.opens('/admin/me')).text).toContain('Signed in as Ada')
  // Password managers share theirs among devices: those do not count.
  const synced = authenticator(origin, { counts: false })
  expect((await addsPasskey(ada, synced)).status).toBe(200)
  expect((await comesIn(it, synced)).entered.status).toBe(303)
  expect((await comesIn(it, synced)).entered.status).toBe(303)
})

test('after the password a passkey is the second step; the password alone opens nothing', async () => {
  const { it, ada } = await site()
  const [key, strange] = [authenticator(origin), authenticator(origin)]
  await addsPasskey(ada, key)
  const other = await anotherBrowser(it)
  const half = await signsIn(other)
  expect(half.text).toContain('Use your passkey')
  expect((await other.opens('/admin/me')).status).toBe(401)
  const ask = async () => (await other.sends('/admin/sign-in/passkey/options', {}, '/admin/sign-in')).body as Asked
  const wrong = await other.sends('/admin/sign-in/passkey', { answer: strange.get(await ask()), ...onward })
  expect(wrong.status).toBe(422)
  expect((await other.sends('/admin/sign-in/passkey', { answer: key.get(await ask()), ...onward })).status).toBe(303)
  expect((await other.opens('/admin/me')).status).toBe(200)
})

test('an answer opens nothing that is not for this page, this host, this challenge, and a person who was asked', async () => {
  const { it, ada } = await site()
  const key = authenticator(origin)
  await addsPasskey(ada, key)
  const twists: Twist[] = [
    { origin: 'https://evil.example' },
    { origin: 'http://localhost:4000' },
    { rpId: 'evil.example' },
    { challenge: Buffer.alloc(32, 7).toString('base64url') },
    { challenge: '' },
    { verified: false },
    { type: 'webauthn.create' },
  ]
  for (const twist of twists) {
    const { other, entered } = await comesIn(it, key, twist)
    expect([twist, entered.status]).toEqual([twist, 422])
    expect(entered.text).toContain('does not open anything here')
    expect((await other.opens('/admin/me')).status).toBe(401)
  }
  expect((await comesIn(it, key)).entered.status).toBe(303)
})

test('a challenge is good once, in one browser, for one thing, for five minutes', async () => {
  const { it, ada } = await site()
  const key = authenticator(origin)
  await addsPasskey(ada, key)
  const { other, asked, give, entered } = await comesIn(it, key)
  expect(entered.status).toBe(303)
  await other.sends('/admin/sign-out', {}, '/admin/me')
  expect((await give()).status).toBe(422)
  expect(
    (await other.sends('/admin/sign-in/passkey', { answer: key.get(asked), ...onward }, '/admin/sign-in')).status,
  ).toBe(422)

  const [one, two] = [await anotherBrowser(it), await anotherBrowser(it)]
  const ask = async (who: Person) =>
    (await who.sends('/admin/sign-in/passkey/options', {}, '/admin/sign-in')).body as Asked
  const answers = (who: Person, answer: string) =>
    who.sends('/admin/sign-in/passkey', { answer, ...onward }, '/admin/sign-in')
  expect((await answers(two, key.get(await ask(one)))).status).toBe(422)
  const late = await ask(two)
  it.clock.advance('5m')
  expect((await answers(two, key.get(late))).status).toBe(422)
  const forAdding = (await ada.sends('/admin/me/security/passkeys/options', {}, '/admin/me/security')).body as Asked
  expect((await answers(one, key.get(forAdding, { rpId: 'localhost' }))).status).toBe(422)
  // All of them were taken, or were for nobody: what is asked for now works.
  expect((await answers(one, key.get(await ask(one)))).status).toBe(303)
})

test('a passkey that counts backwards is refused and flagged: there may be a copy of it', async () => {
  const { it, ada } = await site()
  const key = authenticator(origin)
  await addsPasskey(ada, key)
  expect((await comesIn(it, key, { counter: 100 })).entered.status).toBe(303)
  expect((await comesIn(it, key, { counter: 100 })).entered.status).toBe(422)
  expect((await comesIn(it, key, { counter: 99 })).entered.status).toBe(422)
  const flagged = (await eventsAfter(it.db, 0, 100)).filter(({ type }) => type === 'account.passkey-refused')
  expect(flagged).toHaveLength(2)
  expect((await ada.opens('/admin/log')).text).toContain('Blue key”, which was refused')
  expect((await comesIn(it, key, { counter: 101 })).entered.status).toBe(303)
})

test('no passkey is added that was made for another page, host or challenge, or without asking a person', async () => {
  const { it, ada } = await site()
  const twists: Twist[] = [
    { origin: 'https://evil.example' },
    { rpId: 'evil.example' },
    { challenge: Buffer.alloc(32, 7).toString('base64url') },
    { verified: false },
  ]
  for (const twist of twists) {
    expect((await addsPasskey(ada, authenticator(origin), twist)).status).toBe(422)
    expect(await it.db.selectFrom('passkeys').select('id').execute()).toEqual([])
  }
  expect((await addsPasskey(ada, authenticator(origin))).status).toBe(200)
})

test('what is no answer at all is refused in words, wherever it is sent', async () => {
  const { it, ada } = await site()
  await addsPasskey(ada, authenticator(origin))
  const cy = await anotherBrowser(it)
  for (const answer of [
    '',
    '{',
    'null',
    '[]',
    '{"id":1,"response":{}}',
    '{"id":"\\u0000","response":{}}',
    '{"response":null}',
  ]) {
    expect((await cy.sends('/admin/sign-in/passkey', { answer, ...onward }, '/admin/sign-in')).status).toBe(422)
    expect((await ada.sends('/admin/me/security/passkeys', { name: 'x', answer })).status).toBe(422)
  }
})

test('one has only one’s own passkeys: those of others can neither be renamed nor removed', async () => {
  const { it, ada, ben } = await site()
  await addsPasskey(ada, authenticator(origin))
  const [row] = await it.db.selectFrom('passkeys').select('id').execute()
  const path = `/admin/me/security/passkeys/${row?.id}`
  expect((await ben.opens(path)).status).toBe(404)
  expect((await ben.sends(path, { name: 'Mine' })).status).toBe(404)
  expect((await ben.sends(`${path}/remove`)).status).toBe(404)
  expect(await it.db.selectFrom('passkeys').select('name').execute()).toEqual([{ name: 'Blue key' }])
})

test('passkeys are offered only where browsers have them: with https and a name, or on this machine', async () => {
  const offered = async (url: string) => {
    const it = await world({ CANDOR_URL: url })
    await it.change({ kind: 'setup' }, (change) =>
      createAccount(change, { email: 'ada@example.org', name: 'Ada', role: 'owner', passwordHash: 'none' }),
    )
    const page = (await (await anotherBrowser(it)).opens('/admin/sign-in')).text
    return page.includes('Sign in with a passkey')
  }
  expect(await offered('https://status.example')).toBe(true)
  expect(await offered('http://localhost:3000')).toBe(true)
  expect(await offered('http://status.example')).toBe(false)
  expect(await offered('https://192.0.2.1')).toBe(false)
  const plain = await world()
  const { ada } = await people(plain)
  expect((await ada.opens('/admin/me/security')).text).toContain('only for pages with https and a name')
  expect((await ada.opens('/admin/me/security/passkeys/new')).status).toBe(404)
})

test('with both, the second step offers either', async () => {
  const { it, ada } = await site()
  await addsPasskey(ada, authenticator(origin))
  await setsUpApp(ada, it.clock)
  const half = await signsIn(await anotherBrowser(it))
  expect(half.text).toContain('Use your passkey')
  expect(half.text).toContain('the six digits that your app shows')
})

test('a device that makes the same passkey again is told so, and nothing is lost', async () => {
  const { ada } = await site()
  const key = authenticator(origin)
  expect((await addsPasskey(ada, key)).status).toBe(200)
  const again = await addsPasskey(ada, key)
  expect(again.status).toBe(409)
  expect(again.text).toContain('You have this passkey already.')
  expect((await ada.opens('/admin/me/security')).text).toContain('Blue key')
})
