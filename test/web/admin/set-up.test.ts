import { expect, test } from 'vitest'
import { setUpLink } from '../../../src/domain/accounts/first-run.ts'
import { accounts } from '../../../src/domain/accounts/queries.ts'
import { listComponents } from '../../../src/domain/components/queries.ts'
import { listProbes } from '../../../src/domain/probes/queries.ts'
import { readSite } from '../../../src/domain/site/queries.ts'
import { password, stranger } from '../../people.ts'
import { found } from '../../domain/probes/watched.ts'
import { type World, world } from '../../world.ts'

const ada = { name: 'Ada', email: 'ada@example.org', password }

async function linkOf(it: World): Promise<{ path: string; secret: string }> {
  const url = new URL((await setUpLink(it)) ?? '')
  return { path: `${url.pathname}${url.search}`, secret: url.searchParams.get('secret') ?? '' }
}

test('the link leads from nothing to a page that measures itself, in three forms', async () => {
  const it = await world()
  const cy = await stranger(it)
  const { path, secret } = await linkOf(it)
  expect((await cy.opens(path)).text).toContain('Who runs this page?')
  const owner = await cy.sends('/setup', { secret, ...ada }, path)
  expect([owner.status, owner.headers['location']]).toEqual([303, '/setup/site'])
  const site = await cy.sends(
    '/setup/site',
    { name: 'Northwind', zone: 'Europe/Lisbon', locale: 'pt-BR' },
    '/setup/site',
  )
  expect([site.status, site.headers['location']]).toEqual([303, '/setup/watch'])
  const urls = 'https://www.example.com\n\nexample.org/health\r\nhttp://localhost:8080/\nhttps://www.example.com'
  const watch = await cy.sends('/setup/watch', { urls }, '/setup/watch')
  expect([watch.status, watch.headers['location']]).toEqual([303, '/setup/done'])

  expect(await readSite(it.db)).toMatchObject({
    name: 'Northwind',
    zone: 'Europe/Lisbon',
    locale: 'pt-BR',
    setUpAt: it.clock.now(),
  })
  expect((await listComponents(it.db)).map(({ name }) => name)).toEqual([
    'example.com',
    'example.org/health',
    'localhost:8080',
  ])
  expect((await listProbes(it.db)).map(({ spec }) => ('url' in spec ? spec.url : '')).toSorted()).toEqual([
    'http://localhost:8080/',
    'https://example.org/health',
    'https://www.example.com/',
  ])
  expect((await cy.opens('/setup/done')).text).toContain('first check under way')
  expect((await cy.opens('/admin')).status).toBe(200)
})

test('what does not answer at the first check is shown with its reason, and with the way to mend its address', async () => {
  const it = await world()
  const cy = await stranger(it)
  const { path, secret } = await linkOf(it)
  await cy.sends('/setup', { secret, ...ada }, path)
  await cy.sends('/setup/site', { name: 'Northwind', zone: 'UTC', locale: 'en' }, '/setup/site')
  await cy.sends('/setup/watch', { urls: 'http://exmaple.test' }, '/setup/watch')
  const [probe] = await listProbes(it.db)
  await found(it, probe?.id ?? '', 'f')
  const page = (await cy.opens('/setup/done')).text
  expect(page).toContain('no answer within the time limit')
  expect(page).toContain(`href="/admin/probes/${probe?.id}"`)
  expect(page).toContain('publishes itself five minutes later')
})

test('without the secret nobody gets in, and once somebody did the link is used up', async () => {
  const it = await world()
  const cy = await stranger(it)
  const { path, secret } = await linkOf(it)
  expect((await cy.opens('/setup')).text).toContain('/setup?secret=')
  expect((await cy.opens('/setup?secret=wrong')).status).toBe(403)
  for (const given of [ada, { secret: 'wrong', ...ada }]) {
    const refused = await cy.sends('/setup', given, path)
    expect(refused.status).toBe(403)
    // For the secret, not for the token of the form.
    expect(refused.text).not.toContain('too old')
  }
  expect(await accounts(it.db)).toEqual([])
  await cy.opens(path)
  it.clock.advance('16m')
  expect((await cy.sends('/setup', { secret, ...ada })).status).toBe(410)
  const fresh = await linkOf(it)
  expect((await cy.sends('/setup', { secret: fresh.secret, ...ada }, fresh.path)).status).toBe(303)
  const other = await stranger(it)
  expect((await other.opens(fresh.path)).status).toBe(410)
  expect((await other.opens(path)).status).toBe(410)
  expect((await other.sends('/setup', { secret: fresh.secret, ...ada }, '/admin/sign-in')).status).toBe(410)
})

test('of fifty browsers with the link at once, one becomes the owner', async () => {
  const it = await world()
  const cy = await stranger(it)
  const { path, secret } = await linkOf(it)
  const page = await cy.opens(path)
  const token = /name="token" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      cy.agent
        .post('/setup')
        .set('sec-fetch-site', 'same-origin')
        .type('form')
        .send(new URLSearchParams({ token, secret, ...ada, email: `ada${index}@example.org` }).toString()),
    ),
  )
  const counts = answers.map(({ status }) => status)
  expect(counts.filter((status) => status === 303)).toHaveLength(1)
  // Too many at once, somebody was faster while it was hashed, somebody was there before.
  expect(counts.filter((status) => ![303, 429, 409, 410].includes(status))).toEqual([])
  expect(await accounts(it.db)).toHaveLength(1)
})

test.each([
  ['a short password', { password: 'short' }, 'has 5 characters, 7 too few'],
  ['the name of the page as a password', { password: 'example-status' }, 'little more than'],
  ['no address', { email: 'nobody' }, 'e-mail address'],
  ['two addresses', { email: 'a@example.org,b@example.org' }, 'e-mail address'],
  ['a line break in the address', { email: 'a@example.org\r\nBcc: b@example.org' }, 'e-mail address'],
  ['no name', { name: '' }, 'This must not be empty'],
  ['a name that turns the direction of text', { name: 'Ada\u202eadA' }, 'U+202E'],
  ['a field that does not exist', { role: 'owner' }, 'no field'],
])('%s is refused beside its field, with what was typed kept', async (_case, wrong, why) => {
  const it = await world()
  const cy = await stranger(it)
  const { path, secret } = await linkOf(it)
  const answer = await cy.sends('/setup', { secret, ...ada, ...wrong }, path)
  expect(answer.status).toBe(422)
  expect(answer.text).toContain(why)
  expect(answer.text).not.toContain(password)
  if (!('name' in wrong)) expect(answer.text).toContain('value="Ada"')
  expect(await accounts(it.db)).toEqual([])
})

test('an address that cannot be watched is named, and none of the others is made', async () => {
  const it = await world()
  const cy = await stranger(it)
  const { path, secret } = await linkOf(it)
  await cy.sends('/setup', { secret, ...ada }, path)
  await cy.sends('/setup/site', { name: 'Northwind', zone: 'UTC', locale: 'en' }, '/setup/site')
  for (const [urls, why] of [
    [
      'https://example.com\nftp://example.com\nhtp://wrong.example',
      '“ftp://example.com” must begin with https:// or http://. “htp://wrong.example” must begin with https:// or http://. Ports, databases and others are watched from the desk.',
    ],
    ['https://user:word@example.com', '“https://user:word@example.com” must not hold a user or password'],
    ['our shop', '“our” is no address. “shop” is no address. Write '],
    ['example.com\nintranet', '“intranet” is no address'],
    [Array.from({ length: 11 }, (_, index) => `https://example.com/${index}`).join('\n'), 'At most 10'],
  ] as const) {
    const answer = await cy.sends('/setup/watch', { urls }, '/setup/watch')
    expect([answer.status, answer.text.includes(why)]).toEqual([422, true])
  }
  expect(await listComponents(it.db)).toEqual([])
})
