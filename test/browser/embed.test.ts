import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { setComponentStatus } from '../../src/domain/components/commands.ts'
import { type Northwind, northwind } from '../web/northwind.ts'
import { launchChromium } from './chromium.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())

interface Hosted {
  readonly here: Northwind
  /** Where the status page stands. */
  readonly base: string
  readonly page: Page
  readonly wrong: readonly string[]
}

/** A page of somebody else, on another origin, that allows no more than our documentation asks for. */
async function hosted(markup: string): Promise<Hosted> {
  const here = await northwind()
  const { app } = await here.app()
  await app.listen({ host: '127.0.0.1', port: 0 })
  const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const policy = `default-src 'none'; script-src ${base}; connect-src ${base}; img-src ${base}; require-trusted-types-for 'script'`
  const host = createServer((_, answer) => {
    answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
    answer.end(
      `<!doctype html><html lang="en"><title>Shop</title><h1>Shop</h1>${markup}<script async src="${base}/embed.js"></script>`,
    )
  })
  await new Promise<void>((listening) => host.listen(0, 'localhost', listening))
  onTestFinished(() => void host.close())
  const page = await browser.newPage()
  onTestFinished(() => page.close())
  const wrong: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrong.push(message.text())
  })
  page.on('pageerror', (error) => wrong.push(error.message))
  await page.clock.install({ time: here.clock.now() })
  await page.goto(`http://localhost:${(host.address() as AddressInfo).port}/`)
  return { here, base, page, wrong }
}

test('the element says how things are on a foreign page with a strict policy, in the language it is told', async () => {
  const { page, wrong, base } = await hosted(
    '<candor-status id="en"><a href="https://status.example/">Status</a></candor-status><candor-status id="fa" lang="fa"></candor-status><candor-status id="search" component="search"></candor-status>',
  )
  const [en, fa, search] = ['#en', '#fa', '#search'].map((id) => page.locator(`${id} [part=link]`))
  await expect.poll(() => en?.textContent()).toContain('Card payments')
  await expect.poll(() => search?.textContent()).toBe('Search: Slow or impaired')
  expect(await en?.getAttribute('href')).toBe('http://status.example/')
  expect(await fa?.getAttribute('href')).toBe('http://status.example/fa/')
  const box = page.locator('#fa [part=box]')
  expect([await box.getAttribute('lang'), await box.getAttribute('dir'), await box.getAttribute('role')]).toEqual([
    'fa',
    'rtl',
    'status',
  ])
  // Its style is there although the page allows none, and it is large enough for a finger.
  expect(
    await page.evaluate(`getComputedStyle(document.querySelector('#en').shadowRoot.querySelector('a')).display`),
  ).toBe('flex')
  expect((await en?.boundingBox())?.height).toBeGreaterThanOrEqual(44)
  expect(await page.locator('#en slot').isVisible()).toBe(false)
  expect(wrong).toEqual([])
  expect(base).not.toBe(new URL(page.url()).origin)
})

test('a banner is absent where all works, comes with trouble, and does not ask while nobody looks', async () => {
  const { here, page } = await hosted('<candor-status banner component="help"></candor-status>')
  const banner = page.locator('[part=box]')
  let asked = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/embed.json')) asked++
  })
  await expect.poll(() => page.locator('candor-status').getAttribute('data-tone')).toBe('ok')
  expect(await banner.isVisible()).toBe(false)

  const { publication } = await here.app()
  const help = (await here.readSnapshot()).components.find(({ slug }) => slug === 'help')
  await here.does((it) => setComponentStatus(it, help?.id ?? '', { status: 'major_outage' }))
  await publication.catchUp()
  await hide(page, true)
  const before = asked
  await page.clock.runFor('10:00')
  expect(asked).toBe(before)

  here.clock.advance('10m')
  await publication.refresh()
  await hide(page, false)
  await expect.poll(() => banner.isVisible()).toBe(true)
  expect(await banner.textContent()).toBe('Help: Down')
})

test('what it cannot reach it does not know, and it asks less and less often', async () => {
  const { page } = await hosted('<candor-status></candor-status>')
  await expect.poll(() => page.locator('[part=text]').textContent()).toContain('Card payments')
  let asked = 0
  await page.route('**/embed.json', (route) => {
    asked++
    return route.abort()
  })
  for (let minute = 0; minute < 30; minute++) {
    await page.clock.runFor('01:00')
  }
  await expect.poll(() => page.locator('[part=text]').textContent()).toBe('Status not known')
  expect(await page.locator('candor-status').getAttribute('data-tone')).toBe('unknown')
  expect(asked).toBeLessThan(8)
})

test('every badge is a picture to a browser', async () => {
  const { page, base, wrong } = await hosted('')
  const paths = ['', '/fa', '/zh-Hant'].flatMap((prefix) =>
    [
      '/badge.svg',
      '/components/search/badge.svg',
      '/components/search/uptime.svg',
      '/components/search/latency.svg',
    ].map((path) => base + prefix + path),
  )
  const sizes = await page.evaluate<readonly [number, number][]>(`Promise.all(
    ${JSON.stringify([...paths, `${base}/picture.png`])}.map(async (source) => {
      const image = new Image()
      image.src = source
      await image.decode()
      return [image.naturalWidth, image.naturalHeight]
    }),
  )`)
  expect(sizes.at(-1)).toEqual([1200, 630])
  for (const [width, height] of sizes.slice(0, -1)) {
    expect(width).toBeGreaterThan(60)
    expect(height).toBe(20)
  }
  expect(wrong).toEqual([])
})

test('what an incident page says to programs is let be by its own policy', async () => {
  const { here, base, page, wrong } = await hosted('')
  const [incident] = (await here.readSnapshot()).openIncidents
  await page.goto(`${base}/incidents/${incident?.id}`)
  const data = await page.locator('script[type="application/ld+json"]').textContent()
  expect(JSON.parse(data ?? '')).toMatchObject({ '@type': 'LiveBlogPosting', headline: 'Cards are declined' })
  expect(wrong).toEqual([])
})

/** As if the reader had gone to another tab, or come back. */
async function hide(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate(`Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} })
    document.dispatchEvent(new Event('visibilitychange'))`)
}
