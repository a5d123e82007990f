import type { FastifyInstance } from 'fastify'
import type { AddressInfo } from 'node:net'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { world } from '../world.ts'
import { northwind } from '../web/northwind.ts'
import { launchChromium } from './chromium.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

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
  '/history/2026-10',
  '/incidents/:id',
  '/maintenances',
  '/maintenances/:maintenance',
  '/components/search',
  '/components/search/2026-10-29',
  '/nowhere',
]
const looks = (['en', 'fa'] as const).flatMap((locale) =>
  (['light', 'dark'] as const).map((scheme) => ({ locale, scheme })),
)

test.each(looks)('axe finds nothing on any page in $locale, $scheme', async ({ locale, scheme }) => {
  const { base, incident, maintenance } = await served()
  const prefix = locale === 'en' ? '' : `/${locale}`
  const { page, wrong } = await open('about:blank', { scheme, width: 390 })
  for (const path of paths) {
    await page.goto(base + prefix + path.replace(':id', incident).replace(':maintenance', maintenance))
    await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    await page.evaluate(axe)
    // A scheme changes colours only: the rest was found, or not, in the light.
    expect(await findings(page, scheme === 'light' ? '' : "{ runOnly: ['color-contrast'] }"), path).toEqual([])
    expect(wrong.filter((text) => !text.includes('404'))).toEqual([])
  }
})

test('axe finds nothing on a page that nobody has set up yet', async () => {
  const { app } = await (await world()).app()
  const { page } = await open(await listening(app))
  await page.evaluate(axe)
  expect(await page.locator('h1').textContent()).not.toBe('')
  expect(await findings(page, '')).toEqual([])
})

async function findings(page: Page, rules: string): Promise<string[]> {
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${rules})`)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

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

test('without script the page says the same', async () => {
  const { base } = await served()
  const [withScript, without] = [await open(`${base}/`), await open(`${base}/`, { script: 'off' })]
  await withScript.page.evaluate("document.querySelectorAll('.near').forEach((one) => one.remove())")
  const text = (page: Page) => page.locator('main').textContent()
  expect(await text(without.page)).toBe(await text(withScript.page))
  expect(without.wrong).toEqual([])
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

test('the page itself says that a promise is late, before anyone does', async () => {
  const { base } = await served()
  const { page } = await open('about:blank')
  // The world of this test stands still at noon; it is the reader's clock that passes the promise.
  await page.clock.install({ time: new Date('2026-11-21T12:10:00Z') })
  await page.goto(`${base}/`)
  const promise = page.locator('.promise').first()
  await expect.poll(() => promise.locator('.near').textContent()).toBe('in 10 minutes')
  await page.clock.fastForward('30:00')
  await expect.poll(() => promise.locator('span.late').isVisible()).toBe(true)
  expect(await promise.locator('.words').isVisible()).toBe(false)
})
