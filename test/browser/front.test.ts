import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { locales } from '../../src/domain/site/site.ts'
import {
  sampleComponent,
  sampleGroup,
  sampleImpact,
  sampleIncident,
  sampleSnapshot,
  sampleUpdate,
} from '../sample-snapshot.ts'
import { sixStates } from '../six-states.ts'
import { axeFinds, readyForAxe } from './axe.ts'
import { launchChromium } from './chromium.ts'
import { gallery } from './gallery.ts'
import { hardToTouch } from './touch.ts'

let browser: Browser
let shown: Awaited<ReturnType<typeof gallery>>
beforeAll(async () => {
  browser = await launchChromium()
  shown = await gallery()
})
afterAll(async () => {
  await browser?.close()
  await shown?.close()
})

/** Opens a front page at the time of which it is, a moment after it was made. */
async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 900 },
    timezoneId: 'Europe/Paris',
    ...options,
  })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  await page.clock.install({ time: Date.parse(sixStates.calm.asOf) + 20_000 })
  await page.goto(shown.base + path)
  return page
}

const states = Object.keys(sixStates)

test.each(locales)('axe finds nothing in any state, in %s', async (locale) => {
  const page = await open('/calm/en', { viewport: { width: 390, height: 900 } })
  const found: string[] = []
  for (const state of states) {
    await page.goto(`${shown.base}/${state}/${locale}`)
    await page.evaluate(readyForAxe)
    found.push(...(await axeFinds(page)).map((finding) => `${state}: ${finding}`))
  }
  expect(found).toEqual([])
})

test.each([
  ['in the dark', { colorScheme: 'dark' }],
  ['with more contrast', { contrast: 'more' }],
  ['with more contrast, in the dark', { contrast: 'more', colorScheme: 'dark' }],
  ['with forced colours', { forcedColors: 'active' }],
] as const)('every word can be read %s', async (_how, options) => {
  const page = await open('/calm/en', options)
  const found: string[] = []
  // Between them they show every colour.
  for (const state of ['three-incidents', 'maintenance', 'not-measured']) {
    await page.goto(`${shown.base}/${state}/en`)
    await page.evaluate(readyForAxe)
    found.push(...(await axeFinds(page, ['color-contrast'])).map((finding) => `${state}: ${finding}`))
  }
  expect(found).toEqual([])
})

test('the accessibility tree reads like the page', async () => {
  const page = await open('/incident/en')
  await expect(await page.locator('body').ariaSnapshot()).toMatchFileSnapshot('front.aria.yml')
})

test('the keyboard alone comes everywhere, once, in the order of the page, and one sees where it is', async () => {
  const page = await open('/incident/en')
  const stops: string[] = []
  for (;;) {
    await page.keyboard.press('Tab')
    const stop = await page.evaluate<string | null>(`(() => {
      const it = document.activeElement
      if (it === document.body) return null
      const { outlineStyle, outlineWidth } = getComputedStyle(it)
      const marked = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 ? it : it.parentElement
      const isSeen = getComputedStyle(marked).outlineStyle !== 'none'
      const { width, bottom, right } = (it.querySelector(':scope > svg') ?? it).getBoundingClientRect()
      const isThere = width > 0 && bottom > 0 && right > 0
      const name = (it.getAttribute('aria-label') ?? it.textContent).trim().replaceAll(/\\s+/g, ' ')
      return (isSeen ? '' : 'unseen ') + (isThere ? '' : 'elsewhere ') + name
    })()`)
    if (stop === null) break
    stops.push(stop)
    expect(stops.length).toBeLessThan(200)
  }
  expect(stops.filter((stop) => /^(?:unseen|elsewhere) /.test(stop))).toEqual([])
  expect(stops.slice(0, 2)).toEqual(['Skip to the content', 'Northwind status'])
  const systems = sixStates.incident.components.map(({ name }) => name)
  const first = stops.indexOf('Website')
  expect(
    stops.slice(first, stops.indexOf('Earlier days, month by month')).filter((stop) => systems.includes(stop)),
  ).toEqual(systems)
  // And one for the days of each.
  expect(stops.filter((stop) => stop.startsWith('Saturday 21 November: '))).toHaveLength(systems.length)
})

test('what is touched is at least 44 pixels high and wide, but for links in a text and single days', async () => {
  const page = await open('/incident/en', { viewport: { width: 390, height: 900 }, hasTouch: true, isMobile: true })
  expect(await hardToTouch(page)).toEqual([])
})

test('nothing moves while it loads or when it has loaded, and nothing else is asked for', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, timezoneId: 'Europe/Paris' })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const requests: string[] = []
  page.on('request', (request) => request.url().startsWith('data:') || requests.push(request.url()))
  await page.addInitScript(
    "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => (moved += one.value))).observe({ type: 'layout-shift', buffered: true })",
  )
  // The reader's clock and the server's agree.
  await page.clock.setFixedTime(Date.parse(sixStates.calm.asOf) + 20_000)
  for (const state of states) {
    requests.length = 0
    await page.goto(`${shown.base}/${state}/en`, { waitUntil: 'networkidle' })
    expect(requests, state).toHaveLength(2)
    // As 0.00 is measured: a pixel or two, where the reader's own zone has another name.
    expect(await page.evaluate('moved'), state).toBeLessThan(0.005)
  }
})

test('at 200 % and 400 %, with wide spacing and on the narrowest screen, nothing is cut off', async () => {
  const page = await open('/calm/en')
  const found: string[] = []
  const pairs = [...states.map((state) => [state, 'en'] as const), ...locales.map((one) => ['incident', one] as const)]
  for (const [state, locale] of pairs) {
    await page.goto(`${shown.base}/${state}/${locale}`)
    await page.evaluate(readyForAxe)
    for (const spacing of ['', '* { line-height: 1.5; letter-spacing: 0.12em; word-spacing: 0.16em }']) {
      await page.evaluate(`{
        const sheet = new CSSStyleSheet()
        sheet.replaceSync(${JSON.stringify(spacing)})
        document.adoptedStyleSheets = [sheet]
      }`)
      // A screen of 1 280 pixels at 200 % and 400 %.
      for (const width of [640, 320]) {
        await page.setViewportSize({ width, height: 900 })
        const beyond = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        if (beyond !== 0) found.push(`${state} in ${locale} at ${width}, “${spacing}”: ${String(beyond)}`)
      }
    }
  }
  expect(found).toEqual([])
})

test('a fact that needs two lines begins both where it can be read', async () => {
  const page = await open('/incident/fr', { viewport: { width: 320, height: 900 } })
  const cut = await page.evaluate<string[]>(`{
    const sheet = new CSSStyleSheet()
    sheet.replaceSync('* { letter-spacing: 0.12em; word-spacing: 0.16em }')
    document.adoptedStyleSheets = [sheet]
    const beginnings = [...document.querySelectorAll('.facts li')].flatMap((fact) => {
      const edge = fact.closest('.card, .day, section').querySelector('h3').getBoundingClientRect().left
      const words = document.createRange()
      words.selectNodeContents(fact)
      return [...words.getClientRects()].map(({ left }) => left < edge - 1 ? fact.textContent : null)
    })
    if (beginnings.length < 5) throw new Error('There is too little to look at.')
    beginnings.filter(Boolean)
  }`)
  expect(cut).toEqual([])
})

test('a name of one long word breaks, and widens no page', async () => {
  const word = 'Elektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft'
  const named = sampleSnapshot({
    groups: [sampleGroup('group', word)],
    components: [
      sampleComponent('a', word, 'partial_outage', { groupId: 'group' }),
      sampleComponent('b', `${word} 2`, 'operational'),
    ],
    openIncidents: [
      sampleIncident('one', word, {
        updates: [sampleUpdate('word', 'investigating', '2026-11-21T14:02:00.000Z', `${word}${word}`)],
        impacts: [sampleImpact('a', 'partial_outage', '2026-11-21T13:58:00.000Z', null)],
      }),
    ],
  })
  const { base, close } = await gallery({ named })
  onTestFinished(close)
  const page = await open('/calm/en')
  const found: string[] = []
  for (const locale of locales) {
    await page.goto(`${base}/named/${locale}`)
    for (const width of [320, 640, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      const beyond = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      if (beyond !== 0) found.push(`${locale} at ${width}: ${String(beyond)}`)
    }
  }
  expect(found).toEqual([])
})
