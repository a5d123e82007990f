import { expect, test } from 'vitest'
import { channelOf } from '../../../../src/outbound/notify/channels/index.ts'
import { type Chat, chat, chats, expectWithin, textsOf } from '../chats.ts'
import { receiver, sendingParts } from '../receiver.ts'
import { hostile, letter, said } from '../sample-letter.ts'
import { sampleMessages } from '../samples.ts'

const samples = sampleMessages(['en', 'fa', 'zh-Hant'])

test.each(chats)('%s takes every kind of letter in every script', async (kind) => {
  const { send, shown } = await chat(kind)
  for (const { name, locale, letter: one } of samples) {
    expect(await send(one)).toEqual({ became: 'accepted', code: '200' })
    expectWithin(kind, shown(), `${name} ${locale}`)
    // What can be done stands in it, unharmed.
    if (one.button) expect(JSON.stringify(shown()), `${name} ${locale}`).toContain(one.button.url)
  }
})

/** Where Slack reads no marks. */
const plainText = /^blocks\.0\.text|elements\.\d+\.text\.text$/

const calls = [
  '@everyone @here @all @channel',
  '<!channel> <!here> <@U024BE7LH> <#C024BE7LR|town> <@&123>',
  '<users/all> <at>Ada</at>',
]
const bait = '[Sign in](https://evil.example) ![x](https://evil.example/p.png) **bold** _it_ ~s~ `code`'

test.each(
  chats.flatMap((kind) => [...hostile, ...calls, bait].map((text) => [kind, text.slice(0, 40), text] as const)),
)('%s shows what strangers write, calls nobody and stays within its limits: %j', async (kind, _beginning, text) => {
  const { send, shown } = await chat(kind)
  const affected = Array.from({ length: 60 }, () => ({ name: text, status: 'major_outage', says: text }) as const)
  const words = said(text.repeat(20)).words
  const whole = { heading: text, subject: text, label: text, promise: text, why: text, affectedTitle: text, affected }
  expect(await send({ ...whole, words: [...words, ...words] })).toMatchObject({ became: 'accepted' })
  const message = shown()
  expectWithin(kind, message, text)
  for (const [where, shownText] of textsOf(message)) {
    if (kind === 'slack' && !plainText.test(where)) expect(shownText, where).not.toMatch(/<[!@#]/)
    if (kind === 'mattermost' && !where.endsWith('title'))
      expect(shownText, where).not.toMatch(/@(?:all|here|channel|everyone)|<!/)
    if (kind === 'google-chat' && where.includes('textParagraph')) {
      expect(
        [...new Set(shownText.match(/<\/?[a-z]+/g))].filter((tag) => !/^<\/?(?:b|i|s|a|br|font)$/.test(tag)),
      ).toEqual([])
    }
  }
  if (kind === 'discord') expect(message).toMatchObject({ allowed_mentions: { parse: [] } })
  if (kind === 'teams') expect(JSON.stringify(message)).not.toMatch(/"entities"|"TextBlock"/)
  expect(JSON.stringify(message)).toContain('https://status.example/incidents/inc1')
})

const markdown =
  '## Cause\n\nA **bad *deploy*** of `search-7` & more, [see](https://status.example/a?b=(c)).\n\n1. one\n2. two\n   - deep\n\n> quoted\n\n```\nlet a = "<b>"\n```'

const dialects: Readonly<Record<Chat, readonly string[]>> = {
  slack: [
    '*Cause*',
    'A *bad _deploy_* of `search-7` &amp; more, <https://status.example/a?b=(c)|see>.',
    '1. one\n2. two\n  • deep',
    '> quoted',
    '```\nlet a = "&lt;b&gt;"\n```',
  ],
  discord: [
    '**Cause**',
    'A **bad *deploy*** of `search-7` & more, [see](https://status.example/a?b=%28c%29).',
    '1. one\n2. two\n  - deep',
    '> quoted',
    '```\nlet a = "<b>"\n```',
  ],
  mattermost: [
    '**Cause**',
    'A **bad *deploy*** of `search-7` &amp; more, [see](https://status.example/a?b=%28c%29).',
    '> quoted',
  ],
  'google-chat': [
    '<b>Cause</b>',
    'A <b>bad <i>deploy</i></b> of “search-7” &amp; more, <a href="https://status.example/a?b=(c)">see</a>.',
    'let a = &quot;&lt;b&gt;&quot;',
  ],
  ntfy: ['Cause', 'A bad deploy of search-7 & more, see (https://status.example/a?b=(c)).', '• deep', 'let a = "<b>"'],
  teams: ['Cause', 'bad ', 'deploy', 'search-7', 'let a = "<b>"'],
}

test.each(chats)('%s writes Markdown in its own dialect', async (kind) => {
  const { send, shown } = await chat(kind)
  await send(said(markdown))
  const texts = textsOf(shown())
    .map(([, text]) => text)
    .join('\n')
    .replaceAll('<br>', '\n')
  for (const piece of dialects[kind]) expect(texts).toContain(piece)
})

test('Teams gets runs of text with their marks, which read no Markdown', async () => {
  const { send, shown } = await chat('teams')
  await send(said(markdown))
  const [{ content }] = (shown() as { attachments: [{ content: { body: { inlines?: object[] }[] } }] }).attachments
  const runs = content.body.flatMap(({ inlines = [] }) => inlines)
  expect(runs).toContainEqual({ type: 'TextRun', text: 'deploy', weight: 'Bolder', italic: true })
  expect(runs).toContainEqual({
    type: 'TextRun',
    text: 'see',
    selectAction: { type: 'Action.OpenUrl', url: 'https://status.example/a?b=(c)' },
  })
})

test.each(chats)('%s: a long text is cut between characters, and the newest word is kept', async (kind) => {
  const { send, shown } = await chat(kind)
  const [word] = letter().words
  const words = [
    { ...word!, label: 'Earlier', body: `Old ${'👩‍👩‍👧‍👦'.repeat(3000)}` },
    { ...word!, label: 'Now', body: `Newest ${'👩‍👩‍👧‍👦'.repeat(3000)}` },
  ]
  await send({ words })
  const text = textsOf(shown())
    .map(([, one]) => one)
    .join('\n')
  expect(text).toMatch(/Newest (?:👩‍👩‍👧‍👦)+…/u)
  expect(text).not.toMatch(/(?<!👩‍👩‍👧‍👦|Newest |Old )…/u)
  expectWithin(kind, shown(), 'long')
})

test.each(chats)('%s: the state is a shape and a word, not a colour alone', async (kind) => {
  const { send, shown } = await chat(kind)
  await send({
    tone: 'major_outage',
    label: 'Incident · Identified',
    affected: [{ name: 'Search', status: 'operational', says: 'Operational' }],
  })
  const text = JSON.stringify(shown())
  expect(text).toMatch(/🛑|octagonal_sign/)
  expect(text).toContain('✅ Search · Operational')
})

test.each(chats)('%s: Persian is marked where the direction is looked for', async (kind) => {
  const { send, shown } = await chat(kind)
  await send({ locale: 'fa', dir: 'rtl', ...said('API کند است.'), why: 'خودتان خواسته‌اید.' })
  const texts = textsOf(shown()).map(([, text]) => text)
  expect(texts.some((text) => text.includes('\u200fAPI کند') || text.startsWith('\u200fAPI کند'))).toBe(true)
  if (kind === 'teams') expect(JSON.stringify(shown())).toContain('"rtl":true')
})

test('a conversation is one thread at Google Chat, and its address keeps what it had', async () => {
  const { received, send, shown } = await chat('google-chat')
  await send()
  expect(shown()).toMatchObject({ thread: { threadKey: 'incident:inc1' } })
  const server = await receiver()
  const channel = await channelOf('google-chat')
  await channel.send(letter(), { url: `${server.url}/v1/spaces/A/messages?key=k&token=t` }, sendingParts({}))
  expect(server.received[0]?.path).toBe(
    '/v1/spaces/A/messages?key=k&token=t&messageReplyOption=REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD',
  )
  expect(received).toHaveLength(1)
})

test('Discord is asked to say whether it took it, in the thread that its address names', async () => {
  const { send, received } = await chat('discord')
  await send({ urgency: 'low' })
  expect(received[0]?.path).toBe('/topic?wait=true')
  const server = await receiver()
  const channel = await channelOf('discord')
  await channel.send(letter(), { url: `${server.url}/api/webhooks/1/x?thread_id=5` }, sendingParts({}))
  expect(server.received[0]?.path).toBe('/api/webhooks/1/x?thread_id=5&wait=true')
})

test('ntfy is told the topic, how loud, and who we are where it asks', async () => {
  const { send, received, shown } = await chat('ntfy', { token: 'tk_secret' })
  await send({ urgency: 'critical', tone: 'major_outage' })
  expect(received[0]).toMatchObject({ path: '/', headers: { authorization: 'Bearer tk_secret' } })
  expect(shown()).toMatchObject({
    topic: 'topic',
    title: 'Search is slow',
    priority: 5,
    tags: ['octagonal_sign'],
    click: 'https://status.example/incidents/inc1',
    actions: [
      { action: 'view', label: 'See it on the page', url: 'https://status.example/incidents/inc1' },
      { action: 'view', label: 'Change' },
      { action: 'view', label: 'Unsubscribe' },
    ],
  })
})

test('an ntfy address may say itself who we are', async () => {
  const server = await receiver()
  const channel = await channelOf('ntfy')
  await channel.send(letter(), { url: `${server.url}/northwind?auth=QmVhcmVy` }, sendingParts({}))
  expect(server.received[0]?.path).toBe('/?auth=QmVhcmVy')
})

test('an ntfy address without a topic is none', async () => {
  const channel = await channelOf('ntfy')
  expect(await channel.send(letter(), { url: 'https://ntfy.sh/' }, sendingParts({}))).toMatchObject({
    became: 'never',
    reason: 'no such address',
  })
})

test.each(chats)('%s: an address that is gone is gone, and who is busy is asked later', async (kind) => {
  const { send, answers, received } = await chat(kind)
  answers(429, { headers: { 'retry-after': '3' } })
  expect(await send()).toMatchObject({ became: 'later', reason: 'too many at once', retryAfterSeconds: 3 })
  answers(500)
  expect(await send()).toMatchObject({ became: 'later', reason: 'receiver failed' })
  answers(410)
  expect(await send()).toMatchObject({ became: 'never', ends: 'gone' })
  answers(404)
  expect(await send()).toMatchObject(kind === 'ntfy' ? { became: 'later' } : { became: 'never', ends: 'gone' })
  answers(302, { headers: { location: '/elsewhere' } })
  const before = received.length
  expect(await send()).toMatchObject({ became: 'later', code: '302' })
  expect(received).toHaveLength(before + 1)
})

test('the older addresses of Teams say 200 to what they did not deliver', async () => {
  const { send, answers } = await chat('teams')
  answers(200, { body: 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429' })
  expect(await send()).toMatchObject({ became: 'later', reason: 'too many at once' })
  answers(202)
  expect(await send()).toMatchObject({ became: 'accepted' })
})
