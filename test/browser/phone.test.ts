import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createComponent } from '../../src/domain/components/commands.ts'
import { createGroup } from '../../src/domain/components/groups.ts'
import { publishNotice } from '../../src/domain/notices/commands.ts'
import { northwind } from '../web/northwind.ts'
import { axeFinds, readyForAxe } from './axe.ts'
import { launchChromium } from './chromium.ts'
import { hardToTouch } from './touch.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())

/** One address of every kind of page, on a site that has something to show on each. */
async function everyKind() {
  const here = await northwind({ CANDOR_SMTP_URL: 'smtp://127.0.0.1:1', CANDOR_MAIL_FROM: 'status@northwind.example' })
  for (const [instanceKey, environment] of [
    ['EU7', 'production'],
    ['NA3', 'production'],
    ['NA4', 'sandbox'],
  ] as const) {
    const location = instanceKey.slice(0, 2)
    const groupId = await here.does((it) => createGroup(it, { name: instanceKey, instanceKey, location, environment }))
    for (const name of ['Search', 'Reports and what is made of them']) {
      await here.does((it) => createComponent(it, { name, groupId }))
    }
  }
  const notice = await here.does((it) => publishNotice(it, { name: 'New terms', body: 'From January on.' }))
  const { app, publication } = await here.app()
  await publication.refresh()
  const over = await here.db
    .selectFrom('incidents')
    .select('id')
    .where('name', '=', 'Search is slow')
    .executeTakeFirstOrThrow()
  const open = await here.db
    .selectFrom('incidents')
    .select('id')
    .where('name', '=', 'Cards are declined')
    .executeTakeFirstOrThrow()
  const work = await here.db.selectFrom('maintenances').select('id').limit(1).executeTakeFirstOrThrow()
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    base: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    paths: [
      '/',
      '/history',
      '/history/2026-10',
      '/history/search?q=slow',
      `/incidents/${over.id}`,
      `/incidents/${open.id}`,
      '/maintenances',
      `/maintenances/${work.id}`,
      `/notices/${notice}`,
      '/components/search',
      '/components/search/2026-10-29',
      '/instances',
      '/instances/EU7',
      '/find?q=a',
      '/record',
      '/record/2026-10',
      '/ledger',
      '/ledger/verify',
      '/embed',
      '/api',
      '/report',
      '/reported',
      '/subscribe',
      '/subscribe/components/search',
      '/subscribe/sent/email',
      '/nowhere',
    ],
  }
}

test('on paper everything is unfolded, nothing leads elsewhere, and no line is cut off', async () => {
  const { base, paths } = await everyKind()
  // What is left of a sheet of A4 within its margins.
  const context = await browser.newContext({ viewport: { width: 672, height: 1000 }, timezoneId: 'Europe/Paris' })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  const found: string[] = []
  for (const path of paths) {
    await page.goto(`${base}/fr${path}`)
    // Script brings what copies links and changes zones.
    await page.locator('html.on').waitFor({ state: 'attached' })
    const wrong = await page.evaluate<string[]>(`{
      const isSeen = (it) => it.checkVisibility({ visibilityProperty: true })
      const named = (what) => (it) => what + it.textContent.trim().slice(0, 40)
      const all = (selector) => [...document.querySelectorAll(selector)]
      const beyond = document.documentElement.scrollWidth - innerWidth
      ;[
        ...all('nav, header details, .copy, footer a, footer button, .more').filter(isSeen).map(named('leads elsewhere: ')),
        ...all('main details > :not(summary)').filter((it) => isSeen(it.parentElement) && !isSeen(it)).map(named('folded: ')),
        ...all('main *').filter((it) => ['auto', 'scroll', 'hidden'].includes(getComputedStyle(it).overflowX) &&
          it.matches('section, pre') && (it.scrollWidth > it.clientWidth || it.scrollHeight > it.clientHeight)).map(named('cut off: ')),
        ...(beyond > 0 ? [beyond + ' too wide'] : []),
        ...(getComputedStyle(document.body).color === 'rgb(0, 0, 0)' ? [] : ['not black']),
      ]
    }`)
    found.push(...wrong.map((one) => `${path}: ${one}`))
  }
  expect(found).toEqual([])
})

// The longest words, the narrowest, and those that run the other way.
test.each(['fr', 'zh-Hant', 'fa'])(
  'on a phone axe finds nothing on any page in %s, none is wider than the screen, and all that is touched is 44 pixels high and wide',
  async (locale) => {
    const { base, paths } = await everyKind()
    const context = await browser.newContext({
      viewport: { width: 360, height: 800 },
      hasTouch: true,
      isMobile: true,
      timezoneId: 'America/New_York',
    })
    onTestFinished(() => context.close())
    const page = await context.newPage()
    const found: string[] = []
    for (const path of paths) {
      await page.goto(`${base}/${locale}${path}`)
      found.push(...(await hardToTouch(page)).map((one) => `${path}: ${one}`))
      const beyond = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
      if (beyond !== 0) found.push(`${path} is ${beyond} wider than the screen`)
      await page.evaluate(readyForAxe)
      found.push(...(await axeFinds(page)).map((one) => `${path}: ${one}`))
      // Of all that axe looks at, a scheme changes the colours, which are the same in every language.
      if (locale !== 'fa') continue
      await page.emulateMedia({ colorScheme: 'dark' })
      found.push(...(await axeFinds(page, ['color-contrast'])).map((one) => `${path} in the dark: ${one}`))
      await page.emulateMedia({ colorScheme: 'light' })
    }
    expect(found).toEqual([])
  },
)
