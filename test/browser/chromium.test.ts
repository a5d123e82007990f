import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { launchChromium } from './chromium.ts'

test('there is a Chromium that renders pages', async () => {
  const browser = await launchChromium()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.setContent('<h1>Everything works</h1>')
  expect(await page.getByRole('heading').textContent()).toBe('Everything works')
})

test('where the Chromium that was named does not start, no other is taken, and it is said what to install', async () => {
  // In a process of its own: here the one that starts is known already.
  const starting = "import('./test/browser/chromium.ts').then(({ launchChromium }) => launchChromium())"
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', starting], {
    env: { ...process.env, CHROMIUM_PATH: '/nowhere/chromium' },
  })
  await expect(run).rejects.toMatchObject({
    stderr: expect.stringMatching(
      /No Chromium starts[\s\S]*\/nowhere\/chromium[\s\S]*apt-get install chromium/,
    ) as string,
  })
})
