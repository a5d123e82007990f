import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createComponent } from '../../src/domain/components/commands.ts'
import { setUpSite } from '../../src/domain/site/commands.ts'
import type { Locale } from '../../src/domain/site/site.ts'
import { subscriberByAddress } from '../../src/domain/subscribers/queries.ts'
import { answerAsks } from '../../src/domain/subscribers/signing-up.ts'
import { ada } from '../domain/desk.ts'
import { mailServer } from '../outbound/notify/mail-server.ts'
import { deliversDue } from '../outbound/notify/reached.ts'
import { world } from '../world.ts'
import { axeFinds, readyForAxe } from './axe.ts'
import { launchChromium } from './chromium.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())

const cy = 'cy@example.org'

/** A page that takes subscribers, a mail server that takes its letters, and a reader in front of it. */
async function reader(options: BrowserContextOptions = {}) {
  let listener: RequestListener = () => undefined
  const server = createServer((request, response) => listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const post = await mailServer({ encryption: 'none' })
  const here = await world({
    CANDOR_URL: base,
    CANDOR_SMTP_URL: post.url,
    CANDOR_MAIL_FROM: 'Northwind <status@northwind.example>',
    CANDOR_SMS_URL: 'https://sms.example.com/send',
  })
  const name = `Northwind ${'Payments and all around them '.repeat(3)}`
  await here.change(ada, (it) => setUpSite(it, { name, zone: 'Europe/Lisbon', locale: 'en' }))
  for (const one of ['Search', 'Card payments']) await here.change(ada, (it) => createComponent(it, { name: one }))
  const { app, publication } = await here.app()
  await publication.catchUp()
  listener = app.routing
  const context = await browser.newContext({ viewport: { width: 320, height: 700 }, ...options })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const wrong: string[] = []
  page.on(
    'console',
    (message) => message.type() === 'error' && !message.text().includes('422') && wrong.push(message.text()),
  )
  page.on('pageerror', (error) => wrong.push(error.message))
  onTestFinished(() => expect(wrong).toEqual([]))
  return {
    page,
    base,
    found: () => subscriberByAddress(here, 'email', { address: cy }),
    /** The link in the letter that came last. */
    async link(): Promise<string> {
      await answerAsks(here)
      await deliversDue(here)
      const { to, mail } = post.taken.at(-1) ?? { to: [], mail: { text: '' } }
      expect(to).toEqual([cy])
      return /\S+\/subscriptions\/confirm\/\S+/.exec(mail.text ?? '')?.[0] ?? ''
    },
  }
}

const focused = `{
  const one = document.activeElement
  const named = one.labels?.[0] ?? one
  ;[named.textContent.trim(), getComputedStyle(one).outlineStyle]
}`

/** With Tab alone, to what is called so, until it has the focus; where it is can be seen. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let times = 0; times < 60; times += 1) {
    await page.keyboard.press('Tab')
    const [called, outline] = await page.evaluate<[string, string]>(focused)
    if (called !== name) continue
    expect(outline, name).not.toBe('none')
    return
  }
  throw new Error(`Tab does not come to “${name}”.`)
}

async function enter(page: Page): Promise<void> {
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
}

test.each(['on', 'off'] as const)(
  'by keyboard alone somebody signs up, says yes, changes what they follow and erases it all, script %s',
  async (script) => {
    const { page, base, link, found } = await reader({ javaScriptEnabled: script === 'on' })
    await page.goto(`${base}/subscribe`)
    await tabTo(page, 'Your e-mail address')
    await page.keyboard.type('cy')
    await enter(page)
    expect(await page.locator('#fault-email').textContent()).toContain('Write one e-mail address')
    expect(await page.locator('#email').inputValue()).toBe('cy')
    expect(await page.locator(':focus').getAttribute('id')).toBe('email')
    await page.keyboard.press('End')
    await page.keyboard.type('@example.org')
    await enter(page)
    expect(new URL(page.url()).pathname).toBe('/subscribe/sent/email')
    await page.goto(await link())
    await tabTo(page, 'Yes, send me updates')
    expect((await found())?.confirmedAt).toBeNull()
    await enter(page)
    await tabTo(page, 'Change what you hear about')
    await enter(page)
    await tabTo(page, 'Everything, and what is added later')
    await page.keyboard.press('ArrowDown')
    await tabTo(page, 'Search')
    await page.keyboard.press('Space')
    await tabTo(page, 'Save')
    await enter(page)
    expect(await page.locator('.saved').textContent()).toBe('Saved.')
    expect((await found())?.scope).toMatchObject({ everything: 'no', components: [expect.any(String)] })
    await tabTo(page, 'See and erase everything we know about you')
    await enter(page)
    await tabTo(page, 'Erase everything')
    await enter(page)
    expect(await page.locator('h1').textContent()).toContain('Everything is erased')
    expect(await found()).toBeNull()
  },
)

test.each([
  ['en', 'light'],
  ['fa', 'dark'],
] as const)(
  'every page of it is read by everybody and fits a small phone, in %s, %s',
  async (locale: Locale, colorScheme) => {
    const { page, base, link } = await reader({ colorScheme })
    const prefix = locale === 'en' ? '' : `/${locale}`
    const found: string[] = []
    const look = async (path: string): Promise<void> => {
      if (path !== '') await page.goto(base + path)
      await page.evaluate(readyForAxe)
      const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      if (over > 0) found.push(`${path} is ${over} too wide`)
      found.push(...(await axeFinds(page)).map((one) => `${path || page.url()} ${one}`))
    }
    await look(`${prefix}/subscribe/sent/email`)
    await look(`${prefix}/subscribe/components/search`)
    await look(`${prefix}/subscribe`)
    await page.locator('[name=channel][value=sms]').check()
    await page.locator('[name=scope][value=chosen]').check()
    await look('')
    await page.locator('[name=channel][value=email]').check()
    await page.locator('#email').fill(cy)
    await page.locator('[name=scope][value=all]').check()
    await page.locator('.sign-line button').click()
    await page.waitForURL('**/sent/email')
    const confirm = new URL(await link()).pathname
    await look(confirm)
    await page.locator('form[method=post] button.do').click()
    const manage = (await page.locator('a[href*="/subscriptions/manage/"]').getAttribute('href')) ?? ''
    await look('')
    const { pathname } = new URL(manage, base)
    await look(pathname)
    const leave = (await page.locator('form[action*="/leave/"]').getAttribute('action')) ?? ''
    await look(`${pathname}/everything`)
    await look(new URL(leave, base).pathname)
    expect(found).toEqual([])
  },
)

test('a browser that knows no names of zones offers its own by its key, and does all else', async () => {
  const { page, base } = await reader({ timezoneId: 'America/Indiana/Indianapolis' })
  await page.addInitScript(`{
    const { DateTimeFormat } = Intl
    Intl.DateTimeFormat = function (locale, options) {
      if (options?.timeZoneName === 'longGeneric') throw new RangeError('No such option.')
      return new DateTimeFormat(locale, options)
    }
  }`)
  await page.goto(`${base}/subscribe`)
  await page.locator('html.on').waitFor({ state: 'attached' })
  expect(await page.locator('select[data-own] option').first().textContent()).toMatch(/^America\//)
})

test('a place that a browser calls by its old name is offered once', async () => {
  const { page, base } = await reader({ timezoneId: 'Asia/Calcutta' })
  await page.goto(`${base}/subscribe`)
  await page.locator('html.on').waitFor({ state: 'attached' })
  expect(await page.locator('select[data-own]').inputValue()).toBe('Asia/Kolkata')
})
