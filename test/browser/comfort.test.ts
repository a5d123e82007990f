import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openIncident, postUpdate } from '../../src/domain/incidents/commands.ts'
import { later } from '../../src/lib/clock.ts'
import { launchChromium } from './chromium.ts'
import { type Reading, reading, soon } from './comfort.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())

const verdict = (page: Page) => page.locator('.verdict h1')
const lost = (page: Page) => page.locator('.lost-touch')
const news = (page: Page) => page.locator('#news')
const icon = (page: Page) => page.locator('link[rel=icon]').getAttribute('href')

function breaks({ does, search }: Reading): Promise<string> {
  return does((it) =>
    openIncident(it, {
      name: 'Search finds nothing',
      stage: 'investigating',
      body: 'Every search comes back empty. We are looking into it.',
      components: [{ id: search, status: 'major_outage' }],
      nextUpdateBy: later(it.now, 600),
    }),
  )
}

/** Long enough for the next time that the page asks. */
const asksAgain = 70

test('a page that is read takes over what is new, and says it to those who listen', async () => {
  const read = await reading(browser)
  const { page, asked } = read
  const [title, before] = [await page.title(), await icon(page)]
  await breaks(read)
  await read.pass(asksAgain)
  await soon(() => verdict(page).textContent()).toContain('Search is down')
  expect(await news(page).textContent()).toMatch(
    /Search is down.*Search finds nothing.*Investigating.*comes back empty/s,
  )
  expect(await page.title()).not.toBe(title)
  expect(await page.title()).toContain('Search is down')
  expect(await icon(page)).not.toBe(before)
  expect(asked.length).toBeGreaterThan(0)
})

test('a page is asked for with the ETag of what is there, and mostly not sent again', async () => {
  const { page, asked, wait } = await reading(browser)
  await wait(16.6)
  await soon(() => asked.map(({ status }) => status)).toEqual([304])
  expect(asked[0]?.ifNoneMatch).toMatch(/^"[\w-]+"$/)
  expect(await lost(page).isVisible()).toBe(false)
})

test('what is read, open, selected or has the focus stays as it is when something comes above it', async () => {
  const read = await reading(browser, '/', { viewport: { width: 1000, height: 400 } })
  const { page } = read
  await page.locator('details.how > summary').click()
  const link = page.locator('.more a').last()
  await link.scrollIntoViewIfNeeded()
  await link.focus()
  await page.evaluate("getSelection().selectAllChildren(document.querySelectorAll('.day')[5])")
  const [top, selected] = [await topOf(link), await page.evaluate('String(getSelection())')]
  expect(await page.evaluate('scrollY')).toBeGreaterThan(300)
  await breaks(read)
  await read.pass(asksAgain)
  await soon(() => verdict(page).textContent()).toContain('Search is down')
  expect(await page.locator('.card', { hasText: 'Search finds nothing' }).count()).toBe(1)
  expect(await topOf(link)).toBeCloseTo(top, 0)
  expect(await page.evaluate('document.activeElement.parentNode.className')).toBe('more')
  expect(await page.evaluate('String(getSelection())')).toBe(selected)
  expect(await page.locator('details.how').getAttribute('open')).not.toBeNull()
})

const topOf = async (place: ReturnType<Page['locator']>): Promise<number> =>
  (await place.boundingBox())?.y ?? Number.NaN

test('who reads at the top sees what comes, and keeps the focus where it was', async () => {
  const read = await reading(browser)
  await read.page.getByRole('link', { name: 'Cards are declined' }).first().focus()
  await breaks(read)
  await read.pass(asksAgain)
  await soon(() => verdict(read.page).textContent()).toContain('Search is down')
  expect(await read.page.evaluate('scrollY')).toBe(0)
  expect(await read.page.locator('.card h3').first().textContent()).toBe('Search finds nothing')
  expect(await read.page.evaluate('document.activeElement.textContent')).toBe('Cards are declined')
})

test('parts of the page come and go around what is read', async () => {
  const read = await reading(browser, '/', { viewport: { width: 1000, height: 400 } })
  const { page, does, db } = read
  const { id } = await db.selectFrom('incidents').select('id').where('name', 'like', 'Cards%').executeTakeFirstOrThrow()
  const link = page.locator('.more a').last()
  await page.locator('details.how > summary').click()
  await link.focus()
  const top = await topOf(link)
  await does((it) => postUpdate(it, id, { stage: 'resolved', body: 'Cards are taken again.' }))
  await read.pass(asksAgain)
  await soon(() => page.locator('.card', { hasText: 'Cards are declined' }).count()).toBe(0)
  await breaks(read)
  await read.pass(asksAgain)
  await soon(() => page.locator('.card', { hasText: 'Search finds nothing' }).count()).toBe(1)
  expect(await topOf(link)).toBeCloseTo(top, 0)
  expect(await page.evaluate('document.activeElement.parentNode.className')).toBe('more')
  expect(await page.locator('details.how').getAttribute('open')).not.toBeNull()
})

test('a tab that nobody looks at asks for nothing, and at once when it is shown', async () => {
  const { page, asked, happens } = await reading(browser)
  await look(page, 'hidden')
  await happens(3600)
  for (let minute = 0; minute < 60; minute++) await page.clock.fastForward(60_000)
  expect(asked).toEqual([])
  // Its icon is all there is to see of it: that is not green any more.
  expect(await page.title()).toBe('State not known · Northwind')
  await look(page, 'visible')
  await soon(() => asked.length).toBe(1)
  await soon(() => page.title()).toContain('Card payments')
  expect(await lost(page).isVisible()).toBe(false)
})

function look(page: Page, state: 'hidden' | 'visible'): Promise<unknown> {
  return page.evaluate(`
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${state === 'hidden'} })
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))`)
}

test('a page asks less often while it is calm, and less and less while nobody answers', async () => {
  const { page, asked, pass, wait, is } = await reading(browser)
  await pass(60)
  const first = asked.length
  for (let minute = 0; minute < 5; minute++) await pass(60)
  expect(first).toBeGreaterThan(1)
  expect(asked.length - first).toBeGreaterThan(3)
  expect(asked.length - first).toBeLessThan(7)
  const failed: string[] = []
  page.on('requestfailed', (request) => failed.push(request.url()))
  is('down')
  await wait(600)
  expect(failed.length).toBeGreaterThan(2)
  expect(failed.length).toBeLessThan(7)
})

test('a page that hears nothing any more says since when, and is not green', async () => {
  const read = await reading(browser)
  const { page, wait, is } = read
  const before = await icon(page)
  is('down')
  await wait(175)
  expect(await lost(page).isVisible()).toBe(false)
  await wait(60)
  await soon(() => lost(page).isVisible()).toBe(true)
  expect(await lost(page).textContent()).toContain('since 21 November 2026 at 07:00')
  expect(await news(page).textContent()).toContain('We have not heard from our own systems')
  expect(await page.title()).toBe('State not known · Northwind')
  expect(await icon(page)).not.toBe(before)
  expect(await greenOf(page)).toEqual([])
  is('up')
  await read.happens(240)
  await page.evaluate("dispatchEvent(new Event('online'))")
  await soon(() => lost(page).isVisible()).toBe(false)
  expect(await icon(page)).toBe(before)
  expect(await page.title()).toContain('Card payments')
})

test('what some network says in place of the page is not taken for it', async () => {
  const { page, wait } = await reading(browser)
  const said = await verdict(page).textContent()
  await page.route('**/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<title>Hotel</title><main id="main"><h1>Everything works.</h1></main>',
    }),
  )
  await wait(400)
  expect(await verdict(page).textContent()).toBe(said)
  expect(await lost(page).isVisible()).toBe(true)
})

test('an incident that is over is shown as over, and its page asks no more', async () => {
  const read = await reading(browser)
  const { page, base, asked, does, pass, wait } = read
  const id = await breaks(read)
  await read.happens(1)
  await page.goto(`${base}/incidents/${id}`)
  await does((it) => postUpdate(it, id, { stage: 'resolved', body: 'Searches find again.' }))
  await pass(70)
  await soon(() => page.locator('.said').first().innerText()).toContain('Searches find again.')
  // What is owed now is a review.
  expect(await page.getByText(/Next update by/).count()).toBe(0)
  await wait(120)
  asked.length = 0
  await wait(300)
  expect(asked).toEqual([])
  expect(await lost(page).count()).toBe(0)
})

test('answers that are as old as the page itself do not keep it young', async () => {
  const { page, wait } = await reading(browser)
  await wait(400)
  expect(await lost(page).isVisible()).toBe(true)
})

test('the bytes of a page alone, opened an hour later where there is no network, say that they are old', async () => {
  const { page, base } = await reading(browser)
  const bytes = new Map<string, Buffer>()
  const script = (await page.locator('script[src]').getAttribute('src')) ?? ''
  for (const path of ['/', script]) bytes.set(path, await (await page.request.get(base + path)).body())
  const context = await browser.newContext()
  const far = await context.newPage()
  let opened = false
  await far.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url())
    const body = opened && pathname === '/' ? undefined : bytes.get(pathname)
    opened ||= pathname === '/'
    const contentType = pathname === '/' ? 'text/html' : 'text/javascript'
    return body ? route.fulfill({ body, contentType }) : route.abort('internetdisconnected')
  })
  await far.clock.install({ time: new Date('2026-11-21T13:00:00Z') })
  await far.goto('http://mirror.example/')
  await far.clock.runFor(5000)
  await soon(() => lost(far).isVisible()).toBe(true)
  expect(await greenOf(far)).toEqual([])
  await context.close()
})

test('without script, a page says of when it is and what it means if that is long ago', async () => {
  const { base } = await reading(browser)
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(base)
  const line = page.locator('.dateline')
  expect(await line.isVisible()).toBe(true)
  expect(await line.textContent()).toMatch(/^As of 21 November 2026 at 07:00 .*If that is long ago/s)
  expect(await page.getByRole('combobox').count()).toBe(0)
  await context.close()
})

/** What is drawn in green, of all that is to be seen. */
function greenOf(page: Page): Promise<string[]> {
  return page.evaluate(`[...document.querySelectorAll('main *')].flatMap((element) => {
    const { color, backgroundColor } = getComputedStyle(element)
    const isShown = element.checkVisibility({ visibilityProperty: true })
    return isShown && [color, backgroundColor].includes('rgb(31, 122, 77)') ? [element.outerHTML.slice(0, 80)] : []
  })`)
}
