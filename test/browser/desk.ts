import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { createComponent } from '../../src/domain/components/commands.ts'
import { emailOf, password, people } from '../people.ts'
import { type World, world } from '../world.ts'
import { axeFinds } from './axe.ts'
import { type Kind, launchChromium } from './chromium.ts'

let browser: Browser

/** One Chromium for all tests of a file. */
export function withChromium(kind?: Kind): void {
  beforeAll(async () => {
    browser = await launchChromium(kind)
  })
  afterAll(() => browser.close())
}

/** The product on a port of its own, and a way to open browsers on it. */
export async function running(of: World, port = 0) {
  const { app } = await of.app()
  await app.listen({ port, host: '127.0.0.1' })
  const base = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  return {
    base,
    async open(
      options: BrowserContextOptions = {},
    ): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
      const context = await browser.newContext({ baseURL: base, ...options })
      onTestFinished(() => context.close())
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error' && !message.text().includes('status of 4')) complaints.push(message.text())
      })
      page.on('request', (request) => {
        if (!request.url().startsWith(base) && !request.url().startsWith('data:'))
          complaints.push(`asked ${request.url()}`)
      })
      return { context, page, complaints }
    },
  }
}

export async function signIn(page: Page, name = 'Ben'): Promise<void> {
  await page.goto('/admin')
  await page.getByLabel('E-mail').fill(emailOf(name))
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('heading', { name: 'Now' }).waitFor()
}

/** A page with two systems, and its people. */
export async function furnished() {
  const it = await world()
  await people(it)
  const component = await it.change({ kind: 'command', name: 'test' }, async (change) => {
    await createComponent(change, { name: 'Sign-in' })
    return createComponent(change, { name: 'Card payments' })
  })
  return { it, component, ...(await running(it)) }
}

/** What is wrong with these pages of the desk, in the light, in the dark and on a phone: for axe, in the console, or cut off. */
export async function faultsOf(
  open: Awaited<ReturnType<typeof running>>['open'],
  storageState: Awaited<ReturnType<BrowserContext['storageState']>>,
  paths: readonly string[],
): Promise<string[]> {
  const found: string[] = []
  for (const options of [{}, { colorScheme: 'dark' }, { viewport: { width: 320, height: 640 } }] as const) {
    const { page, complaints } = await open({ storageState, ...options })
    for (const path of paths) {
      await page.goto(`/admin${path}`)
      await page.evaluate("for (const it of document.querySelectorAll('details.languages')) it.open = true")
      found.push(...(await axeFinds(page)).map((finding) => `${path} ${JSON.stringify(options)}: ${finding}`))
      const cut = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      if (Number(cut) > 0) found.push(`${path} ${JSON.stringify(options)} is ${String(cut)} pixels too wide`)
    }
    found.push(...complaints)
  }
  return found
}
