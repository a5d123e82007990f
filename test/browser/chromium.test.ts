import { expect, onTestFinished, test } from 'vitest'
import { launchChromium } from './chromium.ts'

test('there is a Chromium that renders pages', async () => {
  const browser = await launchChromium()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.setContent('<h1>Everything works</h1>')
  expect(await page.getByRole('heading').textContent()).toBe('Everything works')
})
