import { createECDH, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { claimDue } from '../../../src/domain/deliveries/claim.ts'
import { type Outcome, takeOutcomes } from '../../../src/domain/deliveries/outcomes.ts'
import { publishNotice } from '../../../src/domain/notices/commands.ts'
import { subscriberOfLink } from '../../../src/domain/subscribers/changing.ts'
import { forgetUnconfirmed } from '../../../src/domain/subscribers/forgetting.ts'
import { subscriberByAddress } from '../../../src/domain/subscribers/queries.ts'
import { answerAsks } from '../../../src/domain/subscribers/signing-up.ts'
import { pushKeys } from '../../../src/lib/push-keys.ts'
import { handsOut } from '../../domain/deliveries/outbox.ts'
import { ada } from '../../domain/desk.ts'
import { tells } from '../../telling.ts'
import { world } from '../../world.ts'

const accepted = { became: 'accepted', code: '201' } as const

/** What a browser says of its subscription. */
function subscription(endpoint = 'https://fcm.googleapis.com/fcm/send/abc') {
  const keys = createECDH('prime256v1')
  return {
    endpoint,
    expirationTime: null,
    keys: { p256dh: keys.generateKeys('base64url'), auth: randomBytes(16).toString('base64url') },
  }
}

async function site(settings: Readonly<Record<string, string>> = {}) {
  const it = await world(settings)
  const { app, publication } = await it.app()
  await publication.refresh()
  const send = async (path: string, payload: object, headers: Record<string, string> = {}) => {
    const answer = await app.inject({
      method: 'POST',
      url: `/subscriptions/push${path}`,
      headers: { 'sec-fetch-site': 'same-origin', ...headers },
      payload,
    })
    await answerAsks(it)
    return answer
  }
  /** What became of all that waits for browsers. */
  const becomes = async (outcome: Outcome) => {
    const now = it.clock.now()
    const batch = await claimDue(it.db, { by: 'test', now, channel: 'web-push', audience: 'subscriber', most: 99 })
    const endings = batch?.claims.map(({ addressee, ...claim }) => ({ ...claim, recipient: addressee.id, outcome }))
    await takeOutcomes(it.db, endings ?? [], { by: 'test', now, firstSeconds: 60 })
    return batch?.messages.map(({ payload }) => payload.kind) ?? []
  }
  const known = ({ endpoint, keys }: ReturnType<typeof subscription>) =>
    subscriberByAddress(it, 'web-push', { endpoint, ...keys })
  return { ...it, app, send, known, becomes }
}

test('a browser that its reader said yes in is told once a message reached it, in its language and zone', async () => {
  const { send, known, becomes, clock } = await site()
  const browser = subscription()
  expect((await send('', { subscription: browser, locale: 'fa', zone: 'Asia/Tehran' })).statusCode).toBe(202)
  expect(await known(browser)).toMatchObject({
    channel: 'web-push',
    target: { endpoint: browser.endpoint, ...browser.keys },
    scope: { everything: 'yes' },
    locale: 'fa',
    zone: 'Asia/Tehran',
    confirmedAt: null,
    consentedAt: null,
    disabledAt: null,
  })
  clock.advance('2s')
  expect(await becomes(accepted)).toEqual(['confirm'])
  expect(await known(browser)).toMatchObject({
    consentedAt: '2026-11-21T12:00:00.000Z',
    confirmedAt: '2026-11-21T12:00:02.000Z',
  })
})

test.each([
  { became: 'never', reason: 'gone', code: '410', ends: 'gone' },
  { became: 'later', reason: 'unreachable', code: null },
] as const)('a browser that somebody made up is never told, and is forgotten after a day: %o', async (outcome) => {
  const { send, known, becomes, clock, db } = await site()
  const browser = subscription()
  await send('', { subscription: browser })
  await becomes(outcome)
  expect((await known(browser))?.confirmedAt).toBeNull()
  expect((await send('/manage', { subscription: browser })).statusCode).toBe(404)
  clock.advance('1d')
  await forgetUnconfirmed({ db, clock })
  expect(await known(browser)).toBeNull()
})

test('a browser that could not be reached at first is tried once more when it says so again', async () => {
  const { send, known, becomes } = await site()
  const browser = subscription()
  await send('', { subscription: browser })
  await becomes({ became: 'never', reason: 'gone', code: '404', ends: 'gone' })
  await send('', { subscription: browser })
  expect(await becomes(accepted)).toEqual(['confirm'])
  expect(await known(browser)).toMatchObject({ disabledAt: null, confirmedAt: '2026-11-21T12:00:00.000Z' })
})

test('a language or a zone that is none is the site’s', async () => {
  const { send, known } = await site()
  const browser = subscription()
  await send('', { subscription: browser, locale: 'xx', zone: '../etc' })
  expect(await known(browser)).toMatchObject({ locale: 'en', zone: 'UTC' })
})

test('where a browser takes its messages stands nowhere in the clear', async () => {
  const { send, db } = await site()
  const browser = subscription('https://fcm.googleapis.com/fcm/send/planted')
  await send('', { subscription: browser })
  const rows = [
    await db.selectFrom('subscribers').selectAll().execute(),
    await db.selectFrom('events').selectAll().execute(),
  ]
  expect(JSON.stringify(rows)).not.toMatch(/planted|fcm/)
})

test('saying it again changes nothing of what was chosen, and takes up what had ended', async () => {
  const { send, known, db, becomes } = await site()
  const browser = subscription()
  await send('', { subscription: browser })
  await becomes(accepted)
  const before = await known(browser)
  await db
    .updateTable('subscribers')
    .set({ extent: 'ends', disabled_at: before!.createdAt, disabled_because: 'gone' })
    .execute()
  await send('', { subscription: browser, locale: 'fr' })
  expect(await known(browser)).toMatchObject({ id: before?.id, extent: 'ends', locale: 'en', disabledAt: null })
})

test('a browser that is reached elsewhere from now on keeps what it chose', async () => {
  const { send, known, db } = await site()
  const old = subscription()
  await send('', { subscription: old })
  const before = await known(old)
  await db.updateTable('subscribers').set({ extent: 'ends' }).execute()
  const next = subscription('https://fcm.googleapis.com/fcm/send/next')
  await send('', { subscription: next, instead: old })
  expect(await known(old)).toBeNull()
  expect(await known(next)).toMatchObject({ id: before?.id, extent: 'ends', target: { endpoint: next.endpoint } })
})

test('where a browser says it is reached from now on is told nothing until it took a message', async () => {
  const { send, known, becomes, clock, db } = await site()
  const [old, next] = [subscription(), subscription('https://fcm.googleapis.com/fcm/send/made-up')]
  await send('', { subscription: old })
  await becomes(accepted)
  clock.advance('2d')
  await send('', { subscription: next, instead: old })
  expect(await known(next)).toMatchObject({ confirmedAt: null })
  await forgetUnconfirmed({ db, clock })
  expect(await becomes(accepted)).toEqual(['confirm'])
  expect(await known(next)).toMatchObject({
    consentedAt: '2026-11-21T12:00:00.000Z',
    confirmedAt: '2026-11-23T12:00:00.000Z',
  })
})

test('what waits for a browser while it moves is told where it is now, once it took a message', async () => {
  const { send, known, becomes, ...it } = await site()
  const [old, next] = [subscription(), subscription('https://fcm.googleapis.com/fcm/send/next')]
  await send('', { subscription: old })
  await becomes(accepted)
  it.clock.advance('2d')
  await handsOut(it, { to: [(await known(old))?.id ?? ''], channel: 'web-push' })
  await send('', { subscription: next, instead: old })
  expect(await becomes(accepted)).toEqual(['confirm'])
  it.clock.advance('5s')
  expect(await becomes(accepted)).toEqual(['told'])
})

test.each(['before', 'after'])(
  'what becomes due while a browser moves is told where it is now, handed out %s it took a message there',
  async (when) => {
    const { send, becomes, ...it } = await site()
    const [old, next] = [subscription(), subscription('https://fcm.googleapis.com/fcm/send/next')]
    await send('', { subscription: old })
    await becomes(accepted)
    it.clock.advance('2d')
    await send('', { subscription: next, instead: old })
    await it.change(ada, (change) => publishNotice(change, { name: 'Closed on Monday', body: 'We are.' }))
    await tells(it)
    it.clock.advance('3m')
    if (when === 'before') await tells(it)
    expect(await becomes(accepted)).toEqual(['confirm'])
    if (when === 'after') await tells(it)
    it.clock.advance('5s')
    expect(await becomes(accepted)).toEqual(['told'])
  },
)

test('a browser that comes from nowhere known is a new one', async () => {
  const { send, known } = await site()
  const next = subscription('https://fcm.googleapis.com/fcm/send/next')
  await send('', { subscription: next, instead: subscription() })
  expect(await known(next)).not.toBeNull()
})

test('only the browser itself gets the link to what is known of it', async () => {
  const { send, clock, becomes, ...it } = await site()
  const browser = subscription()
  await send('', { subscription: browser })
  await becomes(accepted)
  const { url } = (await send('/manage', { subscription: browser })).json<{ url: string }>()
  expect(url).toMatch(/^http:\/\/status\.example\/subscriptions\/manage\//)
  const token = url.slice(url.lastIndexOf('/') + 1)
  expect(await subscriberOfLink({ ...it, clock }, 'manage', token)).toMatchObject({ channel: 'web-push' })
  clock.advance('61m')
  expect(await subscriberOfLink({ ...it, clock }, 'manage', token)).toBe('too late')
  const other = await send('/manage', { subscription: subscription('https://fcm.googleapis.com/fcm/send/other') })
  expect(other.statusCode).toBe(404)
})

test('it ends when the browser says so, however often', async () => {
  const { send, known } = await site()
  const browser = subscription()
  await send('', { subscription: browser })
  for (const _ of [1, 2]) expect((await send('/leave', { subscription: browser })).statusCode).toBe(204)
  expect(await known(browser)).toBeNull()
  await send('', { subscription: browser })
  expect(await known(browser)).not.toBeNull()
})

test.each([
  [{ 'sec-fetch-site': 'cross-site' }, { subscription: subscription() }, 403],
  [{ 'sec-fetch-site': 'same-site' }, { subscription: subscription() }, 403],
  [{}, { subscription: subscription('https://evil.example/') }, 422],
  [{}, { subscription: subscription('https://169.254.169.254/') }, 422],
  [{}, { subscription: null }, 422],
  [{}, {}, 422],
  [{}, [], 422],
  [{}, { subscription: subscription(), instead: 7 }, 422],
  [{ 'content-type': 'text/plain' }, {}, 415],
  [{ 'content-type': 'application/x-www-form-urlencoded' }, {}, 415],
])('with %o, %o is refused', async (headers, payload, status) => {
  const { send, db } = await site()
  for (const path of ['', '/manage', '/leave']) {
    if (path !== '' && 'instead' in payload) continue
    const answer = await send(path, payload, headers)
    expect(answer.statusCode).toBe(status)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.headers['cache-control']).toBe('no-store')
  }
  expect(await db.selectFrom('subscribers').select('id').execute()).toEqual([])
})

test('push services of their own are those that the operator names', async () => {
  const { send, known } = await site({ CANDOR_PUSH_HOSTS: 'push.internal.example' })
  const browser = subscription('https://push.internal.example/abc')
  await send('', { subscription: browser })
  expect(await known(browser)).not.toBeNull()
})

test('too many of one network have to wait', async () => {
  const { send } = await site()
  for (let index = 0; index < 60; index += 1) await send('/leave', { subscription: subscription() })
  const answer = await send('', { subscription: subscription() })
  expect(answer.statusCode).toBe(429)
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
})

test('the script that shows notifications may ask us and nobody else', async () => {
  const { app } = await site()
  const answer = await app.inject('/push.js')
  expect(answer.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'content-security-policy':
      "default-src 'none'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  })
  expect(answer.body).toContain('showNotification')
  expect(answer.body).not.toMatch(/^\s*\/\//m)
})

test('whoever asks is told by which key push services know us', async () => {
  const { app, key } = await site()
  expect((await app.inject('/subscriptions/push/key')).body).toBe(pushKeys(key).publicKey)
})
