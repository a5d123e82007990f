import { createECDH, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { readPushTarget } from '../../../../src/domain/subscribers/push-hosts.ts'
import { pushKeys } from '../../../../src/lib/push-keys.ts'
import { webPush } from '../../../../src/outbound/notify/channels/web-push.ts'
import type { Letter } from '../../../../src/outbound/notify/letter.ts'
import { pushBrowser, vapidClaims } from '../push-browser.ts'
import { receiver, sendingParts } from '../receiver.ts'
import { hostile, letter, said } from '../sample-letter.ts'

const keys = pushKeys('a key for tests')
const parts = sendingParts({ push: { ...keys, subject: 'https://status.example' } })

function newBrowser() {
  const privateKey = createECDH('prime256v1')
  privateKey.generateKeys()
  return pushBrowser(privateKey.getPrivateKey('base64url'), randomBytes(16).toString('base64url'))
}

/** A push service with one browser behind it. */
async function pushService() {
  const service = await receiver('https')
  service.answers(201)
  const browser = newBrowser()
  const target = { endpoint: `${service.url}/send/abc`, p256dh: browser.p256dh, auth: browser.auth }
  return {
    ...service,
    target,
    send: (what: Partial<Letter> = {}) => webPush.send(letter(what), target, parts),
    shown: () => JSON.parse(browser.read(service.received.at(-1)?.body ?? Buffer.alloc(0))) as Record<string, string>,
  }
}

test('what the tests read with reads what RFC 8291 wrote in its appendix', () => {
  const browser = pushBrowser('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94', 'BTBZMqHH6r4Tts7J_aSIgg')
  const body =
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN'
  expect(browser.p256dh).toBe('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4')
  expect(browser.read(Buffer.from(body, 'base64url'))).toBe('When I grow up, I want to be a watermelon')
})

test('a browser is told through its push service, which can read nothing of it', async () => {
  const { received, send, shown } = await pushService()
  expect(await send()).toEqual({ became: 'accepted', code: '201' })
  const { path, headers, body } = received[0]!
  expect(path).toBe('/send/abc')
  expect(headers).toMatchObject({ 'content-encoding': 'aes128gcm', ttl: '86400', urgency: 'normal' })
  expect(headers['topic']).toMatch(/^[\w-]{32}$/)
  expect(body.toString('latin1')).not.toMatch(/Search|status\.example|inc1/)
  expect(shown()).toEqual({
    title: 'Search is slow',
    body: 'Searching takes up to a minute. We are looking for why.',
    url: 'https://status.example/incidents/inc1',
    tag: headers['topic'],
    lang: 'en',
    dir: 'ltr',
    urgency: 'normal',
  })
})

test('the push service is told who writes, with a signature that holds for it alone and not for long', async () => {
  const { url, received, send } = await pushService()
  await send()
  const { key, claims } = vapidClaims(received[0]?.headers.authorization ?? '')
  expect(key).toBe(keys.publicKey)
  expect(claims).toMatchObject({ aud: url, sub: 'https://status.example' })
  const now = (performance.timeOrigin + performance.now()) / 1000
  expect(claims['exp']).toBeGreaterThan(now + 3600)
  expect(claims['exp']).toBeLessThan(now + 24 * 3600)
  expect(JSON.stringify(claims)).not.toContain(keys.privateKey)
})

test('no two messages are encrypted alike', async () => {
  const { received, send } = await pushService()
  await send()
  await send()
  expect(received[0]?.body.subarray(0, 86)).not.toEqual(received[1]?.body.subarray(0, 86))
})

test('a later word of the same conversation takes the place of the earlier, and of no other', async () => {
  const { received, send } = await pushService()
  for (const thread of ['incident:inc1', 'incident:inc1', 'incident:inc2']) await send({ thread })
  const [first, second, third] = received.map(({ headers }) => headers['topic'])
  expect(second).toBe(first)
  expect(third).not.toBe(first)
})

test.each([
  ['critical', 'high'],
  ['normal', 'normal'],
  ['low', 'low'],
] as const)('what is %s asks of the device what %s does', async (urgency, header) => {
  const { received, send } = await pushService()
  await send({ urgency })
  expect(received[0]?.headers['urgency']).toBe(header)
})

test('in Persian it says that it is, and from which side it is read', async () => {
  const { send, shown } = await pushService()
  await send({ locale: 'fa', dir: 'rtl', subject: 'جستجو کند است', ...said('در حال بررسی هستیم.') })
  expect(shown()).toMatchObject({ title: 'جستجو کند است', body: 'در حال بررسی هستیم.', lang: 'fa', dir: 'rtl' })
})

test.each(hostile)('whatever is written, it fits and is shown as it stands: %j', async (text) => {
  const { received, send, shown } = await pushService()
  expect(await send({ subject: text.repeat(20), ...said(text.repeat(20)) })).toMatchObject({ became: 'accepted' })
  expect(received[0]?.body.length).toBeLessThanOrEqual(4096)
  const { title, body } = shown()
  expect(`${title}${body}`).not.toMatch(/\p{Cc}|\p{Cs}|\u2028/u)
})

const later = { became: 'later', code: expect.any(String) as string }
const never = { became: 'never', code: expect.any(String) as string }
test.each([
  [200, { became: 'accepted', code: '200' }],
  [202, { became: 'accepted', code: '202' }],
  [302, { ...later, reason: 'refused by the receiver' }],
  [400, { ...never, reason: 'cannot be written to', ends: null }],
  [403, { ...later, reason: 'refused by the receiver' }],
  [404, { ...never, reason: 'gone', ends: 'gone' }],
  [410, { ...never, reason: 'gone', ends: 'gone' }],
  [413, { ...never, reason: 'cannot be written to', ends: null }],
  [429, { ...later, reason: 'too many at once', retryAfterSeconds: 90 }],
  [500, { ...later, reason: 'receiver failed', retryAfterSeconds: 90 }],
] as const)('an answer of %i is understood', async (status, outcome) => {
  const { send, answers } = await pushService()
  answers(status, { headers: { 'retry-after': '90', location: 'http://127.0.0.1:1/' }, body: 'https://push/abc' })
  expect(await send()).toEqual(
    status < 429 && outcome.became === 'later' ? { ...outcome, retryAfterSeconds: 90 } : outcome,
  )
})

test('nothing is sent where the guard forbids it, without TLS, or for keys that are none', async () => {
  const { target, received } = await pushService()
  const guarded = sendingParts({ push: parts.means.push }, { allow: [] })
  expect(await webPush.send(letter(), target, guarded)).toMatchObject({ reason: 'private address' })
  const plain = { ...target, endpoint: target.endpoint.replace('https:', 'http:') }
  expect(await webPush.send(letter(), plain, parts)).toMatchObject({ became: 'never', ends: 'refused' })
  const outside = { ...target, p256dh: `B${'A'.repeat(86)}` }
  expect(await webPush.send(letter(), outside, parts)).toMatchObject({ became: 'never', ends: 'refused' })
  expect(received).toEqual([])
})

test('turns are taken by push service', () => {
  expect(webPush.destination({ endpoint: 'https://fcm.googleapis.com/fcm/send/abc' })).toBe('fcm.googleapis.com')
})

test('the keys follow from the key of the installation, and are never the same for two', () => {
  expect(pushKeys('a key for tests')).toEqual(keys)
  expect(pushKeys('another').publicKey).not.toBe(keys.publicKey)
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(keys.privateKey, 'base64url')
  expect(pair.getPublicKey('base64url')).toBe(keys.publicKey)
})

const { p256dh, auth } = newBrowser()
const subscription = (endpoint: string, more: object = {}) => ({
  endpoint,
  expirationTime: null,
  keys: { p256dh, auth, ...more },
})

test.each([
  'https://fcm.googleapis.com/fcm/send/dXYZ:APA91b',
  'https://updates.push.services.mozilla.com/wpush/v2/gAAA',
  'https://web.push.apple.com/QG',
  'https://db5p.notify.windows.com/w/?token=BQYA',
  'https://push.internal.example/abc',
])('%s is a place where browsers take messages', (endpoint) => {
  expect(readPushTarget(subscription(endpoint), ['push.internal.example'])).toEqual({ endpoint, p256dh, auth })
})

test.each([
  ['https://evil.example/fcm.googleapis.com', {}],
  ['https://fcm.googleapis.com.evil.example/', {}],
  ['https://evilfcm.googleapis.com/', {}],
  ['https://notify.windows.com.evil.example/', {}],
  ['https://fcm.googleapis.com@127.0.0.1/', {}],
  ['https://fcm.googleapis.com:8443/', {}],
  ['http://fcm.googleapis.com/', {}],
  ['https://127.0.0.1/', {}],
  ['https://[::1]/', {}],
  ['data:text/plain,a', {}],
  [`https://fcm.googleapis.com/${'a'.repeat(1000)}`, {}],
  ['https://fcm.googleapis.com/a', { p256dh: `B${'A'.repeat(86)}` }],
  ['https://fcm.googleapis.com/a', { p256dh: 7 }],
  ['https://fcm.googleapis.com/a', { auth: 'short' }],
  ['https://fcm.googleapis.com/a', { auth: undefined }],
])('%s with %o is refused', (endpoint, more) => {
  expect(() => readPushTarget(subscription(endpoint, more), [])).toThrow(/not what a browser says|not known here/)
})

test.each([null, 7, 'text', [], {}, { endpoint: 'https://fcm.googleapis.com/a', keys: null }])(
  '%o is no subscription',
  (given) => {
    expect(() => readPushTarget(given, [])).toThrow('not what a browser says')
  },
)
