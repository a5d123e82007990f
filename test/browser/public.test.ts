import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createComponent } from '../../src/domain/components/commands.ts'
import { createGroup } from '../../src/domain/components/groups.ts'
import { locales } from '../../src/domain/site/site.ts'
import { world } from '../world.ts'
import { northwind } from '../web/northwind.ts'
import { axeFinds, readyForAxe } from './axe.ts'
import { launchChromium } from './chromium.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())

interface Served {
  readonly base: string
  /** The id of one that is open. */
  readonly incident: string
  readonly maintenance: string
}

/** A page with something of everything, on a port of its own. */
async function served(): Promise<Served> {
  const here = await northwind()
  const { app, publication } = await here.app()
  await publication.refresh()
  const { id } = await here.db
    .selectFrom('incidents')
    .select('id')
    .where('name', '=', 'Cards are declined')
    .executeTakeFirstOrThrow()
  const planned = await here.db.selectFrom('maintenances').select('id').limit(1).executeTakeFirstOrThrow()
  return { base: await listening(app), incident: id, maintenance: planned.id }
}

async function listening(app: FastifyInstance): Promise<string> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
}

interface Look {
  readonly width?: number
  readonly scheme?: 'light' | 'dark'
  readonly script?: 'on' | 'off'
}

/** Opens a page and answers with all that went wrong beside it. */
async function open(
  url: string,
  { width = 1200, scheme = 'light', script = 'on' }: Look = {},
): Promise<{ page: Page; wrong: string[] }> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    javaScriptEnabled: script === 'on',
    // That of the site: with script, others read other times.
    timezoneId: 'America/New_York',
  })
  const page = await context.newPage()
  onTestFinished(() => context.close())
  const wrong: string[] = []
  page.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
  page.on('pageerror', (error) => wrong.push(error.message))
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url())
    if (!origin.startsWith('http://127.0.0.1:') && protocol !== 'data:') wrong.push(`asked ${request.url()}`)
  })
  await page.goto(url)
  return { page, wrong }
}

const paths = [
  '/',
  '/history',
  '/history/2026-10',
  '/incidents/:id',
  '/maintenances',
  '/maintenances/:maintenance',
  '/components/search',
  '/components/search/2026-10-29',
  '/nowhere',
]

// In the other languages every kind of page: `phone.test.ts`.
test.each(['en', 'pt-BR'])('axe finds nothing on any page in %s', async (locale) => {
  const { base, incident, maintenance } = await served()
  const prefix = locale === 'en' ? '' : `/${locale}`
  const { page, wrong } = await open('about:blank', { width: 390 })
  const found: string[] = []
  for (const path of paths) {
    await page.goto(base + prefix + path.replace(':id', incident).replace(':maintenance', maintenance))
    await page.evaluate(readyForAxe)
    found.push(...(await axeFinds(page)).map((finding) => `${path}: ${finding}`))
    // A scheme changes colours only: the rest was found, or not, in the light.
    await page.emulateMedia({ colorScheme: 'dark' })
    found.push(...(await axeFinds(page, ['color-contrast'])).map((finding) => `${path} in the dark: ${finding}`))
    await page.emulateMedia({ colorScheme: 'light' })
    expect(wrong.filter((text) => !text.includes('404'))).toEqual([])
  }
  expect(found).toEqual([])
})

test('axe finds nothing on a page that nobody has set up yet', async () => {
  const { app } = await (await world()).app()
  const { page } = await open(await listening(app))
  expect(await page.locator('h1').textContent()).not.toBe('')
  expect(await axeFinds(page)).toEqual([])
})

test('nothing is wider than the screen, from 320 pixels on', async () => {
  const { base, incident } = await served()
  const { page } = await open('about:blank')
  for (const path of ['/', '/fa/', '/zh-Hant/', '/fr/components/search', `/pt-BR/incidents/${incident}`]) {
    await page.goto(base + path)
    for (const width of [320, 390, 768, 1200]) {
      await page.setViewportSize({ width, height: 900 })
      const beyond = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      expect(beyond, `${path} at ${width}`).toBe(0)
    }
  }
})

test('without script pages say the same', async () => {
  const { base, incident, maintenance } = await served()
  const [withScript, without] = [await open('about:blank'), await open('about:blank', { script: 'off' })]
  const text = (page: Page) => page.locator('main').textContent()
  for (const path of [...paths, '/record', '/record/2026-10', '/ledger', '/embed', '/report', '/api']) {
    const address = base + path.replace(':id', incident).replace(':maintenance', maintenance)
    await withScript.page.goto(address)
    await withScript.page.locator('html.on').waitFor({ state: 'attached' })
    await withScript.page.evaluate("document.querySelectorAll('.near').forEach((one) => one.remove())")
    await without.page.goto(address)
    expect(await text(without.page), path).toBe(await text(withScript.page))
  }
  expect(without.wrong.filter((one) => !one.includes('404'))).toEqual([])
})

test('a narrow screen shows thirty days, a wide one ninety', async () => {
  const { base } = await served()
  for (const [width, days] of [
    [390, 30],
    [1200, 90],
  ] as const) {
    const { page } = await open(`${base}/`, { width })
    expect(await page.locator('.days').first().locator('> :visible').count()).toBe(days)
  }
})

test('services by region fit a wide screen in every language, and keep their heads on a narrow one', async () => {
  const here = await world()
  const places = ['APAC', 'EMEA', 'NA'].flatMap((location) => [
    { location, environment: 'production' },
    { location, environment: 'sandbox' },
  ])
  for (const [index, place] of [...places, {}].entries()) {
    await here.change({ kind: 'setup' }, async (it) => {
      const groupId = await createGroup(it, { name: `K${index}`, instanceKey: `K${index}`, ...place })
      await createComponent(it, { name: 'Community and what is around it', groupId })
    })
  }
  const { app, publication } = await here.app()
  await publication.refresh()
  const base = await listening(app)
  const { page } = await open('about:blank')
  for (const locale of locales) {
    await page.goto(`${base}/${locale}/instances`)
    const beyond = "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('.matrix'))"
    expect(await page.evaluate(beyond), locale).toBe(0)
  }
  await page.setViewportSize({ width: 360, height: 800 })
  const head = page.locator('.matrix tbody th').first()
  const before = (await head.boundingBox())?.x
  await page.evaluate("document.querySelector('.matrix').scrollLeft = 200")
  expect(await page.evaluate("document.querySelector('.matrix').scrollLeft")).toBe(200)
  expect((await head.boundingBox())?.x).toBe(before)
})

test('the address of one call opens what is folded, and shows what it is called', async () => {
  const { base } = await served()
  const { page } = await open(`${base}/api`)
  expect(await page.locator('.call[open]').count()).toBe(0)
  const call = await page.locator('.call > div').nth(9).getAttribute('id')
  await page.goto(`${base}/api#${call}`)
  await page.waitForSelector('.call[open]')
  const opened = page.locator('.call[open]')
  expect(await opened.locator('> div').getAttribute('id')).toBe(call)
  await expect.poll(async () => (await opened.locator('summary').boundingBox())?.y).toBeLessThan(200)
  expect((await opened.locator('summary').boundingBox())?.y).toBeGreaterThanOrEqual(0)
})
