import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import type { VisitStep } from '../../domain/probes/visit.ts'
import { hostOf } from '../../lib/guard.ts'
import type { VisitReport, VisitTask, VisitTrouble } from './task.ts'

/**
 * A process of its own: visits once with a fresh Chromium, says how it went, and ends. It ends as well when whoever
 * started it is gone; Chromium ends with it, because it is steered through a pipe.
 */
process.once('message', (task: VisitTask) => {
  void report(task).then((found) => process.send?.(found, () => process.exit()))
})
process.once('disconnect', () => process.exit())

const startMs = 15_000

/** Nothing leaves but through the proxy, and nothing is fetched that the page did not ask for. */
const quiet = [
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
  '--dns-prefetch-disable',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--disable-gpu',
  '--no-first-run',
  '--no-pings',
]

async function report(task: VisitTask): Promise<VisitReport> {
  const browser = await start(task).catch(() => null)
  if (!browser) return { went: 'nowhere' }
  // Playwright's own handler, which ends Chromium, comes before this one.
  process.once('exit', () => leaveNothing())
  const context = await browser.newContext({ acceptDownloads: false, serviceWorkers: 'block' })
  return visit(context, task)
}

/** Whoever started us does the same, unless they are gone. */
function leaveNothing(): void {
  const folder = process.env['TMPDIR']
  if (folder?.includes('candor-')) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

async function start({ chromium: executablePath, proxy }: VisitTask): Promise<Browser> {
  const { chromium } = await import('playwright-core')
  return chromium.launch({
    executablePath,
    args: quiet,
    // Loopback goes through it, too: Playwright adds the rule for that.
    proxy,
    // Chromium refuses its sandbox to root.
    chromiumSandbox: process.getuid?.() !== 0,
    timeout: startMs,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
}

async function visit(context: BrowserContext, { url, visit: steps, timeoutMs }: VisitTask): Promise<VisitReport> {
  const begun = performance.now()
  const passed = (): number => Math.round(performance.now() - begun)
  const left = (): number => Math.max(1, timeoutMs - passed())
  const page = await context.newPage()
  // Where it is, or was on its way to: also where a redirect led.
  let host = hostOf(new URL(url))
  page.on('request', (request) => {
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) host = hostOf(new URL(request.url()))
  })
  let line = 0
  try {
    await open(page, url, left())
    for (const step of steps) {
      line = step.line
      await take(page, step, { url, left })
    }
    return { went: 'well', ms: passed() }
  } catch (error) {
    return { went: 'astray', ms: passed(), line, host, fault: error instanceof Astray ? error.fault : 'missing' }
  }
}

class Astray extends Error {
  readonly fault: VisitTrouble

  constructor(fault: VisitTrouble) {
    super(String(fault))
    this.fault = fault
  }
}

async function open(page: Page, url: string, timeout: number): Promise<void> {
  const answer = await page.goto(url, { timeout }).catch((error: unknown) => {
    const text = String(error)
    if (/ERR_CERT|ERR_SSL/.test(text)) throw new Astray('certificate')
    throw new Astray(/Timeout|ERR_TIMED_OUT/.test(text) ? 'late' : 'unloaded')
  })
  const status = answer?.status() ?? 200
  if (status >= 400) throw new Astray(status)
}

interface Way {
  readonly url: string
  left(): number
}

async function take(page: Page, step: VisitStep, { url, left }: Way): Promise<void> {
  switch (step.do) {
    case 'open':
      return open(page, new URL(step.path, url).href, left())
    case 'click':
      return clickable(page, step.what).click({ timeout: left() })
    case 'fill':
      return field(page, step.what).fill(step.value, { timeout: left() })
    case 'expect':
      return page.getByText(step.text).filter({ visible: true }).first().waitFor({ timeout: left() })
    case 'expect title':
      while (!(await page.title()).includes(step.text)) {
        if (left() <= 1) throw new Error('The title never came.')
        await sleep(50)
      }
  }
}

const isSelector = (text: string): boolean => /^[#.[]/.test(text)

function clickable(page: Page, text: string): Locator {
  if (isSelector(text)) return page.locator(text).first()
  const named = page.getByRole('button', { name: text }).or(page.getByRole('link', { name: text }))
  return named.or(page.getByText(text)).filter({ visible: true }).first()
}

function field(page: Page, text: string): Locator {
  if (isSelector(text)) return page.locator(text).first()
  return page.getByLabel(text).or(page.getByPlaceholder(text)).filter({ visible: true }).first()
}
