import { createECDH } from 'node:crypto'
import { expect, test } from 'vitest'
import { vault } from '../../../../src/lib/vault.ts'
import { targetOf, standingAlerts } from '../../../../src/domain/alerts/queries.ts'
import { alertWatch } from '../../../../src/domain/alerts/watch.ts'
import { draftIncident } from '../../../../src/domain/incidents/drafts.ts'
import { answerAsks } from '../../../../src/domain/subscribers/signing-up.ts'
import { joins, people } from '../../../people.ts'
import { type World, world } from '../../../world.ts'

const page = '/admin/me/alerts'
const pager = {
  channel: 'ntfy',
  url: 'https://ntfy.example/northwind-3f9a',
  name: 'My phone',
  afterMinutes: '10',
  kinds: ['draft-waiting', 'promise-missed'],
}
const mailing = { CANDOR_SMTP_URL: 'smtp://127.0.0.1:2525', CANDOR_MAIL_FROM: 'status@northwind.example' }

async function drafted(here: World): Promise<void> {
  const { change, db, clock } = here
  const words = { name: 'Search does not answer', body: 'It fails.', probeId: 'p', components: [] }
  await change({ kind: 'probe', id: 'p', name: 'Search from here' }, (it) =>
    draftIncident(it, { ...words, beganAt: it.now }),
  )
  const disk = () => Promise.resolve(null)
  await alertWatch({ db, change, clock, offered: ['ntfy'], backsUp: false, disk }).look()
}

test('somebody adds a way to be called, is sent a test, says that it arrived, changes it and removes it', async () => {
  const here = await world()
  const { ben } = await people(here)
  expect((await ben.opens(page)).text).toContain('You are not called.')
  expect((await ben.opens(`${page}/new?channel=ntfy`)).text).toContain('Address of the topic')

  const added = await ben.sends(page, pager, page)
  expect(added.headers['location']).toBe(`${page}?done=way-added`)
  const [way] = await here.db.selectFrom('alert_channels').selectAll().execute()
  const id = way?.id ?? ''
  expect(way).toMatchObject({ account_id: ben.id, after_minutes: 10, proven_at: null })
  expect(await targetOf(here.db, vault('a key for tests'), id)).toEqual({ url: pager.url })
  const shown = (await ben.opens(page)).text
  expect(shown).toContain('After 10 minutes without a reaction, for a draft that waits and a missed promise')
  expect(shown).toContain('The test is on its way')
  expect(shown).not.toContain('It arrived')
  expect((await ben.sends(`${page}/${id}/test`, {}, page)).text).toContain('A test is on its way already.')

  await here.db.updateTable('deliveries').set({ done_at: here.clock.now(), outcome: 'accepted' }).execute()
  expect((await ben.opens(page)).text).toContain('It arrived')
  await ben.sends(`${page}/${id}/arrived`, {}, page)
  expect((await ben.opens(page)).text).toContain('You said 12:00 that it arrives')

  await ben.sends(`${page}/${id}`, { name: 'My phone', afterMinutes: '0', kinds: 'promise-missed' }, `${page}/${id}`)
  expect((await ben.opens(page)).text).toContain('At once, for a missed promise')
  await ben.sends(`${page}/${id}/remove`, {}, page)
  expect((await ben.opens(page)).text).not.toContain('My phone')

  const log = (await ben.opens('/admin/log')).text
  expect(log).toContain('added a way in which Ben is called (ntfy)')
  expect(log).toContain('removed a way in which Ben was called (ntfy)')
  expect(log).not.toContain('ntfy.example')
})

test('what failed is said with the reason, and what was given up is tried again by a test', async () => {
  const here = await world()
  const { ben } = await people(here)
  await ben.sends(page, pager, page)
  await here.db
    .updateTable('deliveries')
    .set({ done_at: here.clock.now(), outcome: 'failed', reason: 'gone', code: '404' })
    .execute()
  expect((await ben.opens(page)).text).toContain('The test failed: gone (404)')
  const [way] = await here.db
    .updateTable('alert_channels')
    .set({ disabled_at: here.clock.now(), disabled_because: 'gone' })
    .returning('id')
    .execute()
  expect((await ben.opens(page)).text).toContain('Nothing is sent there any more')
  await ben.sends(`${page}/${way?.id}/test`, {}, page)
  expect((await ben.opens(page)).text).toContain('The test is on its way')
})

test.each([
  ['another address than one with https', { url: 'http://127.0.0.1/' }, 'must be an address that begins with https://'],
  ['nothing to be called for', { kinds: [] }, 'Choose at least one thing'],
  ['minutes of the day after', { afterMinutes: '1441' }, 'This must be a whole number'],
  ['a channel that does not work here', { channel: 'email', url: '' }, 'This way does not work here.'],
])('%s is refused, and nothing is kept', async (_, fields, words) => {
  const here = await world()
  const { ben } = await people(here)
  const refused = await ben.sends(page, { ...pager, ...fields }, page)
  expect(refused.status).toBeGreaterThanOrEqual(404)
  expect(refused.text).toContain(words)
  expect(await here.db.selectFrom('alert_channels').selectAll().execute()).toEqual([])
})

test('whoever ticked nothing begins again at the first tick, and is told there what is wrong', async () => {
  const { ben } = await people(await world())
  const { text } = await ben.sends(page, { ...pager, kinds: [] }, page)
  expect(text).toContain('<fieldset aria-describedby="kinds-wrong">')
  expect(text).toMatch(/id="kinds-wrong">Choose at least one thing/)
  expect(text.match(/<[^>]+ autofocus>/g)).toEqual([expect.stringMatching(/^<input type="checkbox" name="kinds"/)])
})

test('mail goes to the address of one’s own account, also after that was changed', async () => {
  const here = await world(mailing)
  const { ben } = await people(here)
  const form = await ben.opens(`${page}/new?channel=email`)
  expect(form.text).toContain('That is ben@example.org.')
  await ben.sends(page, { channel: 'email', name: 'Mail', afterMinutes: '0', kinds: 'promise-missed' }, page)
  const [way] = await here.db.selectFrom('alert_channels').select('id').execute()
  const target = () => targetOf(here.db, vault('a key for tests'), way?.id ?? '')
  expect(await target()).toEqual({ address: 'ben@example.org' })
  await ben.sends('/admin/me/email', { email: 'benjamin@example.org' }, '/admin/me')
  expect(await target()).toEqual({ address: 'benjamin@example.org' })
})

test('nobody sees, changes, tests or removes the ways of others, and whoever cannot act adds none', async () => {
  const here = await world()
  const { ada, ben } = await people(here)
  await ben.sends(page, pager, page)
  const [way] = await here.db.selectFrom('alert_channels').select('id').execute()
  expect((await ada.opens(page)).text).not.toContain('My phone')
  expect((await ada.opens(`${page}/${way?.id}`)).status).toBe(404)
  for (const verb of ['', '/test', '/arrived', '/remove']) {
    const fields = verb === '' ? { name: 'Mine', afterMinutes: '0', kinds: 'promise-missed' } : {}
    expect((await ada.sends(`${page}/${way?.id}${verb}`, fields, page)).status).toBe(404)
  }
  const vic = await joins(here, 'Vic', 'viewer')
  expect((await vic.sends(page, pager, page)).text).toContain(
    'Only owners, admins, and responders are called for a draft',
  )
  expect((await vic.opens(page)).text).toContain('Called are owners, admins, and responders')
  expect((await vic.opens('/admin/team/alerts')).status).toBe(403)
})

test('the desk shows what people are called for, and “I have it” says to all that somebody has', async () => {
  const here = await world()
  const { ada, ben } = await people(here)
  await drafted(here)
  const now = (await ben.opens('/admin')).text
  expect(now).toContain('The draft “Search does not answer” waits for you.')
  expect(now).toContain('I have it')
  const [alert] = await standingAlerts(here.db)
  const vic = await joins(here, 'Vic', 'author')
  expect((await vic.opens('/admin')).text).not.toContain('I have it')
  expect((await vic.sends(`/admin/alerts/${alert?.id}/take`)).status).toBe(403)
  expect((await ben.sends(`/admin/alerts/${alert?.id}/take`)).headers['location']).toBe('/admin?done=taken')
  expect((await ben.opens('/admin')).text).toContain('You have it')
  expect((await ada.opens('/admin')).text).toContain('Ben has it')
  expect((await ada.sends(`/admin/alerts/${alert?.id}/take`)).status).toBe(409)
})

test('whoever dismissed a draft is not called for it on the page that follows, before the clock has looked', async () => {
  const here = await world()
  const { ben } = await people(here)
  await drafted(here)
  const [alert] = await standingAlerts(here.db)
  const answer = await ben.sends(`/admin/drafts/${alert?.subject}/dismiss`)
  const { text } = await ben.opens(answer.headers['location'] ?? '')
  expect(text).not.toContain('I have it')
  expect(text).not.toContain('waits for you')
  expect(await standingAlerts(here.db)).toHaveLength(1)
})

test('admins see who would be called for what and when, and what nobody would be called for', async () => {
  const here = await world()
  const { ada, ben } = await people(here)
  expect((await ada.opens('/admin')).text).toContain('Nobody would be called')
  expect((await ben.opens('/admin')).text).not.toContain('Nobody would be called')
  expect((await ada.opens('/admin/team/alerts')).text).toContain(
    'Nobody would be called: nobody chose a way, and no mail is sent from here.',
  )
  await ben.sends(page, pager, page)
  const seen = (await ada.opens('/admin/team/alerts')).text
  expect(seen).toContain('Ben after 10 minutes without a reaction (My phone)')
  expect(seen).toContain('Nobody is called for a failed backup.')
  expect(seen).toContain('For a missed promise nobody is called in the first 10 minutes.')
  expect(seen).toContain('Whether “My phone” reaches Ben was never proven.')
  // What only admins can do anything about calls no responder, whatever they chose.
  expect(seen).not.toContain('Nobody is called for a missed promise.')
})

test('that somebody cannot be called any more stands where everybody looks first', async () => {
  const here = await world()
  const { ada, ben } = await people(here)
  await ben.sends(page, pager, page)
  expect((await ada.opens('/admin')).text).not.toContain('cannot be called')
  await here.db.updateTable('alert_channels').set({ disabled_at: here.clock.now(), disabled_because: 'gone' }).execute()
  const seen = (await ada.opens('/admin')).text
  expect(seen).toContain('<strong>Ben cannot be called:</strong>')
  expect(seen).toContain('/admin/team/alerts')
  expect((await ben.opens('/admin')).text).toContain('<strong>You cannot be called:</strong>')
})

test('Now says for what nobody would be called since whoever chose it left the team', async () => {
  const here = await world()
  const { ada, ben } = await people(here)
  await ben.sends(page, pager, page)
  expect((await ada.opens('/admin')).text).not.toContain('Nobody would be called')
  await ada.sends(`/admin/team/${ben.id}/disable`, {}, '/admin/team')
  // Of those who are still there nobody chose anything: nobody would be called at all.
  expect((await ada.opens('/admin')).text).toContain('<strong>Nobody would be called</strong> if something')
  await ada.sends(page, { ...pager, kinds: 'promise-missed' }, page)
  expect((await ada.opens('/admin')).text).toContain('<strong>Nobody would be called</strong> for a draft that waits:')
})

test('where nobody chose anything, owners and admins get a mail', async () => {
  const here = await world(mailing)
  const { ada } = await people(here)
  expect((await ada.opens('/admin')).text).not.toContain('Nobody would be called')
  expect((await ada.opens('/admin/team/alerts')).text).toContain(
    'Nobody chose anything yet: owners and admins get a mail for everything, at once.',
  )
  expect((await ada.opens(page)).text).toContain('owners and admins get a mail for everything')
})

test('a browser is a way to be called; where it is reached is checked, sealed, and follows it when it moves', async () => {
  const here = await world()
  const { ben } = await people(here)
  const browser = (endpoint: string) => {
    const keys = { p256dh: createECDH('prime256v1').generateKeys('base64url'), auth: 'A'.repeat(22) }
    return { endpoint, expirationTime: null, keys }
  }
  const wish = { channel: 'web-push', name: 'My laptop', afterMinutes: '0', kinds: 'promise-missed' }
  const adds = (subscription: string) => ben.sends(page, { ...wish, subscription }, page)
  expect((await ben.opens(page)).text).toContain('<li data-needs-push hidden>')
  expect((await ben.opens(`${page}/new?channel=web-push`)).text).toContain('data-push-key="B')
  expect((await adds('')).text).toContain('This browser did not say where it takes messages')
  const elsewhere = browser('https://evil.example/push/1')
  expect((await adds(JSON.stringify(elsewhere))).text).toContain('at a place that is not known here')

  const first = browser('https://fcm.googleapis.com/fcm/send/1')
  const added = await adds(JSON.stringify(first))
  expect(added.headers['location'] ?? added.text).toBe(`${page}?done=way-added`)
  const [way] = await here.db.selectFrom('alert_channels').select(['id', 'target_sealed']).execute()
  const target = () => targetOf(here.db, vault('a key for tests'), way?.id ?? '')
  expect(await target()).toEqual({ endpoint: first.endpoint, ...first.keys })
  expect(way?.target_sealed).not.toContain('fcm')

  await here.db.updateTable('deliveries').set({ done_at: here.clock.now(), outcome: 'accepted' }).execute()
  await here.db.updateTable('alert_channels').set({ proven_at: here.clock.now() }).execute()
  const second = browser('https://fcm.googleapis.com/fcm/send/2')
  const { app } = await here.app()
  const moved = await app.inject({
    method: 'POST',
    url: '/subscriptions/push',
    headers: { 'sec-fetch-site': 'same-origin' },
    payload: { subscription: second, instead: first, locale: 'en', zone: 'UTC' },
  })
  expect(moved.statusCode).toBe(202)
  expect(await target()).toEqual({ endpoint: second.endpoint, ...second.keys })
  // Whether they hear it there, nobody knows yet: a test asks.
  const { proven_at: provenAt } = await here.db
    .selectFrom('alert_channels')
    .select('proven_at')
    .executeTakeFirstOrThrow()
  expect(provenAt).toBeNull()
  await here.db.updateTable('deliveries').set({ done_at: here.clock.now(), outcome: 'accepted' }).execute()
  const tests = await here.db.selectFrom('messages').select('payload').where('kind', '=', 'test').execute()
  expect(tests.map(({ payload }) => JSON.parse(payload) as unknown)).toEqual([
    { kind: 'test', by: 'Ben' },
    { kind: 'test', by: 'Ben' },
  ])
  expect((await ben.opens(page)).text).toContain('Did the test arrive?')
  // It did not become a reader's.
  await answerAsks(here)
  expect(await here.db.selectFrom('subscribers').selectAll().execute()).toEqual([])
})
