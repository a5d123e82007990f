import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { layoutOf } from '../../src/outbound/notify/mail-body.ts'
import { sampleMessages } from '../outbound/notify/samples.ts'
import { axeFinds } from './axe.ts'
import { launchChromium } from './chromium.ts'

let browser: Browser
beforeAll(async () => void (browser = await launchChromium()))
afterAll(() => browser?.close())

const kinds = ['joined', 'update.corrected', 'maintenance.announced', 'incident.resolved', 'confirm']

/** Landmarks are those of the program that shows it. */
const ofThePage = /^(?:landmark-one-main|region):/

test.each([
  ['en', 'light'],
  ['en', 'dark'],
  ['fa', 'light'],
  ['fa', 'dark'],
] as const)('a mail in %s fits a telephone and is read by everybody, %s', async (locale, colorScheme) => {
  const page = await browser.newPage({ viewport: { width: 360, height: 700 }, colorScheme })
  for (const { name, letter } of sampleMessages([locale]).filter((one) => kinds.includes(one.name))) {
    const long = { ...letter, heading: `${letter.heading} ${'https://example.org/'.repeat(9)}` }
    await page.setContent(layoutOf(long).html)
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), name).toBeLessThanOrEqual(0)
    const found = await axeFinds(page)
    expect(
      found.filter((one) => !ofThePage.test(one)),
      name,
    ).toEqual([])
  }
  await page.close()
})
