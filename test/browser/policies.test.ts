import { type Browser, chromium } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { emailOf, password, people } from '../people.ts'
import { northwind } from '../web/northwind.ts'
import { freePort } from '../free-port.ts'
import { chromiumPath } from './chromium.ts'

/** The product under a name that is not localhost, without https: as it stands in many a house. */
async function inTheHouse() {
  const port = await freePort()
  const url = `http://status.internal:${port}`
  const here = await northwind({ CANDOR_URL: url })
  await people(here)
  const { app, publication } = await here.app()
  await publication.refresh()
  await app.listen({ host: '127.0.0.1', port })
  const browser = await named()
  const page = await (await browser.newContext()).newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    // Over http browsers say that they cannot keep a window apart.
    if (/status of 4|Cross-Origin-Opener-Policy header has been ignored/.test(message.text())) return
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.addInitScript(
    "addEventListener('securitypolicyviolation', (event) => console.error(`refused: ${event.violatedDirective}`))",
  )
  return { page, url, complaints, here }
}

async function named(): Promise<Browser> {
  const { default: packed } = await import('@sparticuz/chromium')
  const args = [
    ...packed.args,
    '--host-resolver-rules=MAP status.internal 127.0.0.1',
    '--disable-background-networking',
  ]
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: [...args, ...asRoot] })
  onTestFinished(() => browser.close())
  return browser
}

test('over http, under a name of the house, one signs in and publishes, and no page complains of its own rules', async () => {
  const { page, url, complaints, here } = await inTheHouse()
  const [incident] = (await here.readSnapshot()).openIncidents
  for (const path of [
    '/',
    '/history',
    `/incidents/${incident?.id}`,
    '/maintenances',
    '/record',
    '/embed',
    '/ledger',
    '/fa/',
    '/nowhere',
    '/components/search',
    '/history/search?q=a',
  ]) {
    await page.goto(url + path)
  }
  await page.goto(`${url}/admin`)
  await page.getByLabel('E-mail').fill(emailOf('Ada'))
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Now' }).waitFor()
  for (const path of [
    '/admin/incidents/new',
    `/admin/incidents/${incident?.id}`,
    '/admin/components',
    '/admin/probes/new',
    '/admin/team',
    '/admin/tokens',
    '/admin/settings',
    '/admin/settings/look',
    '/admin/log',
    '/admin/me',
    '/admin/notices/new',
  ]) {
    await page.goto(url + path)
  }
  await page.getByLabel('Title').or(page.getByLabel('Name')).first().fill('Closed on Monday')
  await page.locator('textarea').first().fill('We are.')
  const before = await here.latestVersion()
  await page
    .getByRole('button', { name: /^Publish/ })
    .first()
    .click()
  await page.waitForLoadState()
  expect(await here.latestVersion()).toBeGreaterThan(before)
  expect(complaints).toEqual([])
})

/** What a page may still do, and no more than this: show, copy, translate. The second half only the newest browsers know. */
// prettier-ignore
const kept: readonly string[] = [
  'aria-notify', 'autoplay', 'clipboard-write', 'cross-origin-isolated', 'fullscreen', 'interest-cohort', 'picture-in-picture',
  'speaker-selection', 'sync-xhr', 'unload',
  'captured-surface-control', 'deferred-fetch', 'deferred-fetch-minimal', 'digital-credentials-create',
  'digital-credentials-get', 'language-detector', 'language-model', 'local-network', 'local-network-access',
  'loopback-network', 'media-playback-while-not-visible', 'on-device-speech-recognition', 'private-state-token-issuance',
  'private-state-token-redemption', 'summarizer', 'translator',
]

test('every power over devices, sensors, accounts and money that this browser knows is given up, and none that it does not know', async () => {
  const { page, url, complaints } = await inTheHouse()
  const answer = await page.goto(url)
  const policy = answer?.headers()['permissions-policy'] ?? ''
  const known = await page.evaluate<string[]>('document.featurePolicy.features()')
  const open = await page.evaluate<string[]>('document.featurePolicy.allowedFeatures()')
  expect(known.length).toBeGreaterThan(30)
  expect(open.filter((name) => !kept.includes(name) && !name.startsWith('ch-')).toSorted()).toEqual([])
  expect(policy).toContain('camera=()')
  expect(complaints).toEqual([])
})
