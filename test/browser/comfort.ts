import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { type Northwind, northwind } from '../web/northwind.ts'

/** A page that is being read while things happen: the world, its server, and the reader's clock, which go together. */
export interface Reading extends Northwind {
  readonly base: string
  readonly page: Page
  /** Requests for pages, as they came: what they were asked with, and what they were answered. */
  readonly asked: { readonly ifNoneMatch: string | undefined; status: number }[]
  /** From now on every request is cut off, or answered again. */
  is(state: 'down' | 'up'): void
  /** Time goes by for the server. */
  happens(seconds: number): Promise<void>
  /** Time goes by for the server, then for the reader. */
  pass(seconds: number): Promise<void>
  /** Time goes by for the reader alone: the server's own systems have stopped, or there is no server. */
  wait(seconds: number): Promise<void>
}

/** What comes as soon as the machine gets to it. */
export function soon<T>(read: () => T | Promise<T>) {
  return expect.poll(read, { timeout: 10_000, interval: 10 })
}

const began = '2026-11-21T12:00:00.000Z'

export async function reading(
  browser: Browser,
  path = '/',
  { at = began, ...options }: BrowserContextOptions & { readonly at?: string } = {},
): Promise<Reading> {
  const here = await northwind()
  const { app, publication } = await here.app()
  await publication.refresh()
  const asked: Reading['asked'] = []
  let state: 'down' | 'up' = 'up'
  const server = createServer((request, response) => {
    if (state === 'down') {
      request.socket.destroy()
      return
    }
    response.setHeader('date', new Date(here.clock.now()).toUTCString())
    if (!request.url?.startsWith('/assets/')) {
      const one = { ifNoneMatch: request.headers['if-none-match'], status: 0 }
      asked.push(one)
      response.on('finish', () => (one.status = response.statusCode))
    }
    app.routing(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const context = await browser.newContext({ timezoneId: 'America/New_York', ...options })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const wrong: string[] = []
  page.on('pageerror', (error) => wrong.push(error.message))
  onTestFinished(() => expect(wrong).toEqual([]))
  await page.clock.install({ time: new Date(at) })
  await page.goto(base + path)
  // Time stands still from here on, some seconds after the page was opened.
  await page.clock.pauseAt(new Date(new Date(at).getTime() + 5000))
  here.clock.advance('5s')
  asked.length = 0
  let busy = 0
  page.on('request', () => busy++)
  page.on('requestfinished', () => busy--)
  page.on('requestfailed', () => busy--)
  /** In steps that are shorter than the page's own patience, each until what was asked for is answered. */
  async function wait(seconds: number): Promise<void> {
    for (let left = seconds * 1000; left > 0; left -= 8000) {
      await page.clock.runFor(Math.min(left, 8000))
      await page.evaluate('0')
      await soon(() => busy).toBe(0)
      await page.evaluate('0')
    }
  }
  async function happens(seconds: number): Promise<void> {
    here.clock.advance(`${seconds}s`)
    await publication.refresh()
  }
  return {
    ...here,
    base,
    page,
    asked,
    is: (next) => (state = next),
    happens,
    async pass(seconds) {
      await happens(seconds)
      await wait(seconds)
    },
    wait,
  }
}
