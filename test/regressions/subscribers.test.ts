import { expect, test } from 'vitest'
import { createToken } from '../../src/domain/accounts/tokens.ts'
import { openIncident } from '../../src/domain/incidents/commands.ts'
import { linkToken } from '../../src/domain/subscribers/links.ts'
import { subscriberByAddress } from '../../src/domain/subscribers/queries.ts'
import { answerAsks } from '../../src/domain/subscribers/signing-up.ts'
import type { Egress } from '../../src/lib/egress.ts'
import { resolver } from '../../src/lib/resolver.ts'
import { channelOf } from '../../src/outbound/notify/channels/index.ts'
import { readers } from '../domain/subscribers/readers.ts'
import { nameServer } from '../lib/name-server.ts'
import { mailMeans } from '../outbound/notify/letters.ts'
import { mailServer } from '../outbound/notify/mail-server.ts'
import { deliversDue, isReached, reachingWorld } from '../outbound/notify/reached.ts'
import { receiver, sendingParts } from '../outbound/notify/receiver.ts'
import { letter } from '../outbound/notify/sample-letter.ts'
import { canary } from '../outbound/probing/canary.ts'
import { people } from '../people.ts'
import { tellsAll } from '../telling.ts'
import { world } from '../world.ts'

/** What hit the peers, held against all that came with subscribers: security.md, “What hit the peers”, 1 and 2. */

const cy = 'cy@example.org'
const mailing = { CANDOR_SMTP_URL: 'smtp://127.0.0.1:1', CANDOR_MAIL_FROM: 'status@status.example' }
const setup = { kind: 'setup' } as const
/** What the form of the page sends beside the address. */
const wishes = { kind: 'incident', severityFrom: 'none', extent: 'every', zone: 'UTC', locale: 'en' }

async function page(more: Readonly<Record<string, string>> = {}) {
  const it = await world({ ...mailing, ...more })
  const { app, publication } = await it.app()
  await publication.refresh()
  let asked = 0
  const post = async (url: string, form: Readonly<Record<string, string>>) => {
    asked += 1
    const answer = await app.inject({
      method: 'POST',
      url,
      // Each from elsewhere: what one network may ask is another limit.
      remoteAddress: `203.0.113.${asked % 250}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
      payload: new URLSearchParams(form).toString(),
    })
    await answerAsks(it)
    return answer
  }
  const letters = async (): Promise<number> =>
    (await it.db.selectFrom('deliveries').select('message').where('audience', '=', 'subscriber').execute()).length
  return { it, ...it, ...readers(it), app, publication, post, countOfLetters: letters }
}

test('CVE-2026-30959, CVE-2026-34758: whoever asks a hundred times makes us write three letters, and no stranger a test', async () => {
  const { app, post, found, ask, countOfLetters } = await page()
  await ask(cy)
  const { id } = await found(cy)
  for (let times = 0; times < 50; times += 1) {
    expect((await post('/subscribe', { email: cy, ...wishes })).statusCode).toBe(303)
    await post(`/api/v2/subscriptions/${id}/resend_confirmation`, {})
  }
  expect(await countOfLetters()).toBeLessThanOrEqual(3)
  for (const url of [
    `/admin/subscribers/${id}/test`,
    `/admin/subscribers/${id}/remind`,
    '/admin/me/alerts/none/test',
  ]) {
    expect([url, (await post(url, {})).statusCode]).toEqual([url, 401])
  }
  const { statusCode } = await app.inject({
    method: 'POST',
    url: `/api/v1/pages/none/subscribers/${id}/resend_confirmation`,
  })
  expect(statusCode).toBe(401)
})

test('Healthchecks: the link of one reader, and the way to call one operator, are of no use to another', async () => {
  const { it, app, post, subscribes, found, isKnown } = await page()
  await subscribes(cy)
  await subscribes('dee@example.org')
  const [own, other] = [await found(cy), await found('dee@example.org')]
  const token = linkToken(it.vault, 'manage', { id: own.id, links: 1 }, null)
  const forged = token.replace(own.id, other.id)
  expect(forged).not.toBe(token)
  for (const purpose of ['manage', 'leave', 'confirm']) {
    expect((await app.inject(`/subscriptions/${purpose}/${forged}`)).statusCode).toBe(404)
    // One purpose opens no other.
    if (purpose !== 'manage') expect((await app.inject(`/subscriptions/${purpose}/${token}`)).statusCode).toBe(404)
  }
  await post(`/subscriptions/manage/${forged}/erase`, {})
  await post(`/subscriptions/leave/${forged}`, {})
  expect(await isKnown('dee@example.org')).toBe(true)

  const { ada, ben } = await people(it)
  const pager = {
    channel: 'ntfy',
    url: 'https://ntfy.example/ben',
    name: 'Mine',
    afterMinutes: '0',
    kinds: 'disk-full',
  }
  await ada.sends('/admin/me/alerts', pager, '/admin/me/alerts')
  const way = (await it.db.selectFrom('alert_channels').select('id').executeTakeFirstOrThrow()).id
  expect((await ben.opens(`/admin/me/alerts/${way}`)).status).toBe(404)
  for (const deed of ['test', 'arrived', 'remove']) {
    expect((await ben.sends(`/admin/me/alerts/${way}/${deed}`, {}, '/admin/me/alerts')).status).toBe(404)
  }
  expect(await it.db.selectFrom('alert_channels').select('id').execute()).toHaveLength(1)
})

test('CVE-2026-31836: whoever signs up confirms nothing themselves, whatever fields their form has', async () => {
  const { post, ask, found, link } = await page()
  const more = {
    confirmed: 'yes',
    confirmedAt: '2026-01-01T00:00:00.000Z',
    confirmed_at: '2026-01-01T00:00:00.000Z',
    source: 'operator',
    proof: 'by operator',
    id: 'theirs',
    skip_confirmation_notification: 'true',
  }
  expect((await post('/subscribe', { email: cy, ...wishes, ...more })).statusCode).toBe(303)
  expect((await found(cy)).confirmedAt).toBeNull()
  await ask(cy)
  const before = await found(cy)
  await post(`/subscriptions/manage/${await link(cy, 'manage')}`, { ...wishes, ...more })
  expect(await found(cy)).toMatchObject({ id: before.id, source: before.source, confirmedAt: null })
})

test('CVE-2023-44400, GHSA-g9v2: no link of before opens anything once its reader has left', async () => {
  const { app, post, subscribes, link, isKnown } = await page()
  await subscribes(cy)
  const links = await Promise.all((['manage', 'confirm', 'leave'] as const).map((purpose) => link(cy, purpose)))
  const [manage = '', confirm = '', leave = ''] = links
  await post(`/subscriptions/leave/${leave}`, {})
  expect(await isKnown(cy)).toBe(false)
  await post(`/subscriptions/confirm/${confirm}`, {})
  await post(`/subscriptions/manage/${manage}`, { kind: 'incident' })
  await post(`/subscriptions/manage/${manage}/resume`, {})
  expect(await isKnown(cy)).toBe(false)
  const seen = await app.inject(`/subscriptions/manage/${manage}/everything.json`)
  expect([seen.statusCode >= 400, seen.body.includes(cy)]).toEqual([true, false])
})

test('CVE-2026-71862, CVE-2024-26478: no address, target or secret of whoever is told is in anything that others can read', async () => {
  const { it, app, publication, subscribes } = await page()
  const { ada, ben } = await people(it)
  await subscribes('canary-cy@example.org')
  const hook = { url: 'https://hooks.example/canary-hook', secret: 'whsec_canary' }
  await isReached(it, 'robot', 'webhook', hook)
  const pager = { channel: 'ntfy', url: 'https://ntfy.example/canary-pager', name: 'Mine', afterMinutes: '0' }
  await ada.sends('/admin/me/alerts', { ...pager, kinds: 'disk-full' }, '/admin/me/alerts')
  const { secret } = await it.change(setup, (change) => createToken(change, { name: 'Reader', scope: 'disclose' }))
  const { id: site } = await it.db.selectFrom('sites').select('id').executeTakeFirstOrThrow()
  await publication.refresh()
  const told: string[] = []
  const look = (where: string, text: string): void => {
    if (/canary-(?:cy|hook|pager)|whsec_canary/.test(text)) told.push(where)
  }
  await publication.walk(async (path, { encodings }) => look(path, encodings.identity.body.toString()))
  for (const path of ['subscribers', 'subscribers.json', 'subscribers/robot', 'subscribers/count', 'incidents']) {
    const headers = { authorization: `OAuth ${secret}` }
    look(path, (await app.inject({ url: `/v1/pages/${site}/${path}`, headers })).body)
  }
  // A responder sees how many there are.
  for (const path of ['/admin', '/admin/subscribers', '/admin/subscribers/robot', '/admin/log', '/admin/me/alerts'])
    look(path, (await ben.opens(path)).text)
  look('events', JSON.stringify(await it.db.selectFrom('events').selectAll().execute()))
  for (const table of ['subscribers', 'alert_channels', 'messages', 'deliveries', 'suppressions'] as const)
    look(table, JSON.stringify(await it.db.selectFrom(table).selectAll().execute()))
  expect(told).toEqual([])
})

test('GHSA-vffh-c9pq-4crh, CVE-2026-33130, GHSA-v832, GHSA-gf2q-c269-pqgc, GHSA-hv79-p62r-wg3p: what is told is words, in every language of templates', async () => {
  const here = await reachingWorld()
  const [program, server] = [await receiver(), await mailServer({ encryption: 'none' })]
  await isReached(here, 'robot', 'webhook', { url: `${program.url}/hook`, secret: `whsec_${'A'.repeat(43)}=` })
  await isReached(here, 'cy', 'email', { address: cy })
  const words = "{{7*7}} <%= 7*7 %> ${7*7} {% include '/etc/passwd' %} {{constructor}}"
  await here.change(setup, (it) => openIncident(it, { name: words, body: words, stage: 'investigating' }))
  await tellsAll(here)
  await deliversDue(here, { mail: mailMeans(server.url) })
  expect(program.received.map(({ body }) => body.toString()).join('')).toContain(JSON.stringify(words).slice(1, -1))
  const [mail] = server.taken
  const said = `${mail?.mail.subject} ${mail?.mail.text}`
  expect(said).toContain(words)
  for (const text of [said, ...program.received.map(({ body }) => body.toString())])
    expect(text).not.toMatch(/root:x:|\b49\b|native code/)
})

test('CVE-2021-39172: no end of a line in an address or a title adds a header or a reader to a mail', async () => {
  const { post, found, countOfLetters } = await page()
  for (const email of ['cy@example.org\r\nbcc: eve@example.org', 'cy@example.org,eve@example.org', 'cy@example.org\n'])
    await post('/subscribe', { email, ...wishes })
  const known = await found(cy).catch(() => null)
  expect([known?.target ?? { address: cy }, (await countOfLetters()) <= 1]).toEqual([{ address: cy }, true])

  const here = await reachingWorld()
  const server = await mailServer({ encryption: 'none' })
  await isReached(here, 'cy', 'email', { address: cy })
  await expect(
    here.change(setup, (it) =>
      openIncident(it, { name: 'Down\r\nBcc: eve@example.org', body: 'We look.', stage: 'investigating' }),
    ),
  ).rejects.toThrow('line')
  await here.change(setup, (it) =>
    openIncident(it, {
      name: 'Down',
      body: 'We look.\r\nBcc: eve@example.org\r\n.\r\nRCPT TO:<eve@example.org>',
      stage: 'investigating',
    }),
  )
  await tellsAll(here)
  await deliversDue(here, { mail: mailMeans(server.url) })
  expect(server.taken.map(({ to }) => to)).toEqual([[cy]])
})

test('CVE-2020-16248, CVE-2026-90486: a stranger who says where we shall write to is held to services of push and to the public internet', async () => {
  const { it, app, post } = await page()
  const hosts = [
    'http://127.0.0.1/',
    'https://127.0.0.1/hook',
    'https://169.254.169.254/latest',
    'https://[::1]/',
    'file:///etc/passwd',
  ]
  for (const url of hosts) await post('/subscribe', { channel: 'webhook', url, ...wishes })
  const keys = { p256dh: 'A'.repeat(87), auth: 'A'.repeat(22) }
  for (const endpoint of [
    'https://127.0.0.1/send',
    'https://fcm.googleapis.com.evil.example/send',
    'http://fcm.googleapis.com/send',
  ]) {
    const { statusCode } = await app.inject({
      method: 'POST',
      url: '/subscriptions/push',
      headers: { 'sec-fetch-site': 'same-origin' },
      payload: { subscription: { endpoint, keys }, locale: 'en', zone: 'UTC' },
    })
    expect([endpoint, statusCode]).toEqual([endpoint, 422])
  }
  await answerAsks(it)
  expect(await it.db.selectFrom('subscribers').select('id').execute()).toEqual([])
  expect(await subscriberByAddress(it, 'webhook', { url: hosts[1] ?? '' })).toBeNull()
})

test('GHSA-6x26-5727-rrm9, GHSA-r2x7-427f-rq69: a webhook goes to no private address behind a public name', async () => {
  const { port, reached } = await canary(['127.0.0.1'])
  const { address } = await nameServer(() => ['127.0.0.1'])
  const egress: Egress = { resolver: resolver({ servers: [address], hostsFile: '/dev/null' }), allow: [] }
  const parts = { ...sendingParts({}), egress }
  const target = { url: `http://hooks.127.0.0.1.nip.example:${port}/`, secret: 'whsec_AAAA' }
  expect(await (await channelOf('webhook')).send(letter(), target, parts)).toMatchObject({
    became: expect.not.stringMatching('accepted') as string,
  })
  expect(reached()).toEqual([])
})
