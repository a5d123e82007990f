import { createECDH, randomBytes } from 'node:crypto'
import { type RequestListener, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { Eta } from 'eta'
import type { Browser, BrowserContext, Page, Worker } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { inTransaction } from '../../src/database/database.ts'
import { browsersReached } from '../../src/domain/subscribers/browsers.ts'
import { subscriberByAddress } from '../../src/domain/subscribers/queries.ts'
import { answerAsks } from '../../src/domain/subscribers/signing-up.ts'
import type { Locale } from '../../src/domain/site/site.ts'
import { messages } from '../../src/lib/messages.ts'
import { pushKeys } from '../../src/lib/push-keys.ts'
import { webPush } from '../../src/outbound/notify/channels/web-push.ts'
import type { Letter } from '../../src/outbound/notify/letter.ts'
import { pushButton } from '../../src/web/public/push.ts'
import { pushBrowser } from '../outbound/notify/push-browser.ts'
import { receiver, sendingParts } from '../outbound/notify/receiver.ts'
import { letter, said } from '../outbound/notify/sample-letter.ts'
import { world } from '../world.ts'
import { launchChromium, whyNoWindows } from './chromium.ts'
import { soon } from './comfort.ts'

let browser: Browser

/** Not every Chromium shows notifications. */
const lacking = await whyNoWindows()
const skipped = lacking === null ? '' : ` (skipped: ${lacking})`

beforeAll(async () => {
  browser = await launchChromium('whole')
})
afterAll(() => browser?.close())

const keys = createECDH('prime256v1')
const p256dh = keys.generateKeys('base64url')
const auth = randomBytes(16).toString('base64url')
const endpoint = 'https://fcm.googleapis.com/fcm/send/abc'
const eta = new Eta({ views: fileURLToPath(new URL('../../views', import.meta.url)), autoEscape: true, cache: true })

interface Options {
  readonly locale?: Locale
  /** Runs in the page before anything else. */
  readonly before?: string
}

/** A page of the site with the button on it, in a browser whose push service is within reach. */
async function site({ locale = 'en', before = '' }: Options = {}) {
  let listener: RequestListener = () => undefined
  const server = createServer((request, response) => listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const it = await world({ CANDOR_URL: base })
  const { app, publication } = await it.app()
  await publication.refresh()
  listener = (request, response) => {
    if (request.url !== '/try') return app.routing(request, response)
    const part = eta.render('partials/push', { push: pushButton(base), say: messages(locale) })
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', "default-src 'none'; script-src 'self'; connect-src 'self'")
    response.end(`<!doctype html><html lang="${locale}"><title>Try</title>${part}`)
  }
  const context = await browser.newContext({ timezoneId: 'Asia/Tehran' })
  onTestFinished(() => context.close())
  await context.grantPermissions(['notifications'], { origin: base })
  if (before) await context.addInitScript(before)
  const page = await context.newPage()
  await page.goto(`${base}/try`)
  const known = async () => {
    await answerAsks(it)
    return subscriberByAddress(it, 'web-push', { endpoint, p256dh, auth })
  }
  return { ...it, base, context, page, known, shown: () => shownOf(page) }
}

/** What a reader sees of it; null: nothing. */
async function shownOf(page: Page): Promise<string | null> {
  return page.evaluate<string | null>(
    `document.querySelector('.push').hidden ? null : document.querySelector('.push [data-when]:not([hidden])').dataset.when`,
  )
}

/** The push service of Chromium lies out in the world: this one is as far as its answers, and no further. */
const pushService = `{
  let subscription = null
  const made = (options) => ({
    options,
    toJSON: () => (${JSON.stringify({ endpoint, expirationTime: null, keys: { p256dh, auth } })}),
    unsubscribe: async () => { subscription = null; return true },
  })
  PushManager.prototype.subscribe = async (options) => (subscription = made(options))
  PushManager.prototype.getSubscription = async () => subscription
}`

test.skipIf(lacking !== null)(`a reader says yes in the browser, chooses, and ends it there${skipped}`, async () => {
  const { page, shown, known, base, db, clock } = await site({ locale: 'fa', before: pushService })
  await soon(shown).toBe('off')
  await page.getByRole('button', { name: messages('fa')('push.start') }).click()
  await soon(shown).toBe('on')
  expect(await known()).toMatchObject({ channel: 'web-push', locale: 'fa', zone: 'Asia/Tehran' })

  await page.getByRole('button', { name: messages('fa')('push.stop') }).click()
  await soon(shown).toBe('off')
  expect(await known()).toBeNull()

  await page.getByRole('button', { name: messages('fa')('push.start') }).click()
  await soon(shown).toBe('on')
  const { id } = (await known())!
  await inTransaction(db, (tx) => browsersReached(tx, [id], clock.now()))
  await page.getByRole('button', { name: messages('fa')('push.choose') }).click()
  await soon(() => page.url()).toContain(`${base}/subscriptions/manage/`)
})

test.each(['en', 'fa'] as const)('in %s a browser that may not is told what to do', async (locale) => {
  const refused = `Object.defineProperty(Notification, 'permission', { get: () => 'denied' })`
  const { page, shown } = await site({ locale, before: refused })
  await soon(shown).toBe('denied')
  expect(await page.locator('.push button:visible').count()).toBe(0)
  expect(await page.locator('.push').innerText()).toContain(messages(locale)('push.denied'))
})

test.skipIf(lacking !== null)(
  `a subscription from before our key was lost is offered anew, and replaced${skipped}`,
  async () => {
    const old = `;{
    const old = { options: { applicationServerKey: new Uint8Array(65).buffer }, unsubscribe: async () => (gone = true) }
    const { subscribe, getSubscription } = PushManager.prototype
    let gone = false
    PushManager.prototype.getSubscription = async () => (gone ? getSubscription() : old)
    PushManager.prototype.subscribe = async (options) => {
      if (!gone) throw new DOMException('Another key.', 'InvalidStateError')
      return subscribe(options)
    }
  }`
    const { page, shown, known } = await site({
      before: `${pushService}${old};navigator.serviceWorker.register('/push.js', { scope: '/subscriptions/push/' })`,
    })
    await soon(shown).toBe('off')
    await page.getByRole('button', { name: messages('en')('push.start') }).click()
    await soon(shown).toBe('on')
    expect(await known()).not.toBeNull()
  },
)

test.each([
  ['without a push service', 'delete window.PushManager'],
  ['without workers', 'delete Navigator.prototype.serviceWorker'],
])('in a browser %s there is nothing to press', async (_, before) => {
  const { page, shown } = await site({ before })
  await page.waitForLoadState('load')
  expect(await shown()).toBeNull()
})

test.skipIf(lacking !== null)(
  `where the push service cannot be reached, it is said that it did not work, and can be tried again${skipped}`,
  async () => {
    const { page, shown, known } = await site()
    await soon(shown).toBe('off')
    await page.getByRole('button').first().click()
    await soon(shown).toBe('failed')
    expect(await page.locator('.push button:visible').innerText()).toBe(messages('en')('push.again'))
    expect(await known()).toBeNull()
  },
)

/** The worker, and how what a push service brings reaches it. */
async function worker(context: BrowserContext, page: Page, base: string) {
  const devtools = await context.newCDPSession(page)
  await devtools.send('ServiceWorker.enable')
  const registered = new Promise<string>((resolve) =>
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      if (registrations[0]) resolve(registrations[0].registrationId)
    }),
  )
  const started = context.waitForEvent('serviceworker')
  await page.evaluate(`navigator.serviceWorker.register('/push.js', { scope: '/subscriptions/push/' }).then((it) => {
    const worker = it.installing ?? it.waiting ?? it.active
    return new Promise((resolve) => {
      const look = () => worker.state === 'activated' && resolve()
      worker.addEventListener('statechange', look)
      look()
    })
  })`)
  const [registrationId, running] = await Promise.all([registered, started])
  const deliver = (data: string) =>
    devtools.send('ServiceWorker.deliverPushMessage', { origin: base, registrationId, data })
  /** Chromium loses one now and then when the machine is busy; the same one again takes the place of the first. */
  async function shows(data: string, wanted: readonly object[]): Promise<void> {
    const shown = (timeout: number) => expect.poll(() => notifications(running), { timeout, interval: 10 })
    await deliver(data)
    try {
      await shown(4000).toMatchObject(wanted)
    } catch {
      await deliver(data)
      await shown(15_000).toMatchObject(wanted)
    }
  }
  return { running, shows }
}

/** What the device shows. */
function notifications(running: Worker) {
  return running.evaluate<Record<string, unknown>[]>(`registration.getNotifications().then((all) =>
    all.map(({ title, body, lang, dir, tag, requireInteraction, silent }) => ({ title, body, lang, dir, tag, requireInteraction, silent })))`)
}

/** Clicks as a person would; without one no browser lets a worker open or show pages, so these two are written down. */
function click(running: Worker) {
  return running.evaluate<string[]>(`(async () => {
    const went = []
    Clients.prototype.openWindow = async (url) => void went.push('opened ' + url)
    WindowClient.prototype.focus = async function () { went.push('showed ' + this.url) }
    const [notification] = await registration.getNotifications()
    const event = new NotificationEvent('notificationclick', { notification })
    const done = []
    event.waitUntil = (work) => done.push(work)
    dispatchEvent(event)
    await Promise.all(done)
    return went
  })()`)
}

/** As it left us: encrypted, sent, and read by the keys of the browser. */
async function sent(what: Partial<Letter>): Promise<string> {
  const service = await receiver('https')
  service.answers(201)
  const reader = pushBrowser(keys.getPrivateKey('base64url'), auth)
  const parts = sendingParts({ push: { ...pushKeys('a key for tests'), subject: null } })
  await webPush.send(letter(what), { endpoint: `${service.url}/send/abc`, p256dh, auth }, parts)
  return reader.read(service.received[0]?.body ?? Buffer.alloc(0))
}

test.skipIf(lacking !== null)(
  `what happened is shown though no page of ours is open, and a click leads to it${skipped}`,
  async () => {
    const { context, page, base } = await site()
    const { running, shows } = await worker(context, page, base)
    const url = `${base}/incidents/inc1`
    await shows(await sent({ button: { says: 'See', url }, urgency: 'critical' }), [
      {
        title: 'Search is slow',
        body: 'Searching takes up to a minute. We are looking for why.',
        lang: 'en',
        dir: 'ltr',
        requireInteraction: true,
      },
    ])
    expect(await click(running)).toEqual([`opened ${url}`])
    expect(await notifications(running)).toEqual([])
  },
)

test.skipIf(lacking !== null)(
  `in Persian it is shown from the right, and a later word takes the place of the earlier${skipped}`,
  async () => {
    const { context, page, base } = await site({ locale: 'fa' })
    const { running, shows } = await worker(context, page, base)
    const persian = { locale: 'fa', dir: 'rtl', subject: 'جستجو کند است' } as const
    const button = { says: 'دیدن', url: `${base}/try` }
    const first = await sent({ ...persian, ...said('در حال بررسی هستیم.'), button })
    await shows(first, [{ body: 'در حال بررسی هستیم.', lang: 'fa', dir: 'rtl' }])
    const second = await sent({ ...persian, ...said('برطرف شد.'), button, urgency: 'low' })
    await shows(second, [{ body: 'برطرف شد.', dir: 'rtl', silent: true }])
    // The page that is open already comes to the front.
    expect(await click(running)).toEqual([`showed ${base}/try`])
  },
)

test
  .skipIf(lacking !== null)
  .each(['', 'no JSON', '{}', '{"title":"A","url":"https://evil.example/"}', '{"title":"A","url":"javascript:0"}'])(
  `whatever comes, something is shown and no click leads elsewhere: %j${skipped}`,
  async (data) => {
    const { context, page, base } = await site()
    const { running, shows } = await worker(context, page, base)
    await shows(data, [{}])
    const went = await click(running)
    expect(went.filter((one) => !one.startsWith(`opened ${base}/`))).toEqual([])
  },
)
