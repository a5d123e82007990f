import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { afternoon } from '../domain/ledger/story.ts'
import { type World, world } from '../world.ts'
import { launchChromium } from './chromium.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser?.close())

async function opened(path: string, javaScriptEnabled = true): Promise<{ here: World; base: string; page: Page }> {
  const here = await world()
  await afternoon(here)
  const { app } = await here.app()
  await app.listen({ host: '127.0.0.1', port: 0 })
  const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  const page = await browser.newPage({ javaScriptEnabled })
  onTestFinished(() => page.close())
  page.on('console', (message) => {
    if (message.type() === 'error') throw new Error(message.text())
  })
  await page.goto(base + path)
  return { here, base, page }
}

test('the page verifies the ledger on the reader’s device, signatures too, and names what does not fit', async () => {
  const { here, base, page } = await opened('/ledger/verify')
  const verdict = page.getByRole('status').filter({ hasText: /./ })
  const verify = page.getByRole('button', { name: 'Verify' })

  await page.getByLabel('A key of ours').fill(here.ledgerKeys.first.publicKey)
  await verify.click()
  await verdict.getByText('Every entry fits: 8, the last of 21 November 2026').waitFor()
  await verdict.getByText('Signed up to entry 8. The key is:').waitFor()
  await verdict.getByText(here.ledgerKeys.first.publicKey).waitFor()

  await page.getByLabel('A key of ours').fill('A'.repeat(43))
  await verify.click()
  await verdict.getByText('Entry 1 does not fit.').waitFor()

  const kept = await (await fetch(`${base}/ledger.jsonl`)).text()
  const changed = Buffer.from(kept.replace('A disk is full.', 'All is well.'))
  await page.getByLabel('A key of ours').fill('')
  await page
    .getByLabel('A ledger that you kept')
    .setInputFiles({ name: 'ledger.jsonl', mimeType: 'text/plain', buffer: changed })
  await verify.click()
  await verdict.getByText('Entry 5 does not fit.').waitFor()
  expect(await verdict.innerText()).toContain('was changed after it was written')
})

test('without script the page says how to verify without it', async () => {
  const { page } = await opened('/ledger/verify', false)
  await page.getByText('This needs JavaScript.').waitFor()
  expect(await page.getByRole('button', { name: 'Verify' }).count()).toBe(0)
  await page.getByRole('link', { name: 'Verify our history' }).first().click()
  await page.getByText('sha256sum').waitFor()
})
