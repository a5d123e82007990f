import { expect, onTestFinished, test } from 'vitest'
import { createLease } from '../../../src/database/lease.ts'
import { setUpSite } from '../../../src/domain/site/commands.ts'
import { addSubscribers } from '../../../src/domain/subscribers/adding.ts'
import { telegramBot } from '../../../src/domain/subscribers/bots.ts'
import { codeForChat } from '../../../src/domain/subscribers/chats.ts'
import { usualWishes } from '../../../src/domain/subscribers/input.ts'
import { subscriberByAddress } from '../../../src/domain/subscribers/queries.ts'
import { suppressAddress } from '../../../src/domain/subscribers/suppressions.ts'
import type { Wishes } from '../../../src/domain/subscribers/subscriber.ts'
import { startTelegramBot } from '../../../src/outbound/telegram/bot.ts'
import { botApi } from '../../../src/outbound/telegram/bot-api.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { ada } from '../../domain/desk.ts'
import { sendingParts } from '../notify/receiver.ts'
import { until } from '../probing/live.ts'
import { world } from '../../world.ts'
import { botServer, token } from './bot-server.ts'

const ends: Wishes = { ...usualWishes({ locale: 'en', zone: 'Europe/Lisbon' }), extent: 'ends' }

const group = (at: Instant) =>
  ({ channel: 'telegram', target: { chat: '-100' }, wishes: ends, consentedAt: at }) as const

async function withBot({ isStarted = true, known = token } = {}) {
  const it = await world()
  await it.change(ada, (change) => setUpSite(change, { name: 'Northwind', zone: 'UTC', locale: 'en' }))
  const server = await botServer()
  const api = botApi(sendingParts({}).egress, { api: server.url, token: known })
  const told: (string | null)[] = []
  const start = (holder = 'here 1 one') => {
    const onBot = async () => told.push(await telegramBot(it.db))
    const lease = createLease({ ...it, holder }, 'telegram')
    const bot = startTelegramBot({ ...it, api, lease, onBot, pauseMs: 5 })
    onTestFinished(() => bot.stop())
    return bot
  }
  const bot = isStarted ? start() : null
  if (isStarted && known === token) await until('the bot listens', server.isListenedTo)
  return {
    ...it,
    server,
    bot,
    start,
    told,
    code: (wishes: Wishes = ends) => codeForChat(it, wishes),
    known: (chat: number) => subscriberByAddress(it, 'telegram', { chat: String(chat) }),
    /** The next answer of the bot. */
    async answer(say: () => unknown) {
      const before = server.sent.length
      await say()
      await until('the bot answers', () => server.sent.length > before)
      return server.sent.at(-1)
    },
  }
}

test('whoever chose on the page and starts the bot is told in that chat, of what they chose', async () => {
  const { server, answer, known, code, clock } = await withBot()
  const start = `/start ${await code()}`
  const said = await answer(() => server.writes(42, start))
  expect(said?.chat).toBe('42')
  expect(said?.text).toMatch(/^You follow Northwind here from now on\./)
  expect(said?.text).toMatch(/http:\/\/status\.example\/subscriptions\/manage\/\S+/)
  expect(await known(42)).toMatchObject({
    channel: 'telegram',
    extent: 'ends',
    zone: 'Europe/Lisbon',
    consentedAt: clock.now(),
    confirmedAt: clock.now(),
    source: 'form',
  })
})

test('a code is good once, for an hour, and says nothing in the database', async () => {
  const { server, answer, known, code, clock, db } = await withBot()
  const once = await code()
  const rows = JSON.stringify(await db.selectFrom('subscriber_codes').selectAll().execute())
  expect(rows).not.toMatch(new RegExp(`${once}|Lisbon`))
  await answer(() => server.writes(42, `/start ${once}`))
  expect((await answer(() => server.writes(43, `/start ${once}`)))?.text).toMatch(/Nothing is sent here yet/)
  expect(await known(43)).toBeNull()
  const late = await code()
  clock.advance('1h')
  expect((await answer(() => server.writes(43, `/start ${late}`)))?.text).toContain('http://status.example/subscribe')
  expect(await known(43)).toBeNull()
  expect(await db.selectFrom('subscriber_codes').select('at').execute()).toEqual([])
})

test('whoever stops is told nothing more, and nothing is kept; they may come back', async () => {
  const { server, answer, known, code } = await withBot()
  await answer(async () => server.writes(42, `/start ${await code()}`))
  expect((await answer(() => server.writes(42, '/stop')))?.text).toMatch(/^Nothing more is sent here from Northwind/)
  expect(await known(42)).toBeNull()
  expect((await answer(() => server.writes(42, '/stop')))?.text).toMatch(/^Nothing is sent here from Northwind/)
  await answer(async () => server.writes(42, `/start ${await code()}`))
  expect(await known(42)).not.toBeNull()
})

test('a command is the same whether or not a phone began it with a capital', async () => {
  const { server, answer, known, code } = await withBot()
  await answer(async () => server.writes(42, `/Start ${await code()}`))
  expect(await known(42)).not.toBeNull()
  expect((await answer(() => server.writes(42, '/Stop')))?.text).toMatch(/^Nothing more is sent here from Northwind/)
  expect(await known(42)).toBeNull()
})

test('whoever shut the bot out and starts it again is told what they chose before', async () => {
  const { server, answer, known, code, db, clock } = await withBot()
  await answer(async () => server.writes(42, `/start ${await code()}`))
  await db.updateTable('subscribers').set({ disabled_at: clock.now(), disabled_because: 'gone' }).execute()
  expect((await answer(() => server.writes(42, '/start')))?.text).toMatch(/^You follow Northwind/)
  expect(await known(42)).toMatchObject({ extent: 'ends', disabledAt: null })
})

test('the bot answers in the language of the form, else of whoever writes, else of the page', async () => {
  const { server, answer, code } = await withBot()
  const persian = await code({ ...ends, locale: 'fa' })
  expect((await answer(() => server.writes(42, `/start ${persian}`)))?.text).toMatch(/^از این پس/)
  expect((await answer(() => server.writes(42, '/stop')))?.text).toMatch(/^دیگر چیزی/)
  const brazil = await answer(() => server.writes(43, '/start', { language: 'pt-br' }))
  expect(brazil?.text).toContain('http://status.example/pt-BR/subscribe')
  expect((await answer(() => server.writes(44, '/start', { language: 'xx' })))?.text).toMatch(/^Nothing is sent/)
})

test.each(['stop', 'Stop!', 'Unsubscribe', 'ARRÊT', 'parar', '停止', 'پایان'])(
  'whoever writes “%s” without a stroke is told nothing more',
  async (word) => {
    const { server, answer, known, code } = await withBot()
    await answer(async () => server.writes(42, `/start ${await code()}`))
    expect((await answer(() => server.writes(42, word)))?.text).toMatch(/^Nothing more is sent here from Northwind/)
    expect(await known(42)).toBeNull()
  },
)

test('whoever writes anything else hears how it stands, and how to change that', async () => {
  const { server, answer, known, code } = await withBot()
  expect((await answer(() => server.writes(42, 'Hello')))?.text).toMatch(/^Nothing is sent here from Northwind/)
  await answer(async () => server.writes(42, `/start ${await code()}`))
  const said = await answer(() => server.writes(42, '/started'))
  expect(said?.text).toMatch(/^You follow Northwind here/)
  expect(said?.text).toMatch(/\/subscriptions\/manage\/\S+[^]*\/stop/)
  expect(await known(42)).toMatchObject({ extent: 'ends', disabledAt: null })
})

test('whoever is barred is not sent to the page, where choosing would not help', async () => {
  const { server, answer, known, code, change } = await withBot()
  await change(ada, (it) => suppressAddress(it, 'telegram', { chat: '42' }))
  const refused = /^Northwind has decided to send nothing here/
  expect((await answer(async () => server.writes(42, `/start ${await code()}`)))?.text).toMatch(refused)
  expect((await answer(() => server.writes(42, '/start')))?.text).toMatch(refused)
  expect((await answer(() => server.writes(42, 'Hello')))?.text).toMatch(refused)
  expect(await known(42)).toBeNull()
})

test('a bot that is called otherwise from now on is offered by its new name', async () => {
  const { server, answer, clock, db } = await withBot()
  server.isCalled('northwind_news_bot')
  clock.advance('1h')
  await answer(() => server.writes(42, 'Hello'))
  await until('its new name is known', async () => (await telegramBot(db)) === 'northwind_news_bot')
  expect(await telegramBot(db)).toBe('northwind_news_bot')
})

test('in a group nobody begins for all, and everybody may end it; what is not written to us is passed over', async () => {
  const { server, answer, known, code } = await withBot()
  server.writes(-100, `/start ${await code()}`, { type: 'supergroup' })
  server.gives({})
  server.gives({ message: 7 })
  server.gives({ message: { chat: { id: 1e30, type: 'private' }, text: '/start' } })
  server.gives({ message: { chat: { id: 5, type: 'private' }, text: { toString: 'x' } } })
  server.writes(-100, 'Hello', { type: 'group' })
  server.writes(-100, 'stop', { type: 'group' })
  expect((await answer(() => server.writes(-100, '/stop@northwind_status_bot', { type: 'group' })))?.chat).toBe('-100')
  expect(server.sent).toHaveLength(1)
  expect(await known(-100)).toBeNull()
})

test('in a group that talks much, who ends it is heard, and who ends another bot is not meant', async () => {
  const { server, answer, known, clock, change } = await withBot()
  await change(ada, (it) => addSubscribers(it, [group(clock.now())], 'operator'))
  for (let times = 0; times < 30; times += 1) server.writes(-100, 'Hello', { type: 'group' })
  server.writes(-100, '/stop@another_bot', { type: 'group' })
  await until('all was read', () => server.waiting.length === 0)
  expect(await known(-100)).not.toBeNull()
  await answer(() => server.writes(-100, '/stop@Northwind_Status_Bot', { type: 'group' }))
  expect(await known(-100)).toBeNull()
})

test('whoever wrote too much is answered no more for a while, and is heard all the same when they stop', async () => {
  const { server, answer, known, code } = await withBot()
  await answer(async () => server.writes(42, `/start ${await code()}`))
  for (let times = 0; times < 30; times += 1) server.writes(42, 'Hello')
  await until('all was read', () => server.waiting.length === 0)
  const answers = server.sent.length
  expect(answers).toBe(20)
  expect((await answer(() => server.writes(42, '/stop')))?.text).toMatch(/^Nothing more is sent here from Northwind/)
  expect(await known(42)).toBeNull()
  for (let times = 0; times < 5; times += 1) server.writes(42, '/stop')
  await until('all was read', () => server.waiting.length === 0)
  expect(server.sent).toHaveLength(answers + 1)
})

test('messages as long as Telegram lets them be keep nobody else waiting', async () => {
  const { server } = await withBot()
  const entities = Array.from({ length: 100 }, () => ({
    type: 'text_link',
    offset: 0,
    length: 1,
    url: 'x'.repeat(2048),
  }))
  const message = { chat: { id: 41, type: 'private' }, text: 'x'.repeat(4096), entities }
  for (let times = 0; times < 60; times += 1) server.gives({ message: { ...message, reply_to_message: message } })
  server.writes(42, '/start')
  await until('somebody else is answered', () => server.sent.at(-1)?.chat === '42')
  expect(server.sent.filter(({ chat }) => chat === '41').length).toBeLessThan(60)
})

test('the page offers the bot as long as somebody listens, and it is said why nobody does', async () => {
  const { server, bot, told, db } = await withBot()
  expect(told).toEqual(['northwind_status_bot'])
  server.hasWebhook(true)
  server.writes(42, '/start')
  await until('it is not offered', () => told.length === 2)
  expect(await telegramBot(db)).toBeNull()
  expect(bot?.problem()).toMatch(/another program takes the messages/)
  server.hasWebhook(false)
  await until('it is offered again', () => told.length === 3)
  expect(bot?.problem()).toBeNull()
  server.isAway(true)
  server.writes(42, '/start')
  await until('it is not offered', () => told.length === 4)
  expect(bot?.problem()).toBe('Telegram does not answer')
  server.isAway(false)
  await until('what was written meanwhile is answered', () => server.sent.length > 0)
})

test('a token that Telegram does not know offers nothing', async () => {
  const { bot, told, server } = await withBot({ known: `9:${'B'.repeat(35)}` })
  await until('the page does not offer it', () => told.length === 1)
  expect(bot?.problem()).toBe('Telegram does not know the bot of CANDOR_TELEGRAM_TOKEN')
  expect(told).toEqual([null])
  expect(server.calls).not.toContain('getUpdates')
})

test('of two processes one listens, and the other takes over', async () => {
  const { server, start, told } = await withBot({ isStarted: false })
  const first = start('elsewhere 1 one')
  await until('the first listens', server.isListenedTo)
  const second = start('elsewhere 2 two')
  const asked = server.calls.filter((call) => call === 'getMe').length
  server.writes(42, '/start')
  await until('it is answered', () => server.sent.length === 1)
  expect(server.calls.filter((call) => call === 'getMe')).toHaveLength(asked)
  await first.stop()
  await until('the second listens', () => told.length === 2 && server.isListenedTo())
  server.writes(42, '/stop')
  await until('it is answered', () => server.sent.length === 2)
  expect(told).toEqual(['northwind_status_bot', 'northwind_status_bot'])
  expect(second.problem()).toBeNull()
})

test('what was not dealt with comes again, and what cannot be dealt with keeps nobody waiting', async () => {
  const { server, db, answer, code, vault } = await withBot()
  const good = await code()
  const damaged = await code()
  const hash = vault.mark(damaged, 'subscriber code')
  await db.updateTable('subscriber_codes').set({ sealed: 'x' }).where('code_hash', '=', hash).execute()
  server.writes(41, `/start ${damaged}`)
  expect((await answer(() => server.writes(42, `/start ${good}`)))?.chat).toBe('42')
})
