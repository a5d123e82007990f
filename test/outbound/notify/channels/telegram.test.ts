import { parse } from 'parse5'
import { expect, test } from 'vitest'
import { readConfig } from '../../../../src/config.ts'
import { telegram } from '../../../../src/outbound/notify/channels/telegram.ts'
import { telegramMeans } from '../../../../src/outbound/notify/means.ts'
import type { Letter } from '../../../../src/outbound/notify/letter.ts'
import { receiver, sendingParts } from '../receiver.ts'
import { hostile, letter, said } from '../sample-letter.ts'

const token = `123456:${'A'.repeat(35)}`

async function telegramServer() {
  const server = await receiver()
  server.answers(200, { body: '{"ok":true}' })
  const means = telegramMeans(readConfig({ CANDOR_TELEGRAM_TOKEN: token, CANDOR_TELEGRAM_API: server.url }))
  return {
    ...server,
    send: (what: Partial<Letter> = {}) =>
      telegram.send(letter(what), { chat: '42' }, sendingParts({ telegram: means })),
    said: (at = -1) => JSON.parse(server.received.at(at)?.body.toString() ?? '') as Record<string, unknown>,
    fails: (status: number, description: string, parameters?: object) =>
      server.answers(status, { body: JSON.stringify({ ok: false, error_code: status, description, parameters }) }),
  }
}

test('a chat is told by the bot', async () => {
  const { received, send, said: sent } = await telegramServer()
  expect(await send()).toEqual({ became: 'accepted', code: '200' })
  expect(received[0]?.path).toBe(`/bot${token}/sendMessage`)
  expect(sent()).toEqual({
    chat_id: '42',
    text: [
      '<b>Search is slow</b>\n<i>Incident · Investigating</i>',
      '<b>Investigating</b> · 12:00 UTC\nSearching takes up to a minute. We are looking for why.',
      'Affected\n• Search · Degraded',
      'We will say more by 12:30 UTC.',
      [
        '<a href="https://status.example/incidents/inc1">See it on the page</a>',
        '<a href="https://status.example/subscriptions/manage/sub1.0.m">Change</a>',
        '<a href="https://status.example/subscriptions/leave/sub1.0.l">Unsubscribe</a>',
      ].join(' · '),
    ].join('\n\n'),
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    disable_notification: false,
  })
})

test.each(hostile)('whatever is written, Telegram reads it as words and not as marks: %j', async (text) => {
  const { send, said: sent } = await telegramServer()
  const affected = Array.from({ length: 60 }, () => ({ name: text, status: 'major_outage', says: 'Down' }) as const)
  const what = { heading: text, ...said(text.repeat(9)), affected }
  expect(await send(what)).toMatchObject({ became: 'accepted' })
  const { tags, length } = readAsTelegram(String(sent()['text']))
  expect([...new Set(tags)].toSorted()).toEqual(['a', 'b', 'i'])
  expect(length).toBeLessThanOrEqual(4096)
})

/** The marks in it, and how long it is without them. */
function readAsTelegram(html: string) {
  const tags: string[] = []
  let length = 0
  const visit = (node: object): void => {
    const {
      nodeName,
      value = '',
      childNodes = [],
    } = node as { nodeName: string; value?: string; childNodes?: object[] }
    if (nodeName === '#text') length += value.length
    else if (!/^(?:#document|html|head|body)$/.test(nodeName)) tags.push(nodeName)
    childNodes.forEach(visit)
  }
  visit(parse(html))
  return { tags, length }
}

test('what is no news has neither a label nor a time', async () => {
  const { send, said: sent } = await telegramServer()
  const [word] = letter().words
  await send({ words: [{ ...word!, label: '', when: '', body: 'This is a test.' }] })
  expect(sent()['text']).toContain('\n\nThis is a test.\n\n')
})

test('what is not urgent makes no sound', async () => {
  const { send, said: sent } = await telegramServer()
  await send({ urgency: 'low' })
  expect(sent()['disable_notification']).toBe(true)
})

test('a group that has moved is told at its new place', async () => {
  const { received, send, fails, said: sent } = await telegramServer()
  fails(400, 'Bad Request: group chat was upgraded to a supergroup chat', { migrate_to_chat_id: -100_123 })
  await send()
  expect(received).toHaveLength(2)
  expect(sent()['chat_id']).toBe('-100123')
})

test.each([
  [400, 'Bad Request: chat not found', { became: 'never', reason: 'no such address', ends: 'gone' }],
  [400, 'Bad Request: can’t parse entities', { became: 'never', reason: 'refused by the receiver', ends: null }],
  [401, 'Unauthorized', { became: 'later', reason: 'not allowed' }],
  [403, 'Forbidden: bot was blocked by the user', { became: 'never', reason: 'gone', ends: 'gone' }],
  [404, 'Not Found', { became: 'later', reason: 'not allowed' }],
  [429, 'Too Many Requests', { became: 'later', reason: 'too many at once', retryAfterSeconds: 35 }],
  [502, 'Bad Gateway', { became: 'later', reason: 'receiver failed' }],
])('%i, “%s”, is understood', async (status, description, outcome) => {
  const { send, fails } = await telegramServer()
  fails(status, description, { retry_after: 35 })
  expect(await send()).toEqual({ ...outcome, code: String(status) })
})

test.each([
  '',
  'no JSON',
  'null',
  '[]',
  '{"parameters":7}',
  '{"parameters":{"migrate_to_chat_id":"x","retry_after":"y"}}',
])('an answer that makes no sense is one of its status: %j', async (body) => {
  const { send, answers } = await telegramServer()
  answers(429, { body })
  expect(await send()).toEqual({ became: 'later', reason: 'too many at once', code: '429' })
  answers(400, { body })
  expect(await send()).toMatchObject({ became: 'never', ends: null })
})

test('a token that is none is refused, and not shown', () => {
  expect(() => readConfig({ CANDOR_TELEGRAM_TOKEN: 'hidden' })).toThrow('CANDOR_TELEGRAM_TOKEN=***')
  expect(telegramMeans(readConfig({}))).toBeNull()
})
