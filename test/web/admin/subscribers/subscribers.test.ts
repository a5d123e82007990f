import { expect, onTestFinished, test } from 'vitest'
import { buildApp } from '../../../../src/app.ts'
import { noteTelegramBot } from '../../../../src/domain/subscribers/bots.ts'
import { addSubscribers } from '../../../../src/domain/subscribers/adding.ts'
import { usualWishes } from '../../../../src/domain/subscribers/input.ts'
import { readers } from '../../../domain/subscribers/readers.ts'
import { people } from '../../../people.ts'
import { type World, world } from '../../../world.ts'

const wishes = usualWishes({ locale: 'en', zone: 'UTC' })
const mailing = { CANDOR_SMTP_URL: 'smtp://127.0.0.1:2525', CANDOR_MAIL_FROM: 'status@northwind.example' }

test('everybody sees how many are told, and only who sees to people sees who they are', async () => {
  const it = await world(mailing)
  const { ada, ben } = await people(it)
  expect((await ben.opens('/admin/subscribers')).text).toContain('Nobody has subscribed yet')
  await brought(it, 'kim@example.org')
  const counted = (await ben.opens('/admin/subscribers')).text
  expect(counted).toContain('<th scope="row">Mail</th><td>1</td><td>0</td>')
  expect(counted).not.toContain('kim@example.org')
  expect((await ada.opens('/admin/subscribers')).text).toContain('kim@example.org')
  expect((await ada.opens('/admin/subscribers?state=paused')).text).not.toContain('kim@example.org')
  expect((await ben.opens('/admin/subscribers/1')).status).toBe(403)
})

test('without mail it is said what is missing', async () => {
  const { ada } = await people(await world())
  expect((await ada.opens('/admin/subscribers')).text).toContain('<code>CANDOR_SMTP_URL</code>')
  const channels = (await ada.opens('/admin/settings/channels')).text
  expect(channels).toMatch(/Mail<\/strong><br><small>Is not offered to anybody. To set: <code>CANDOR_SMTP_URL/)
  expect(channels).not.toContain('Look now')
  expect((await ada.sends('/admin/settings/channels/check')).status).toBe(409)
})

test('a subscriber is paused, let go on, tested and removed; what they paused themselves stays so', async () => {
  const it = await world(mailing)
  const { ada } = await people(it)
  const id = await brought(it, 'kim@example.org')
  const page = `/admin/subscribers/${id}`
  const first = (await ada.opens(page)).text
  expect(first).toContain('Everything there is and will be')
  expect(first).toContain('Is told what they asked for.')
  await ada.sends(`${page}/pause`, {}, page)
  expect((await ada.opens(page)).text).toContain('Let it go on')
  await ada.sends(`${page}/resume`, {}, page)
  await ada.sends(`${page}/test`, {}, page)
  expect((await ada.opens(page)).text).toContain('A test by Ada')
  expect((await ada.sends(`${page}/test`, {}, page)).text).toContain('A test is on its way already.')

  it.clock.advance('1m')
  await it.db.updateTable('subscribers').set({ paused_at: it.clock.now() }).where('id', '=', id).execute()
  expect((await ada.opens(page)).text).toContain('They paused it themselves')
  expect((await ada.sends(`${page}/resume`, {}, page)).status).toBe(409)

  const removed = await ada.sends(`${page}/remove`, {}, page)
  expect(removed.headers['location']).toBe('/admin/subscribers?done=subscriber-removed')
  expect((await ada.opens(page)).status).toBe(404)
  const log = (await ada.opens('/admin/log')).text
  for (const what of ['paused a subscriber (email)', 'sent a test to a subscriber', 'removed 1 subscriber']) {
    expect(log).toContain(what)
  }
  expect(log).not.toContain('kim@example.org')
})

test('who has not answered the first letter is asked again, three times a day at most', async () => {
  const it = await world(mailing)
  const { ada } = await people(it)
  const { ask, found, letters } = readers(it)
  await ask('mo@example.org')
  const { id } = await found('mo@example.org')
  const page = `/admin/subscribers/${id}`
  for (const _ of [2, 3]) await ada.sends(`${page}/remind`, {}, page)
  expect(await letters('mo@example.org')).toEqual(['confirm', 'confirm', 'confirm'])
  const refused = await ada.sends(`${page}/remind`, {}, page)
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('asked three times today')
})

test('an address is found by all of it, and one that is never told is taken from the list', async () => {
  const it = await world(mailing)
  const { ada } = await people(it)
  const id = await brought(it, 'kim@example.org')
  const look = (address: string) =>
    ada.sends('/admin/subscribers/find', { channel: 'email', address }, '/admin/subscribers')
  expect((await look(' Kim@example.org ')).headers['location']).toBe(`/admin/subscribers/${id}`)
  expect((await look('nobody')).status).toBe(422)
  expect((await look('lea@example.org')).text).toContain('Nobody is told there')

  await ada.sends(`/admin/subscribers/${id}/remove`, {}, `/admin/subscribers/${id}`)
  expect((await look('kim@example.org')).text).toContain('whoever it is was removed here 12:00')
  const kim = { channel: 'email', address: 'kim@example.org' }
  const lifted = await ada.sends('/admin/subscribers/never/lift', kim, '/admin/subscribers/never')
  expect(lifted.headers['location']).toContain('done=suppression-lifted')
  expect((await look('kim@example.org')).text).toContain('Nobody is told there')
  await ada.sends('/admin/subscribers/never', kim, '/admin/subscribers/never')
  expect((await look('kim@example.org')).text).toContain('Nothing is sent there')
  expect((await ada.opens('/admin/subscribers/never')).text).toContain('<p>1 was removed here</p>')
  await ada.sends('/admin/subscribers/never', { ...kim, address: 'lea@example.org' }, '/admin/subscribers/never')
  expect((await ada.opens('/admin/subscribers/never')).text).toContain('<p>2 were removed here</p>')
})

test('a list is looked at line by line before it is brought, and taken away with a proof', async () => {
  const it = await world(mailing)
  const { ada } = await people(it)
  const token = /name="token" value="([^"]+)"/.exec((await ada.opens('/admin/subscribers/bring')).text)?.[1] ?? ''
  const sends = (intent: string, csv: string) =>
    ada.agent
      .post('/admin/subscribers/bring')
      .set('sec-fetch-site', 'same-origin')
      .field('token', token)
      .field('intent', intent)
      .attach('list', Buffer.from(csv), 'list.csv')
  const wrong = 'address,consented_at\nkim@example.org,2026-01-02\nlea,2026-01-02\n'
  const next = /class="primary" name="intent" value="(\w+)"/
  const faults = (await sends('check', wrong)).text
  expect(faults).toMatch(/Line 3<\/span><div>[^<]*e-mail address/)
  expect(next.exec(faults)?.[1]).toBe('check')
  const stopped = await sends('bring', wrong)
  expect(stopped.status).toBe(422)
  expect(stopped.text).toContain('Nothing was taken over')
  const good = 'address,consented_at\nkim@example.org,2026-01-02\nlea@example.org,2026-01-02\n'
  const looked = (await sends('check', good)).text
  expect(looked).toContain('<strong>2</strong> would be added')
  expect(next.exec(looked)?.[1]).toBe('bring')
  expect((await sends('bring', good)).text).toContain('<strong>2</strong> added')
  expect((await sends('bring', good)).text).toContain('<strong>2</strong> told already')

  const list = await ada.opens('/admin/subscribers.csv')
  expect(list.headers['content-disposition']).toContain('candor-subscribers-2026-11-21.csv')
  expect(list.text).toContain('lea@example.org')
  expect((await ada.opens('/admin/log')).text).toContain('took the list of all subscribers away')
  it.clock.advance('11m')
  expect((await ada.opens('/admin/subscribers.csv')).status).toBe(401)
})

test('whether mail arrives is looked at when somebody asks, with what to paste, and a test goes to oneself', async () => {
  const it = await world(mailing)
  const record = { name: 'candor._domainkey.northwind.example', type: 'TXT', value: 'v=DKIM1; p=abc' } as const
  const finding = {
    about: 'DKIM',
    verdict: 'wrong',
    found: 'there is no such record',
    remedy: 'Add it.',
    record,
  } as const
  const made = await buildApp(it, { checkMail: () => Promise.resolve([finding]) })
  onTestFinished(() => made.app.close())
  await made.app.ready()
  const { ada, ben } = await people({ ...it, app: () => Promise.resolve(made) })
  const page = '/admin/settings/channels'
  expect((await ben.opens(page)).status).toBe(403)
  const before = (await ada.opens(page)).text
  expect(before).not.toContain('DKIM1')
  expect(before).toContain('/inbound/bounces/')
  expect(before, 'through none of them anything was sent yet').not.toMatch(/\bworks<\/span>/)
  const looked = (await ada.sends(`${page}/check`, {}, page)).text
  expect(looked).toContain('value="candor._domainkey.northwind.example"')
  expect(looked).toContain('value="v=DKIM1; p=abc"')

  await ada.sends(`${page}/test`, {}, page)
  expect(await it.db.selectFrom('deliveries').select(['audience', 'recipient', 'channel']).execute()).toEqual([
    { audience: 'account', recipient: ada.id, channel: 'email' },
  ])
  expect((await ada.sends(`${page}/test`, {}, page)).text).toContain('A test is on its way already.')
})

async function brought(it: World, address: string): Promise<string> {
  const [one] = await it.change({ kind: 'command', name: 'test' }, (change) =>
    addSubscribers(change, [{ channel: 'email', target: { address }, wishes, consentedAt: change.now }], 'import'),
  )
  return one?.id ?? ''
}

test('of Telegram it is said by which name its bot is written to, and that it is set up while it hears nobody', async () => {
  const here = await world({ CANDOR_TELEGRAM_TOKEN: `123456:${'A'.repeat(35)}` })
  const { ada } = await people(here)
  const deaf = (await ada.opens('/admin/settings/channels')).text
  expect(deaf).toMatch(/<strong>Telegram<\/strong><br><small>Its bot does not hear anybody just now/)
  expect(deaf).toContain('does not work now')
  await noteTelegramBot(here.db, 'northwind_status_bot')
  expect((await ada.opens('/admin/settings/channels')).text).toContain('by writing to @northwind_status_bot.')
})
