import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openIncidents } from '../../src/domain/incidents/queries.ts'
import { whyNoWindows } from './chromium.ts'
import { furnished, signIn, withChromium } from './desk.ts'

withChromium('whole')

const lacking = await whyNoWindows()

const words = 'Card payments fail. We are looking into it.'

/**
 * What somebody does, and how long it takes them: the keystroke-level model of Card, Moran and Newell, for a typist of 40
 * words a minute. Nothing is waited for: seconds are counted from what was really pressed.
 */
class Typist {
  interactions = 0
  keys = 0
  points = 0
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  /** 40 words of five letters a minute; a thought before each deed; hand and eye to a place, and a press. */
  get seconds(): number {
    return this.keys * 0.3 + this.interactions * 1.35 + this.points * 1.3
  }

  async pointsAt(deed: () => Promise<unknown>): Promise<void> {
    this.interactions += 1
    this.points += 1
    await deed()
  }

  async types(text: string): Promise<void> {
    this.interactions += 1
    this.keys += text.length
    await this.page.keyboard.type(text)
  }

  /** With Tab alone, to what these words name. */
  async tabsTo(isThere: string): Promise<void> {
    this.interactions += 1
    for (let count = 0; count < 12; count += 1) {
      await this.presses('Tab')
      if (await this.page.evaluate(`document.activeElement.matches(${JSON.stringify(isThere)})`)) return
    }
    throw new Error(`${isThere} is more than twelve keys away.`)
  }

  async presses(key: string): Promise<void> {
    this.keys += 1
    await this.page.keyboard.press(key)
  }
}

const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true }

test.each([
  ['on a phone', phone],
  ['on a phone without script', { ...phone, javaScriptEnabled: false }],
])('from signed in to a published first word in four interactions and under 30 seconds, %s', async (_how, options) => {
  const { it, component, open } = await furnished()
  const { page, complaints } = await open(options)
  await signIn(page)
  const typist = new Typist(page)

  await typist.pointsAt(() => page.getByRole('link', { name: 'Something is wrong' }).tap())
  await page.locator('textarea:focus').waitFor()
  await typist.types(words)
  await typist.pointsAt(() => page.getByLabel('Card payments').selectOption('partial_outage'))
  await typist.pointsAt(() => page.getByRole('button', { name: 'Publish', exact: true }).tap())

  await page.getByText('Published.').waitFor()
  expect(typist.interactions).toBeLessThanOrEqual(4)
  expect(typist.seconds).toBeLessThan(30)
  const [incident] = await openIncidents(it.db)
  expect(incident).toMatchObject({ name: 'Card payments: partly down', stage: 'investigating' })
  expect(incident?.impacts[0]?.componentId).toBe(component)
  await page.goto('/')
  await page.getByText(words).first().waitFor()
  expect(complaints).toEqual([])
})

test.skipIf(lacking !== null)(
  `the same by the keyboard alone${lacking === null ? '' : ` (skipped: ${lacking})`}`,
  async () => {
    const { it, component, open } = await furnished()
    const { page, complaints } = await open()
    await signIn(page)
    const typist = new Typist(page)

    // Past the list of pages, as the first link offers.
    await typist.presses('Tab')
    await typist.presses('Enter')
    await typist.tabsTo('a.primary[href="/admin/incidents/new"]')
    await typist.presses('Enter')
    await page.locator('textarea:focus').waitFor()
    await typist.types(words)
    await typist.tabsTo(`select[name="component.${component}"]`)
    // As in any list: the first letter of “Partly down”.
    await typist.presses('p')
    typist.interactions += 1
    await typist.presses('Control+Enter')

    await page.getByText('Published.').waitFor()
    expect(typist.interactions).toBeLessThanOrEqual(4)
    expect(typist.seconds).toBeLessThan(30)
    expect((await openIncidents(it.db))[0]?.impacts).toMatchObject([
      { componentId: component, status: 'partial_outage' },
    ])
    expect(complaints).toEqual([])
  },
)
