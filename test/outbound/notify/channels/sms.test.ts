import { expect, test } from 'vitest'
import { readConfig } from '../../../../src/config.ts'
import { readPhoneNumber } from '../../../../src/domain/subscribers/phone-number.ts'
import { sms } from '../../../../src/outbound/notify/channels/sms.ts'
import { smsMeans } from '../../../../src/outbound/notify/means.ts'
import type { Letter } from '../../../../src/outbound/notify/letter.ts'
import { mostSegments, segmentsOf } from '../../../../src/outbound/notify/short-messages.ts'
import { receiver, sendingParts } from '../receiver.ts'
import { hostile, letter, said } from '../sample-letter.ts'

const target = { number: '+351912345678' }
const form = 'From=Northwind&To={to}&Body={text}'

/** A gateway, set up as an operator would. */
async function gateway(settings: Readonly<Record<string, string>> = {}) {
  const server = await receiver()
  const config = readConfig({ CANDOR_SMS_URL: `${server.url}/messages`, ...settings })
  const parts = sendingParts({ sms: smsMeans(config) })
  return {
    ...server,
    send: (what: Partial<Letter> = {}) => sms.send(letter(what), target, parts),
    json: () => JSON.parse(server.received.at(-1)?.body.toString() ?? '') as Record<string, string>,
    form: () => new URLSearchParams(server.received.at(-1)?.body.toString()),
  }
}

test('a text message says who speaks, what is the matter, where more stands, and how it ends', async () => {
  const { received, send, json } = await gateway({ CANDOR_SMS_AUTHORIZATION: 'Bearer s3cret' })
  expect(await send()).toEqual({ became: 'accepted', code: '200' })
  expect(received[0]?.path).toBe('/messages')
  expect(received[0]?.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    authorization: 'Bearer s3cret',
  })
  expect(json()).toEqual({
    to: '+351912345678',
    text: [
      'Northwind Status: Search is slow',
      'Searching takes up to a minute. We are looking for why.',
      'https://status.example/incidents/inc1',
      'Unsubscribe: https://status.example/subscriptions/leave/sub1.0.l',
    ].join('\n'),
  })
})

test('how it ends is said once in a conversation', async () => {
  const { send, json } = await gateway()
  await send({ isFirst: false })
  expect(json()['text']).not.toContain('Unsubscribe')
})

test('a gateway that takes forms gets one', async () => {
  const { received, send, form: sent } = await gateway({ CANDOR_SMS_BODY: form })
  await send({ subject: 'Search & rescue = slow?' })
  expect(received[0]?.headers['content-type']).toContain('application/x-www-form-urlencoded')
  expect([...sent().keys()]).toEqual(['From', 'To', 'Body'])
  expect(sent().get('To')).toBe('+351912345678')
  expect(sent().get('Body')).toContain('Search & rescue = slow?')
})

test('a gateway that wants no plus gets none', async () => {
  const { send, json } = await gateway({ CANDOR_SMS_BODY: '{"to":["{digits}"],"text":"{text}"}' })
  await send()
  expect(json()['to']).toEqual(['351912345678'])
})

test.each(hostile)('whatever is written, it is one number and one text of three messages at most: %j', async (text) => {
  const asJson = await gateway()
  const asForm = await gateway({ CANDOR_SMS_BODY: form })
  const what = { subject: text, ...said(text) }
  for (const { send } of [asJson, asForm]) expect(await send(what)).toMatchObject({ became: 'accepted' })
  expect(Object.keys(asJson.json())).toEqual(['to', 'text'])
  expect(asJson.json()['to']).toBe(target.number)
  expect([...asForm.form().keys()]).toEqual(['From', 'To', 'Body'])
  expect(asForm.form().get('Body')).toBe(asJson.json()['text'])
  const written = asJson.json()['text'] ?? ''
  expect(segmentsOf(written)).toBeLessThanOrEqual(mostSegments)
  expect(written.split('\n')).toContain('https://status.example/incidents/inc1')
})

test('what stands in a text is not taken for a place to fill', async () => {
  const { send, json } = await gateway()
  await send({ subject: 'the fields {to} and {text}' })
  expect(json()['text']).toContain('the fields {to} and {text}')
})

test('fine quotation marks do not double the price, where nothing else needs sixteen bits', async () => {
  const { send, json } = await gateway()
  await send({ subject: 'We’re on it – “soon”…' })
  expect(json()['text']).toContain(`We're on it - "soon"...`)
  await send({ subject: '«جستجو» کند است…' })
  expect(json()['text']).toContain('«جستجو» کند است…')
})

test.each([
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  ['a'.repeat(306), 2],
  ['a'.repeat(459), 3],
  ['a'.repeat(460), 4],
  ['س'.repeat(70), 1],
  ['س'.repeat(71), 2],
  ['慢'.repeat(201), 3],
  ['😀'.repeat(35), 1],
  ['😀'.repeat(36), 2],
])('%s takes %i', (text, segments) => {
  expect(segmentsOf(text)).toBe(segments)
})

test.each([
  [400, { became: 'never', reason: 'refused by the receiver', ends: null }],
  [401, { became: 'later', reason: 'not allowed' }],
  [404, { became: 'later', reason: 'receiver failed' }],
  [422, { became: 'never', reason: 'refused by the receiver', ends: null }],
  [429, { became: 'later', reason: 'too many at once', retryAfterSeconds: 7 }],
  [503, { became: 'later', reason: 'receiver failed', retryAfterSeconds: 7 }],
])('an answer of %i is understood, and nothing of its words is kept', async (status, outcome) => {
  const { send, answers } = await gateway()
  answers(status, { headers: { 'retry-after': '7' }, body: 'The number +351912345678 …' })
  expect(await send()).toEqual({ ...outcome, code: String(status) })
})

test('without a gateway nothing is sent', async () => {
  expect(smsMeans(readConfig({}))).toBeNull()
  expect(await sms.send(letter(), target, sendingParts({}))).toMatchObject({ reason: 'our own fault' })
})

test.each([
  ['CANDOR_SMS_URL', 'ftp://gateway.example'],
  ['CANDOR_SMS_URL', 'https://ada:hidden@gateway.example'],
  ['CANDOR_SMS_BODY', '{"to":"{to}"}'],
  ['CANDOR_SMS_BODY', '{"to":{to},"text":"{text}"'],
  ['CANDOR_SMS_BODY', 'hidden {to} {text}'],
  ['CANDOR_SMS_AUTHORIZATION', 'hidden\nx: y'],
])('%s=%s is refused, and not shown', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`${name}=\\*\\*\\*`))
})

test.each([
  ['+49 (170) 123-4567', '+491701234567'],
  ['0049 170 1234567', '+491701234567'],
  ['+۹۸ ۹۱۲ ۳۴۵ ۶۷۸۹', '+989123456789'],
  ['＋８８６９１２３４５６７８', '+886912345678'],
  ['\u202a+351\u00a0912\u2011345\u2011678\u202c', '+351912345678'],
])('the number %s is %s', (written, number) => {
  expect(readPhoneNumber(written)).toBe(number)
})

test.each([
  '',
  '0170 1234567',
  '+0170123456',
  '+12',
  '+1234567890123456',
  '+49 170 CALL',
  '+49170\n1234567x',
  '1'.repeat(99),
])('%j is no number that can be reached from everywhere', (written) => {
  expect(readPhoneNumber(written)).toBeNull()
})
