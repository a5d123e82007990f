import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { noteTelegramBot } from '../../../src/domain/subscribers/bots.ts'
import { startInChat } from '../../../src/domain/subscribers/chats.ts'
import { leave } from '../../../src/domain/subscribers/leaving.ts'
import { subscriberByAddress } from '../../../src/domain/subscribers/queries.ts'
import { answerAsks } from '../../../src/domain/subscribers/signing-up.ts'
import { ada } from '../../domain/desk.ts'
import { readers } from '../../domain/subscribers/readers.ts'
import { setUpSite } from '../../../src/domain/site/commands.ts'
import { type World, world } from '../../world.ts'

const cy = 'cy@example.org'
const mail = { CANDOR_SMTP_URL: 'smtp://127.0.0.1:1', CANDOR_MAIL_FROM: 'Status <status@status.example>' }
const chosen = 'kind=incident&severityFrom=none&extent=every&zone=UTC&locale=en'

async function page(more: Readonly<Record<string, string>> = {}) {
  const it = await world({ ...mail, ...more })
  const statements = statementsOf(it)
  await it.change(ada, (change) => setUpSite(change, { name: 'Northwind', zone: 'UTC', locale: 'en' }))
  const { app, publication } = await it.app()
  await publication.catchUp()
  const send = (body: string, { path = '/subscribe', from = '203.0.113.7', site = 'same-origin' } = {}) =>
    app.inject({
      method: 'POST',
      url: path,
      remoteAddress: from,
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': site },
      payload: body,
    })
  return { it, ...it, ...readers(it), app, publication, send, statements }
}

test('whoever signs up is asked by a letter, and stands in the language and zone that they read in', async () => {
  const { it, send, found, letters } = await page()
  const answer = await send(`email=${cy}&${chosen.replace('locale=en', 'locale=fa')}`, { path: '/fa/subscribe' })
  expect([answer.statusCode, answer.headers['location']]).toEqual([
    303,
    'http://status.example/fa/subscribe/sent/email',
  ])
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.headers['set-cookie']).toBeUndefined()
  await answerAsks(it)
  expect(await found(cy)).toMatchObject({ locale: 'fa', zone: 'UTC', kinds: ['incident'], confirmedAt: null })
  expect(await letters(cy)).toEqual(['confirm'])
})

test('the page needs no script, and every page leads to it', async () => {
  const { app } = await page()
  for (const locale of locales) {
    const prefix = locale === 'en' ? '' : `/${locale}`
    const { text, status } = await supertest(app.server).get(`${prefix}/subscribe`)
    expect(status).toBe(200)
    expect(text).toContain(`action="http://status.example${prefix}/subscribe"`)
    expect(text).toContain(`href="${prefix}/subscribe"`)
  }
})

test('text messages tell only of begin and end, unless every update is asked for beside the number', async () => {
  const { it, send } = await page({ CANDOR_SMS_URL: 'https://sms.example/send' })
  const number = '%2B351912345678'
  expect((await send(`channel=sms&number=12&${chosen}`)).body).toMatch(/value="ends" selected/)
  const asked = async (more: string) => {
    expect((await send(`channel=sms&number=${number}&${chosen}${more}`)).statusCode).toBe(303)
    await answerAsks(it)
    const { extent } = (await subscriberByAddress(it, 'sms', { number: '+351912345678' })) ?? {}
    return extent
  }
  expect(await asked('')).toBe('ends')
  await it.db.deleteFrom('subscribers').execute()
  expect(await asked('&textExtent=every')).toBe('every')
})

test('whoever comes from a system or an incident finds the feeds of just that', async () => {
  const { app, publication, change } = await page()
  const search = await change(ada, (one) => createComponent(one, { name: 'Search' }))
  const components = [{ id: search, status: 'partial_outage' as const }]
  const incident = await change(ada, (one) =>
    openIncident(one, { name: 'Search fails', stage: 'investigating', body: 'We look.', components }),
  )
  await publication.catchUp()
  const feeds = async (path: string) => {
    const { text } = await supertest(app.server).get(`/subscribe${path}`)
    const [list = ''] = /<ul class="links">.*?<\/ul>/.exec(text) ?? []
    return [...list.matchAll(/href="([^"]+)"/g)].map(([, href]) => href)
  }
  for (const path of ['', '/components/search', `/incidents/${incident}`]) {
    const files = ['history.atom', 'history.rss', 'feed.json', 'calendar.ics']
    expect(await feeds(path)).toEqual(files.map((file) => `${path}/${file}`))
    for (const href of await feeds(path)) expect((await supertest(app.server).get(href ?? '')).status).toBe(200)
  }
})

describe('who is known', () => {
  /** Everything that can be seen from outside but the date. */
  const seen = ({ statusCode, body, headers }: Awaited<ReturnType<Awaited<ReturnType<typeof page>>['send']>>) => {
    const { date: _date, ratelimit: _left, ...rest } = headers
    return JSON.stringify([statusCode, body, rest])
  }

  test('is told by no byte of an answer, and by no work before it', async () => {
    const { it, send, ask, subscribes, link, statements } = await page()
    await ask('unconfirmed@example.org')
    await subscribes('known@example.org')
    await subscribes('left@example.org')
    await leave(it, await link('left@example.org', 'leave'))
    for (let times = 0; times < 4; times += 1) await ask('often@example.org')
    const kinds = ['nobody', 'unconfirmed', 'known', 'left', 'often']
    const answers: string[] = []
    const work: string[] = []
    for (const kind of kinds) {
      statements.length = 0
      answers.push(seen(await send(`email=${kind}@example.org&${chosen}`)).replaceAll(kind, ''))
      work.push(statements.join('\n'))
    }
    expect(new Set(answers).size).toBe(1)
    expect(new Set(work).size).toBe(1)
    expect(work[0]).toContain(it.database.file ? 'insert into "subscriber_asks"' : '')
    expect(work[0]).not.toMatch(/from "subscribers"|suppressions/)
  })

  test('is not told by the page that comes after', async () => {
    const { app } = await page()
    const one = await supertest(app.server).get('/subscribe/sent/email')
    expect(one.text).toContain('Look in your inbox')
    expect(one.headers['cache-control']).toContain('public')
    expect((await supertest(app.server).get('/subscribe/sent/pigeon')).status).toBe(404)
  })
})

describe('a form that cannot be read', () => {
  test.each([
    ['email=cy', 'Write one e-mail address'],
    ['email=cy@example.org,dee@example.org', 'Write one e-mail address'],
    ['email=cy@example.org%0d%0aBcc:dee@example.org', 'Write one e-mail address'],
    ['channel=slack&slack=https://example.org/x', 'Write an address that begins with https://'],
    ['channel=pigeon', 'Choose one of these ways'],
    ['channel=web-push&web-push=x', 'Choose one of these ways'],
    ['email=cy@example.org&scope=chosen', 'Choose at least one system'],
    ['email=cy@example.org&quietFrom=22:00', 'Write both times'],
  ])('%s: says so beside the field, and nothing is lost', async (body, words) => {
    const { send, db } = await page()
    const { statusCode, body: html, headers } = await send(`${body}&${chosen}`)
    expect(statusCode).toBe(422)
    expect(html).toContain(words)
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' })
    const [, address = ''] = /email=([^&%,]*)/.exec(body) ?? []
    expect(html).toContain(`value="${address}`)
    expect(await db.selectFrom('subscriber_asks').selectAll().execute()).toEqual([])
  })

  test('what is typed can do no harm on the page', async () => {
    const { send } = await page()
    const { body } = await send(`email=${encodeURIComponent('"><script>alert(1)</script>')}&${chosen}`)
    expect(body).not.toContain('<script>alert')
  })
})

describe('abuse', () => {
  test('programs that fill whatever there is are thanked, and nothing comes of it', async () => {
    const { send, db } = await page()
    const answer = await send(`email=${cy}&empty=x&${chosen}`)
    expect([answer.statusCode, answer.headers['location']]).toEqual([303, 'http://status.example/subscribe/sent/email'])
    expect(await db.selectFrom('subscriber_asks').selectAll().execute()).toEqual([])
  })

  test('a network waits after thirty in an hour, and no other does', async () => {
    const { send } = await page()
    for (let count = 0; count < 30; count += 1)
      expect((await send(`email=a${count}@example.org&${chosen}`)).statusCode).toBe(303)
    const over = await send(`email=${cy}&${chosen}`)
    expect(over.statusCode).toBe(429)
    expect(Number(over.headers['retry-after'])).toBeGreaterThan(0)
    expect((await send(`email=${cy}&${chosen}`, { from: '203.0.113.8' })).statusCode).toBe(303)
  })

  test('the addresses of one customer count as one network', async () => {
    const { send } = await page()
    const from = (count: number): string => `2001:db8::${count.toString(16)}`
    for (let count = 1; count <= 30; count += 1) await send(`email=${cy}&${chosen}`, { from: from(count) })
    expect((await send(`email=${cy}&${chosen}`, { from: from(31) })).statusCode).toBe(429)
    expect((await send(`email=${cy}&${chosen}`, { from: '2001:db8:0:1::1' })).statusCode).toBe(303)
  })

  test('a form that another site sends leads to ours', async () => {
    const { send, db } = await page()
    const answer = await send(`email=${cy}&${chosen}`, { site: 'cross-site' })
    expect([answer.statusCode, answer.headers['location']]).toEqual([303, 'http://status.example/subscribe'])
    expect(await db.selectFrom('subscriber_asks').selectAll().execute()).toEqual([])
  })
})

/** What SQLite is asked from now on; of PostgreSQL the answers alone are compared. */
function statementsOf({ database: { file } }: World): string[] {
  const statements: string[] = []
  if (!file) return statements
  const prepare = file.prepare.bind(file)
  file.prepare = ((sql: string) =>
    new Proxy(prepare(sql), {
      get(statement, name) {
        if (name === 'all' || name === 'run') statements.push(sql)
        const value: unknown = Reflect.get(statement, name)
        return typeof value === 'function' ? (value.bind(statement) as unknown) : value
      },
    })) as typeof file.prepare
  return statements
}

describe('in Telegram', () => {
  const bot = 'northwind_status_bot'
  const settings = { CANDOR_TELEGRAM_TOKEN: `123456:${'A'.repeat(35)}` }

  test('somebody is led to the bot with a code of their own, which binds the chat to what they chose', async () => {
    const { it, db, send, publication } = await page(settings)
    await noteTelegramBot(db, bot)
    await publication.refresh()
    const answer = await send(`channel=telegram&${chosen.replace('extent=every', 'extent=ends')}`, {
      path: '/fa/subscribe',
    })
    expect([answer.statusCode, answer.headers['cache-control']]).toEqual([200, 'no-store'])
    expect(answer.headers['x-robots-tag']).toBe('noindex')
    const [, code = ''] = new RegExp(`https://t\\.me/${bot}\\?start=(\\w+)`).exec(answer.body) ?? []
    expect(answer.body).toContain(`/start ${code}`)
    expect(await startInChat(it, { chat: '42', code })).toMatchObject({ became: 'started', locale: 'en' })
    expect(await subscriberByAddress(it, 'telegram', { chat: '42' })).toMatchObject({ extent: 'ends' })
  })

  test('it is there only while a bot hears those who write to it', async () => {
    const { app, db, publication, send } = await page(settings)
    const shown = async () => (await supertest(app.server).get('/subscribe')).text.includes('value="telegram"')
    expect(await shown()).toBe(false)
    expect((await send(`channel=telegram&${chosen}`)).statusCode).toBe(422)
    await noteTelegramBot(db, bot)
    await publication.refresh()
    expect(await shown()).toBe(true)
    await noteTelegramBot(db, null)
    await publication.refresh()
    expect(await shown()).toBe(false)
  })

  test('without a token nobody is offered it, whatever was known of a bot before', async () => {
    const { app, db, publication } = await page()
    await noteTelegramBot(db, bot)
    await publication.refresh()
    expect((await supertest(app.server).get('/subscribe')).text).not.toContain('value="telegram"')
  })

  test('programs that fill whatever there is get no code', async () => {
    const { db, send, publication } = await page(settings)
    await noteTelegramBot(db, bot)
    await publication.refresh()
    expect((await send(`channel=telegram&empty=x&${chosen}`)).statusCode).toBe(303)
    expect(await db.selectFrom('subscriber_codes').select('at').execute()).toEqual([])
  })
})
