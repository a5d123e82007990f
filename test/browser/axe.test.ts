import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser } from 'playwright-core'
import { axeFinds } from './axe.ts'
import { launchChromium } from './chromium.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launchChromium()
})
afterAll(() => browser.close())

test('what is wrong with a page is found, and only what was asked for', async () => {
  const page = await browser.newPage()
  await page.setContent(
    '<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1><img src="data:,">' +
      '<p style="color: #ccc; background: #fff">pale</p></main></html>',
  )
  expect((await axeFinds(page)).map((finding) => finding.split(':')[0])).toEqual(['color-contrast', 'image-alt'])
  expect(await axeFinds(page, ['image-alt'])).toEqual(['image-alt: <img src="data:,">'])
  await page.close()
})
