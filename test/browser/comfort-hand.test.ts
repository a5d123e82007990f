import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createComponent } from '../../src/domain/components/commands.ts'
import { createGroup } from '../../src/domain/components/groups.ts'
import { launchChromium } from './chromium.ts'
import { reading, soon } from './comfort.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())

const promise = (page: Page) => page.locator('.promise').first()
const card = (page: Page) => page.locator('.day-card')
const focused = (page: Page) => page.evaluate<string>('document.activeElement.href ?? document.activeElement.localName')

test('a promise is counted down, and is late within a second of its time, with or without a network', async () => {
  const { page, is, wait } = await reading(browser)
  expect(await promise(page).locator('.words .near').textContent()).toBe('in 20 minutes')
  is('down')
  await page.clock.fastForward('19:13')
  await wait(1)
  expect(await promise(page).locator('.words .near').textContent()).toBe('in 41 seconds')
  await wait(40)
  expect(await promise(page).locator('.words').isVisible()).toBe(true)
  expect(await page.locator('.verdict .next-word').innerText()).toMatch(/^Next update by .*\.$/)
  await wait(2)
  expect(await promise(page).locator('.words').isVisible()).toBe(false)
  expect(await promise(page).locator('.late').innerText()).toContain('and are late')
  // The sentence beside the verdict says the same, at the same second.
  const sentence = page.locator('.verdict .next-word')
  expect(await sentence.innerText()).toMatch(/^We promised an update by .* and are late\.$/)
})

test('planned work is counted down to its beginning, and then to its end', async () => {
  const { page, wait } = await reading(browser)
  const near = (name: string) => page.locator('.card', { hasText: name }).locator('.window .near').textContent()
  expect(await near('New ledgers')).toBe('planned end: in 60 minutes')
  expect(await near('A larger search index')).toBe('in 4 days')
  await wait(120)
  expect(await near('New ledgers')).toBe('planned end: in 58 minutes')
})

test.each([
  ['/', 'Asia/Tokyo', '21:20 GMT+9', '26 November 2026, 08:00–15:00 GMT+9', 'Japan Standard Time'],
  ['/fr/', 'Europe/Paris', '13:20 UTC+1', '26 novembre 2026, 00:00 – 07:00 UTC+1', 'heure normale d’Europe centrale'],
  ['/fa/', 'Asia/Tehran', '‎۱۵:۵۰ (‎+۳:۳۰ گرینویچ)', '۵ آذر ۱۴۰۵', 'وقت عادی ایران'],
])(
  '%s in %s says its times in that zone, names it, and keeps the site’s one step away',
  async (path, zone, by, window, name) => {
    const { page } = await reading(browser, path, { timezoneId: zone })
    const time = promise(page).locator('time').first()
    const plain = (text: string | null) => text?.replaceAll(/[\u200e\u200f]/g, '').replaceAll(/\s+/g, ' ')
    expect(plain(await time.textContent())).toBe(plain(by))
    expect(await time.getAttribute('title')).toMatch(/07:20|۷:۲۰/)
    expect(plain(await page.locator('.window time').last().textContent())).toContain(window)
    expect(await page.locator('.in-own').textContent()).toContain(name)
    expect(await page.evaluate('localStorage.length')).toBe(0)

    await page.locator('.in-own button').click()
    expect(await time.textContent()).toMatch(/07:20|۷:۲۰/)
    expect(await page.locator('.in-site').isVisible()).toBe(true)
    await page.reload()
    expect(await time.textContent()).toMatch(/07:20|۷:۲۰/)
    await page.locator('.in-site button').click()
    expect(plain(await time.textContent())).toBe(plain(by))
    expect(await page.evaluate('localStorage.length')).toBe(0)
  },
)

test('who lives in the zone of the site is told nothing of zones', async () => {
  const { page } = await reading(browser)
  expect(await page.locator('.in-own').isVisible()).toBe(false)
  expect(await page.locator('footer button').count()).toBe(2)
  expect(await page.locator('footer button:visible').count()).toBe(0)
})

test.each([
  ['/', 'ArrowLeft', 'ArrowRight'],
  ['/fa/', 'ArrowRight', 'ArrowLeft'],
])('on %s the days of a system are one stop for Tab, and arrows move by day', async (path, back, on) => {
  const { page, base } = await reading(browser, path)
  const stops = page.locator('.bars').first().locator('a:not([tabindex="-1"])')
  expect(await stops.count()).toBe(1)
  await stops.focus()
  const day = (date: string) => `${base}${path === '/' ? '' : '/fa'}/components/card-payments/${date}`
  for (const [key, date] of [
    [back, '2026-11-20'],
    ['PageUp', '2026-11-13'],
    [on, '2026-11-14'],
    ['PageDown', '2026-11-21'],
    ['Home', '2026-10-20'],
    [back, '2026-10-20'],
    ['End', '2026-11-21'],
    [on, '2026-11-21'],
  ] as const) {
    await page.keyboard.press(key)
    expect(await focused(page), key).toBe(day(date))
  }
  expect(await stops.count()).toBe(1)
  await page.keyboard.press('Tab')
  expect(await focused(page)).not.toContain('card-payments')
})

test('a day says its words when it is pointed at or walked to, and opens its page', async () => {
  const { page, base } = await reading(browser)
  const days = page.locator('.system', { hasText: 'Search' }).locator('.days')
  await days.locator('> :nth-last-child(6)').hover()
  expect(await card(page).innerText()).toBe('Monday 16 November\nworked all day')
  await card(page).hover()
  expect(await card(page).isVisible()).toBe(true)
  await page.keyboard.press('Escape')
  expect(await card(page).count()).toBe(0)

  await days.locator('> :last-child').focus()
  expect(await card(page).innerText()).toMatch(/^Saturday 21 November\nslow or impaired for/)
  expect(await days.locator('> :last-child').getAttribute('aria-label')).toMatch(
    /^Saturday 21 November: slow or impaired/,
  )
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  await page.waitForURL(`${base}/components/search/2026-11-20`)
})

test('a finger shows a day with its first tap, and opens it with the second', async () => {
  const { page, base } = await reading(browser, '/', { viewport: { width: 390, height: 800 }, hasTouch: true })
  const day = page.locator('.system', { hasText: 'Search' }).locator('.days > :nth-last-child(6)')
  await day.tap()
  expect(await card(page).innerText()).toContain('Monday 16 November')
  await card(page).tap()
  await page.waitForURL(`${base}/components/search/2026-11-16`)
})

test('a day that changes while somebody stands on it keeps them there', async () => {
  const read = await reading(browser)
  const { page } = read
  const day = page.locator('.system', { hasText: 'Card payments' }).locator('.days > :last-child')
  await day.focus()
  const before = await day.getAttribute('class')
  await read.happens(4000)
  await read.wait(70)
  await soon(() => day.getAttribute('class')).not.toBe(before)
  expect(await focused(page)).toMatch(/card-payments\/2026-11-21$/)
})

test('a link to an incident and to each word on it can be copied', async () => {
  const { page, base } = await reading(browser, '/', { permissions: ['clipboard-write'] })
  const article = page.locator('.card', { hasText: 'Cards are declined' })
  const incident = base + (await article.locator('h3 a').getAttribute('href'))
  // Our pages may write to the clipboard and never read it: so as people do, elsewhere.
  const copied = async (): Promise<string> => {
    const elsewhere = await page.context().newPage()
    await elsewhere.setContent('<textarea></textarea>')
    await elsewhere.locator('textarea').focus()
    await elsewhere.keyboard.press('Control+V')
    const text = await elsewhere.locator('textarea').inputValue()
    await elsewhere.close()
    return text
  }
  await article.locator('.head .copy').click()
  await soon(copied).toBe(incident)
  expect(await page.locator('#news').textContent()).toBe('Copied')
  await article.locator('.said .copy').click()
  await soon(copied).toBe(`${incident}#${await article.locator('.said').getAttribute('id')}`)
  await page.goto(incident)
  await page.locator('.kind .copy').click()
  await soon(copied).toBe(incident)
})

test('light or dark is kept once it is chosen, on this device and in no cookie', async () => {
  const { page } = await reading(browser)
  const scheme = () => page.evaluate<string>('getComputedStyle(document.documentElement).colorScheme')
  const paper = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor')
  const light = await paper()
  expect(await page.evaluate('localStorage.length')).toBe(0)
  await page.getByRole('combobox', { name: 'Light or dark' }).selectOption('Dark')
  expect(await scheme()).toBe('dark')
  await page.reload()
  expect(await paper()).not.toBe(light)
  expect(await page.context().cookies()).toEqual([])
  await page.getByRole('combobox', { name: 'Light or dark' }).selectOption('As the device')
  expect(await paper()).toBe(light)
  expect(await page.evaluate('localStorage.length')).toBe(0)
})

test('an instance is found while its key is typed', async () => {
  const { page, base, does, happens } = await reading(browser)
  await does(async (it) => {
    for (const [key, location] of [
      ['EU42', 'EU'],
      ['EU7', 'EU'],
      ['NA42', 'NA'],
    ] as const) {
      const groupId = await createGroup(it, { name: key, instanceKey: key, location, environment: 'production' })
      await createComponent(it, { name: 'Core', groupId })
    }
  })
  await happens(1)
  await page.goto(`${base}/instances`)
  const keys = () => page.locator('.keys li:visible').allInnerTexts()
  const box = page.getByRole('searchbox')
  const before = await keys()
  await box.fill('42')
  expect(await keys()).toEqual(['EU42', 'NA42'])
  await box.fill('eu42')
  expect(await keys()).toEqual(['EU42'])
  expect(await page.locator('[data-region]:visible').count()).toBe(1)
  // Not in the list, perhaps a domain: the form finds it.
  await box.fill('shop.example')
  expect(await page.locator('[data-region]:visible').count()).toBe(2)
  await box.fill('')
  expect(await keys()).toEqual(before)
})

test.each([390, 1200])('when the script comes late, at %i pixels, it moves nothing that is drawn', async (width) => {
  const { base } = await reading(browser)
  const context = await browser.newContext({ viewport: { width, height: 844 }, timezoneId: 'Europe/Paris' })
  const page = await context.newPage()
  await page.addInitScript(`Date.now = () => Date.parse('2026-11-21T12:00:05Z')
    window.shifts = []
    new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => shifts.push(value)))
      .observe({ type: 'layout-shift', buffered: true })`)
  const drawn = () => page.evaluate<number>("performance.getEntriesByName('first-contentful-paint').length")
  await page.route('**/assets/public-*.js', async (route) => {
    await soon(drawn).toBe(1)
    await route.continue()
  })
  await page.goto(base)
  await page.locator('.near').first().waitFor()
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
  // A full stop after a time that is a hair wider in another zone moves by it.
  expect(await page.evaluate<number>('shifts.reduce((sum, value) => sum + value, 0)')).toBeLessThan(0.005)
  await context.close()
})

const ownLanguage = (page: Page) => page.locator('.top > a[hreflang]')

test.each([
  ['fa-IR', '/', 'فارسی', 'fa'],
  ['pt-PT', '/fr/', 'Português (Brasil)', 'pt-BR'],
  ['zh-TW', '/record', '繁體中文', 'zh-Hant'],
])(
  'whoever reads %s rather than the language of %s finds that in sight, by its own name',
  async (locale, at, name, lang) => {
    const { page, base, wait } = await reading(browser, at, { locale })
    const link = ownLanguage(page)
    expect(await link.innerText()).toBe(name)
    expect(await link.getAttribute('lang')).toBe(lang)
    // The page renews itself, and what was added stays once.
    await wait(61)
    expect(await link.count()).toBe(1)
    await link.click()
    await page.waitForURL(`${base}/${lang}${at === '/record' ? at : '/'}`)
    expect(await page.locator('html').getAttribute('lang')).toBe(lang)
    expect(await ownLanguage(page).count()).toBe(0)
  },
)

test.each(['en-GB', 'de-DE'])('who reads %s is offered nothing that is not there or was found', async (locale) => {
  const { page } = await reading(browser, '/', { locale })
  await page.locator('.theme select').waitFor()
  expect(await ownLanguage(page).count()).toBe(0)
})
