import { expect, test } from 'vitest'
import { setUpLink } from '../../src/domain/accounts/first-run.ts'
import { draftIncident } from '../../src/domain/incidents/drafts.ts'
import { openIncident } from '../../src/domain/incidents/commands.ts'
import { openIncidents } from '../../src/domain/incidents/queries.ts'
import { later } from '../../src/lib/clock.ts'
import { password } from '../people.ts'
import { world } from '../world.ts'
import { axeFinds } from './axe.ts'
import { faultsOf, furnished, running, signIn, withChromium } from './desk.ts'

withChromium()

test('while one writes, what they will see stands beside it; Ctrl and Enter publish it once', async () => {
  const { it, open } = await furnished()
  const { page, complaints } = await open()
  await signIn(page)
  await page.goto('/admin/incidents/new')
  await page.getByLabel('What customers should know', { exact: true }).fill('**Nobody** is charged twice.')
  await page.getByLabel('Card payments').selectOption('major_outage')
  await page.locator('[data-preview-body] strong', { hasText: 'Nobody' }).first().waitFor()
  await page.locator('[data-preview-body] h3', { hasText: 'Card payments: down' }).first().waitFor()
  expect(await openIncidents(it.db)).toEqual([])
  await page.getByLabel('Why no promise?', { exact: true }).waitFor({ state: 'hidden' })
  await page.getByRole('radio', { name: 'No promise' }).check()
  await page.getByLabel('Why no promise?', { exact: true }).fill('Our provider decides.')
  await page.getByLabel('What customers should know', { exact: true }).press('Control+Enter')
  await page.getByText('Published.').waitFor()
  expect(await openIncidents(it.db)).toMatchObject([{ noPromiseReason: 'Our provider decides.' }])
  expect(complaints).toEqual([])
})

test('without script the composer shows everything it needs, looks first, and publishes', async () => {
  const { it, open } = await furnished()
  const { page } = await open({ javaScriptEnabled: false })
  await signIn(page)
  await page.getByRole('link', { name: 'Something is wrong' }).click()
  await page.getByLabel('What customers should know', { exact: true }).fill('Card payments fail.')
  await page.getByLabel('Card payments').selectOption('partial_outage')
  await page.getByLabel('Why no promise?', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Look at it first' }).click()
  await page.getByText('Nothing is published yet').waitFor()
  expect(await openIncidents(it.db)).toEqual([])
  await page.goBack()
  expect(await page.getByLabel('What customers should know', { exact: true }).inputValue()).toBe('Card payments fail.')
  await page.getByLabel('Title', { exact: true }).fill('Cards are declined')
  await page.getByRole('button', { name: 'Publish' }).click()
  await page.getByText('Published.').waitFor()
  expect(await openIncidents(it.db)).toMatchObject([{ name: 'Cards are declined' }])
})

test('on a phone what is needed while something is broken is in sight, and the rest a tap away; elsewhere nothing folds', async () => {
  const { open } = await furnished()
  const { page, context } = await open({ viewport: { width: 320, height: 640 }, javaScriptEnabled: false })
  await signIn(page)
  const places = page.getByRole('navigation', { name: 'Desk' })
  const way = page.getByRole('link', { name: 'Something is wrong' })
  const down = (await way.boundingBox())?.y ?? Infinity
  expect(down).toBeLessThan(200)
  expect(await places.getByRole('link').allInnerTexts()).toEqual(['Now', 'Incidents'])
  await places.getByText('More', { exact: true }).click()
  await places.getByRole('link', { name: 'Probes' }).click()
  await page.getByRole('heading', { name: 'Probes' }).waitFor()
  await places.locator('summary', { hasText: 'Probes' }).click()
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0)

  const wide = await open({ storageState: await context.storageState() })
  await wide.page.goto('/admin/probes')
  const all = wide.page.getByRole('navigation', { name: 'Desk' }).getByRole('link')
  expect((await all.allInnerTexts()).slice(0, 3)).toEqual(['Now', 'Incidents', 'Reviews'])
  await all.nth(1).focus()
  await wide.page.keyboard.press('Tab')
  expect(await wide.page.evaluate('document.activeElement.textContent')).toBe('Reviews')
  expect(await axeFinds(wide.page)).toEqual([])
})

test('from what was promised one tap leads to where it is written, also on the page of the incident', async () => {
  const { it, component, open } = await furnished()
  const id = await it.change({ kind: 'command', name: 'test' }, (change) =>
    openIncident(change, {
      name: 'Cards are declined',
      body: 'We look.',
      beganAt: change.now,
      stage: 'investigating',
      nextUpdateBy: later(change.now, 1800),
      components: [{ id: component, status: 'major_outage' }],
    }),
  )
  const { page } = await open({ viewport: { width: 320, height: 640 }, javaScriptEnabled: false })
  await signIn(page)
  for (const path of ['/admin', `/admin/incidents/${id}`]) {
    await page.goto(path)
    await page.getByRole('link', { name: 'Post the update' }).click()
    await page.waitForURL(/#body$/)
    await page.keyboard.type('They work again.')
    expect(await page.getByLabel('What customers should know', { exact: true }).inputValue()).toBe('They work again.')
  }
})

test.each([
  ['with script', true],
  ['without script', false],
])('the first run leads to a page that measures itself, %s', async (_how, javaScriptEnabled) => {
  const it = await world()
  const { open } = await running(it)
  const { page, complaints } = await open({ javaScriptEnabled, timezoneId: 'Europe/Lisbon' })
  const link = new URL((await setUpLink(it)) ?? '')
  await page.goto(`${link.pathname}${link.search}`)
  if (javaScriptEnabled) expect(await axeFinds(page)).toEqual([])
  await page.getByLabel('Your name').fill('Ada')
  await page.getByLabel('E-mail').fill('ada@example.org')
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Name of the page').fill('Northwind')
  expect(await page.getByLabel('Time zone').inputValue()).toBe(javaScriptEnabled ? 'Europe/Lisbon' : 'UTC')
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Addresses').fill('https://www.example.com')
  if (javaScriptEnabled) expect(await axeFinds(page)).toEqual([])
  await page.getByRole('button', { name: 'Start watching' }).click()
  await page.getByRole('heading', { name: 'Your page is up' }).waitFor()
  if (javaScriptEnabled) expect(await axeFinds(page)).toEqual([])
  await page.getByRole('link', { name: 'See your page' }).click()
  await page.getByText('example.com').first().waitFor()
  expect(complaints).toEqual([])
})

test('axe finds nothing on the desk, in the light, in the dark and on a phone, and nothing is cut off', async () => {
  const { it, component, base, open } = await furnished()
  const [draft, incident] = await it.change({ kind: 'command', name: 'test' }, async (change) => {
    const words = { body: 'We look.', beganAt: change.now, components: [{ id: component, status: 'major_outage' }] }
    return [
      await draftIncident(change, { ...words, name: 'A draft' }),
      await draftIncident(change, { ...words, name: 'Another' }),
    ]
  })
  const paths = [
    '',
    '/incidents',
    '/incidents/new',
    `/drafts/${draft}`,
    `/incidents/${incident}`,
    `/incidents/${incident}/change`,
    '/components',
    `/components/${component}`,
    '/groups/new',
  ].concat([
    '/probes',
    '/probes/new',
    '/maintenances/new',
    '/notices/new',
    '/team',
    '/tokens',
    '/settings',
    '/settings/look',
    '/me',
    '/me/security',
    '/settings/second-factors',
    '/log',
    '/none',
  ])
  const { page, context } = await open()
  await signIn(page, 'Ada')
  await page.request.post(`${base}/admin/drafts/${incident}/publish`)
  expect(await faultsOf(open, await context.storageState(), paths)).toEqual([])
}, 180_000)
