import { expect, test } from 'vitest'
import { beginCodeApp, confirmCodeApp, unconfirmedSeed } from '../../../../src/domain/accounts/factors/code-app.ts'
import { eventsAfter } from '../../../../src/domain/changes/log.ts'
import { codeApp, setsUpApp } from '../../../code-app.ts'
import { type Person, account, emailOf, password, people, signsIn, stranger } from '../../../people.ts'
import { type World, world } from '../../../world.ts'
import { besideProvider } from './openid.ts'

async function anotherBrowser(it: World, name = 'Ada'): Promise<Person> {
  return { ...(await stranger(it)), name }
}

async function withApp() {
  const it = await world()
  const { ada } = await people(it)
  return { it, ada, ...(await setsUpApp(ada, it.clock)) }
}

const onward = { next: '/admin/incidents', kept: '' }

test('with an app the password alone opens nothing; its code does, once', async () => {
  const { it, app } = await withApp()
  const other = await anotherBrowser(it)
  const half = await signsIn(other)
  expect([half.status, half.headers['location']]).toEqual([200, undefined])
  expect(half.text).toContain('One more step')
  expect((await other.opens('/admin/incidents')).status).toBe(401)
  expect((await other.opens('/admin/me')).status).toBe(401)
  await other.opens('/admin/sign-in')
  const wrong = await other.sends('/admin/sign-in/code', { code: '000000', ...onward })
  expect(wrong.status).toBe(422)
  expect(wrong.text).toContain('not the code that the app shows now')
  // The step whose code confirmed the app is used up.
  it.clock.advance('30s')
  const code = app.code()
  const entered = await other.sends('/admin/sign-in/code', { code, ...onward })
  expect([entered.status, entered.headers['location']]).toEqual([303, '/admin/incidents'])
  expect((await other.opens('/admin/me')).status).toBe(200)

  const third = await anotherBrowser(it)
  await signsIn(third)
  expect((await third.sends('/admin/sign-in/code', { code, ...onward })).status).toBe(422)
})

test('a new factor ends every other session; this one goes on under a new secret, past its recovery codes', async () => {
  const it = await world()
  const { ada } = await people(it)
  const other = await anotherBrowser(it)
  await signsIn(other)
  const { confirmed, codes, page } = await setsUpApp(ada, it.clock)
  expect(page.text).toContain('<svg class="qr"')
  expect(page.text).not.toContain('style=')
  expect(confirmed.status).toBe(303)
  expect(codes).toHaveLength(10)
  expect(new Set(codes).size).toBe(10)
  expect(String(confirmed.headers['set-cookie'])).toContain('candor=')
  expect((await other.opens('/admin/me')).status).toBe(401)
  expect((await ada.opens('/admin/me/security')).text).toContain('10 are left.')
  expect((await ada.opens('/admin/me/security/app')).headers['location']).toBe('/admin/me/security')
  const types = (await eventsAfter(it.db, 0, 100)).map(({ type }) => type)
  expect(types.slice(-2)).toEqual(['account.factor-added', 'account.recovery-codes-made'])
  expect((await ada.opens('/admin/log')).text).toContain('added codes of an app to the account of Ada')
  const stored = JSON.stringify([
    await it.db.selectFrom('code_apps').selectAll().execute(),
    await it.db.selectFrom('recovery_codes').selectAll().execute(),
    await it.db.selectFrom('events').selectAll().execute(),
  ])
  for (const secret of codes) expect(stored).not.toContain(secret)
})

test('the recovery codes can be had as a text file, without script, and nothing but codes stands in it', async () => {
  const { ada, codes } = await withApp()
  const file = await ada.sends('/admin/me/security/codes/file', { codes: [...codes, '<script>', '=1+1'] })
  expect(file.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(file.headers['content-disposition']).toBe('attachment; filename="recovery-codes.txt"')
  for (const code of codes) expect(file.text).toContain(code)
  expect(file.text).not.toMatch(/script|=1/)
})

test('a recovery code lets one in once, however it is typed, and new ones end the old', async () => {
  const { it, ada, codes } = await withApp()
  const tries = async (code: string) => {
    const other = await anotherBrowser(it)
    await signsIn(other)
    return other.sends('/admin/sign-in/recovery', { code, ...onward })
  }
  expect((await tries(codes[0] ?? '')).status).toBe(303)
  const again = await tries(codes[0] ?? '')
  expect(again.status).toBe(422)
  expect(again.text).toContain('not one of your recovery codes')
  expect((await tries(` ${(codes[1] ?? '').replaceAll('-', ' ').toUpperCase()} `)).status).toBe(303)
  expect((await ada.opens('/admin/me/security')).text).toContain('8 are left.')
  expect((await ada.opens('/admin/log')).text).toContain('signed in with a recovery code; 8 are left')
  expect((await ada.makes('/admin/me/security/codes', {}, '/admin/me/security')).text).toContain(
    'They are shown only now',
  )
  expect((await tries(codes[2] ?? '')).status).toBe(422)
})

test('the page after a recovery code says how many are left, and offers new ones where few are', async () => {
  const { it, codes } = await withApp()
  const enters = async (code: string, next: string) => {
    const other = await anotherBrowser(it)
    await signsIn(other)
    const entered = await other.sends('/admin/sign-in/recovery', { code, next, kept: '' })
    return { other, page: await other.opens(String(entered.headers['location'])) }
  }
  for (const code of codes.slice(0, 5)) await enters(code, '/admin')
  const many = await enters(codes[5] ?? '', '/admin/incidents?stage=open')
  expect(many.page.text).toContain('<h1>Incidents</h1>')
  expect(many.page.text).toContain('A recovery code let you in, and is used up. <strong>4 are left.</strong>')
  expect(many.page.text).not.toContain('Make ten new ones')
  expect((await many.other.opens('/admin')).text).not.toContain('A recovery code let you in')

  const few = await enters(codes[6] ?? '', '/admin')
  expect(few.page.text).toContain('<strong>3 are left.</strong>')
  expect(few.page.text).toContain('action="/admin/me/security/codes"')
  const made = await few.other.makes('/admin/me/security/codes', {}, '/admin?entered=recovery-code')
  expect([made.status, made.text.match(/<li><code>/g)?.length]).toEqual([200, 10])
  expect((await few.other.opens('/admin/me/security')).text).toContain('<strong>10 are left.</strong>')
})

test('a link tells nobody that a recovery code let them in who used none', async () => {
  const { it, ada, codes } = await withApp()
  const says = async () => (await ada.opens('/admin?entered=recovery-code')).text.includes('A recovery code let you in')
  expect(await says()).toBe(false)
  const other = await anotherBrowser(it)
  await signsIn(other)
  await other.sends('/admin/sign-in/recovery', { code: codes[0] ?? '', next: '/admin', kept: '' })
  expect(await says()).toBe(true)
  it.clock.advance('11m')
  expect(await says()).toBe(false)
})

test('half a sign-in ends after five minutes, and after five tries', async () => {
  const { it, app } = await withApp()
  it.clock.advance('1m')
  const late = await anotherBrowser(it)
  await signsIn(late)
  it.clock.advance('6m')
  const tooLate = await late.sends('/admin/sign-in/code', { code: app.code(), next: '/admin/incidents', kept: '' })
  expect(tooLate.status).toBe(401)
  expect(tooLate.text).toContain('Begin again with your password')
  expect(tooLate.text).toContain('name="next" value="/admin/incidents"')

  const guessing = await anotherBrowser(it)
  await signsIn(guessing)
  const answers = []
  for (let index = 0; index < 6; index += 1) {
    it.clock.advance('20s')
    answers.push((await guessing.sends('/admin/sign-in/code', { code: '000000', ...onward })).status)
  }
  expect(answers).toEqual([422, 422, 422, 422, 401, 401])
  expect((await guessing.sends('/admin/sign-in/code', { code: app.code(), ...onward })).status).toBe(401)
})

test('guesses of codes wait as guesses of passwords do, however often somebody begins anew', async () => {
  const { it, app } = await withApp()
  it.clock.advance('1m')
  const guess = async () => {
    const other = await anotherBrowser(it)
    await signsIn(other)
    return other.sends('/admin/sign-in/code', { code: '000000', ...onward })
  }
  const statuses = []
  for (let index = 0; index < 8; index += 1) statuses.push((await guess()).status)
  expect(statuses.slice(0, 5)).toEqual([422, 422, 422, 422, 422])
  expect(statuses.at(-1)).toBe(429)
  it.clock.advance('20m')
  const own = await anotherBrowser(it)
  await signsIn(own)
  expect((await own.sends('/admin/sign-in/code', { code: app.code(), ...onward })).status).toBe(303)
})

test('words that were typed when the session had ended are kept through both steps', async () => {
  const { it, ada, app } = await withApp()
  it.clock.advance('13h')
  const written = { body: 'Cards are declined.', scratch: 'incident' }
  const door = await ada.sends('/admin/incidents', written, '/admin/incidents/new')
  expect(door.status).toBe(401)
  const keptIn = (page: string) => (/name="kept" value="([^"]+)"/.exec(page)?.[1] ?? '').replaceAll('&quot;', '"')
  const kept = keptIn(door.text)
  const half = await ada.sends('/admin/sign-in', { email: emailOf('Ada'), password, next: '/admin', kept })
  expect(keptIn(half.text)).toBe(kept)
  const entered = await ada.sends('/admin/sign-in/code', { code: app.code(), next: '/admin', kept })
  expect(entered.headers['location']).toBe('/admin/incidents/new')
  expect((await ada.opens('/admin/incidents/new')).text).toContain('Cards are declined.')
})

test('where everybody needs a second factor, whoever has none does nothing else first', async () => {
  const it = await world()
  const { ada, ben } = await people(it)
  expect((await ben.sends('/admin/settings/second-factors', { rule: 'required' })).status).toBe(403)
  await setsUpApp(ada, it.clock)
  expect((await ada.opens('/admin/settings/second-factors')).text).toContain('Ben')
  expect((await ada.sends('/admin/settings/second-factors', { rule: 'required' })).status).toBe(303)
  expect((await ada.opens('/admin/incidents')).status).toBe(200)
  for (const path of ['/admin', '/admin/incidents', '/admin/me']) {
    const held = await ben.opens(path)
    expect([held.status, held.headers['location']]).toEqual([303, '/admin/me/security'])
  }
  const page = await ben.opens('/admin/me/security')
  expect(page.text).toContain('asks everybody for a second factor')
  expect(page.text).not.toContain('href="/admin/incidents"')
  expect(page.text).not.toContain('href="/admin/me"')
  const refused = await ben.sends('/admin/incidents', { name: 'x' })
  expect(refused.headers['location']).toBe('/admin/me/security')
  expect((await setsUpApp(ben, it.clock)).confirmed.status).toBe(303)
  expect((await ben.opens('/admin/incidents')).status).toBe(200)
})

test('with an app as well, an account is connected where single sign-on is the only way in', async () => {
  const { it, browser, comes } = await besideProvider({ CANDOR_OIDC_ONLY: 'on' })
  const dee = { id: await account(it, 'Dee', 'responder'), name: 'Dee' }
  const actor = { kind: 'operator', ...dee } as const
  await it.change(actor, (change) => beginCodeApp(change, dee.id))
  const seed = await unconfirmedSeed(it, { id: dee.id, label: emailOf('Dee'), issuer: 'Northwind' })
  const app = codeApp(seed?.text ?? '', it.clock)
  await confirmCodeApp(it, { actor, account: dee, code: app.code() }, () => Promise.resolve())
  it.clock.advance('30s')
  const cy = browser('Dee')
  await comes(cy, { sub: 'u-1', email: emailOf('Dee'), email_verified: true, name: 'Dee' })
  expect((await signsIn(cy)).text).toContain('One more step')
  expect((await cy.sends('/admin/sign-in/code', { code: app.code(), ...onward }, '/admin/sign-in')).status).toBe(303)
  expect((await cy.opens('/admin/me')).status).toBe(200)
  await cy.opens('/admin/single-sign-on/connect')
  expect((await cy.sends('/admin/single-sign-on/connect')).headers['location']).toBe('/admin?done=connected')
})
