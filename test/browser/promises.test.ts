import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createComponent } from '../../src/domain/components/commands.ts'
import { openIncident, postUpdate } from '../../src/domain/incidents/commands.ts'
import { emailOf, password, people } from '../people.ts'
import { northwind } from '../web/northwind.ts'
import { world } from '../world.ts'
import { axeFinds } from './axe.ts'
import { launchChromium } from './chromium.ts'
import { soon } from './comfort.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())

/** What a mirror keeps: the bytes of a page and of its script, and nobody behind them. */
async function kept(path: string) {
  const here = await northwind()
  const { app, publication } = await here.app()
  await publication.refresh()
  const [incident] = (await here.readSnapshot()).openIncidents
  const page = path.replace(':id', incident?.id ?? '')
  const html = (await app.inject(page)).body
  const script = /<script[^>]* src="([^"]+)"/.exec(html)?.[1] ?? ''
  return new Map([
    [page, html],
    [script, (await app.inject(script)).body],
  ])
}

async function opened(bytes: ReadonlyMap<string, string>, at: string, javaScriptEnabled = true) {
  const context = await browser.newContext({ javaScriptEnabled })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  let isThere = true
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url())
    const body = isThere ? bytes.get(pathname) : undefined
    const contentType = pathname.endsWith('.js') ? 'text/javascript' : 'text/html'
    return body ? route.fulfill({ body, contentType }) : route.abort('internetdisconnected')
  })
  // Time goes on while the page is opened, which may take a while.
  await page.clock.install({ time: new Date(Date.parse(at) - 40_000) })
  await page.goto(`http://mirror.example${[...bytes.keys()][0]}`)
  isThere = false
  await page.clock.pauseAt(new Date(at))
  return page
}

test.each(['/', '/incidents/:id', '/fa/incidents/:id'])(
  'the bytes of %s alone, with nobody behind them, say within a second that a promise is missed',
  async (path) => {
    const page = await opened(await kept(path), '2026-11-21T12:19:50Z')
    const promise = page.locator('.promise').first()
    expect(await promise.locator('.late').isVisible()).toBe(false)
    await page.clock.runFor(9000)
    expect(await promise.locator('.late').isVisible()).toBe(false)
    await page.clock.runFor(2000)
    expect(await promise.locator('.late').isVisible()).toBe(true)
    expect(await promise.locator('.words').isVisible()).toBe(false)
  },
)

test('a file that is opened long after says it at once, and by how much', async () => {
  const page = await opened(await kept('/incidents/:id'), '2026-11-21T12:27:10Z')
  await page.clock.runFor(1000)
  const late = page.locator('.promise .late').first()
  await soon(() => late.isVisible()).toBe(true)
  expect(await late.innerText()).toMatch(/We promised an update by .* and are late.*7 minutes ago/s)
})

test('without script it names the time', async () => {
  const page = await opened(await kept('/'), '2026-11-21T12:27:30Z', false)
  expect(await page.locator('.promise .words').first().innerText()).toMatch(/Next update by 07:20 (EST|GMT-5)/)
})

/** The desk, with one update promised for 12:20, and a browser whose clock goes with the server's. */
async function atTheDesk() {
  const it = await world()
  await people(it)
  const { app } = await it.app()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const by = { kind: 'operator', id: 'ben', name: 'Ben' } as const
  const component = await it.change(by, (change) => createComponent(change, { name: 'Cards' }))
  const opens = (name: string) =>
    it.change(by, (change) =>
      openIncident(change, {
        name,
        stage: 'investigating',
        body: 'We are looking into it.',
        components: [{ id: component, status: 'major_outage' }],
      }),
    )
  const says = (id: string) =>
    it.change(by, (change) =>
      postUpdate(change, id, { stage: 'update', body: 'Still.', nextUpdateBy: '2026-11-21T13:00:00Z' }),
    )
  const baseURL = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 800 } })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.clock.install({ time: new Date(it.clock.now()) })
  await page.goto('/admin')
  await page.getByLabel('E-mail').fill(emailOf('Ben'))
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Now' }).waitFor()
  return { it, page, opens, says }
}

test('whoever says that it is over is not asked when they will say more', async () => {
  const { page, opens } = await atTheDesk()
  await page.goto(`/admin/incidents/${await opens('Cards fail')}`)
  const asked = page.getByRole('group', { name: 'Next update by' })
  const says = (stage: string) => page.locator(`label:has(input[name="stage"][value="${stage}"])`).click()
  expect(await asked.isVisible()).toBe(true)
  await says('resolved')
  expect(await asked.isVisible()).toBe(false)
  await says('monitoring')
  expect(await asked.isVisible()).toBe(true)
})

test('the desk reminds in the title and aloud, five minutes before and at the miss', async () => {
  const { it, page, opens, says } = await atTheDesk()
  const id = await opens('Cards fail')
  await page.reload()
  await page.clock.pauseAt(new Date('2026-11-21T12:14:30Z'))
  const news = page.locator('#promise-news')
  const banner = page.locator('main > .promise')
  expect(await page.title()).toMatch(/^Now/)
  expect(await news.textContent()).toBe('')
  await page.clock.runFor(31_000)
  expect(await page.title()).toMatch(/^4:59 left · Now/)
  expect(await news.textContent()).toBe('The update promised on “Cards fail” is due in five minutes.')
  expect(await banner.innerText()).toContain('That is in 4:59.')
  await page.clock.fastForward(299_000)
  await page.clock.runFor(1000)
  expect(await page.title()).toMatch(/^Late by 0:0\d · Now/)
  expect(await news.textContent()).toBe('The update promised on “Cards fail” is late, and your page says so.')
  expect(await banner.getAttribute('class')).toContain('late')

  // Somebody else keeps it late: the desk hears of it by itself.
  it.clock.set('2026-11-21T12:21:00.000Z')
  await says(id)
  await page.clock.runFor(61_000)
  await soon(() => banner.getAttribute('data-by')).toBe('2026-11-21T13:00:00.000Z')
  await soon(() => page.title()).toMatch(/^Now/)
  await page.clock.resume()
  expect(await axeFinds(page)).toEqual([])
})

test('what is promised by others while nobody touches the desk appears above everything', async () => {
  const { page, opens } = await atTheDesk()
  expect(await page.locator('main > .promise').count()).toBe(0)
  await opens('Cards fail')
  await page.clock.runFor(61_000)
  await page.locator('main > .promise').waitFor()
  expect(await page.locator('main > :first-child').getAttribute('class')).toContain('promise')
})

test('the composer names what is usual for what is chosen', async () => {
  const { page } = await atTheDesk()
  await page.goto('/admin/incidents/new')
  const usual = page.locator('[data-usual]')
  expect(await usual.textContent()).toBe('As usual: in 60 min')
  await page.getByLabel('Cards').selectOption('partial_outage')
  expect(await usual.textContent()).toBe('As usual for what is partly down: in 30 min')
  await page.getByLabel('Cards').selectOption('major_outage')
  expect(await usual.textContent()).toBe('As usual for what is down: in 20 min')
  expect(await page.getByRole('radio', { name: 'As usual' }).isChecked()).toBe(true)
})
