import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { openIncident } from '../../src/domain/incidents/commands.ts'
import { openIncidents, readIncident } from '../../src/domain/incidents/queries.ts'
import { emailOf, password } from '../people.ts'
import { axeFinds } from './axe.ts'
import { furnished, signIn, withChromium } from './desk.ts'

withChromium()

const body = (page: Page) => page.getByLabel('What customers should know', { exact: true })

test('two operators write on one incident at once: each sees the other, nothing is lost, nobody is surprised', async () => {
  const { it, open, id } = await withIncident()
  const ada = await open()
  const ben = await open()
  await signIn(ada.page, 'Ada')
  await signIn(ben.page)
  await ada.page.goto(`/admin/incidents/${id}`)
  await ben.page.goto(`/admin/incidents/${id}`)

  await body(ada.page).fill('Our card processor rejects payments.')
  await ada.page.getByText('Saved 12:00').waitFor()
  await body(ben.page).fill('The network is to blame.')
  await ben.page.getByText('Ada is writing here too: began 12:00, saved 12:00.').click()
  await ben.page.locator('blockquote', { hasText: 'Our card processor rejects payments.' }).waitFor()

  it.clock.advance('1m')
  await ada.page.getByRole('button', { name: 'Publish the update' }).click()
  await ada.page.getByText('Published the update.').waitFor()
  await body(ben.page).fill('The network is to blame, we think.')
  await ben.page.getByText('Ada posted an update, 12:01. Your words are safe here.').waitFor()

  await ben.page.getByRole('button', { name: 'Publish the update' }).click()
  await ben.page.getByRole('heading', { name: 'Both texts' }).waitFor()
  expect(await ben.page.locator('.both').innerText()).toMatch(
    /Ada[^]*processor rejects[^]*You[^]*The network is to blame/,
  )
  expect(await body(ben.page).inputValue()).toBe('The network is to blame, we think.')
  expect(await axeFinds(ben.page)).toEqual([])
  it.clock.advance('1m')
  await ben.page.getByRole('button', { name: 'Publish the update' }).click()
  await ben.page.getByText('Published the update.').waitFor()

  const said = (await readIncident(it.db, id))?.updates.map((update) => [update.author, update.body])
  expect(said).toEqual([
    ['Ben', 'The network is to blame, we think.'],
    ['Ada', 'Our card processor rejects payments.'],
    ['Zoe', 'We look.'],
  ])
  expect(await it.db.selectFrom('scratches').selectAll().execute()).toEqual([])
  expect([...ada.complaints, ...ben.complaints]).toEqual([])
})

test('a page that is left in the middle of a sentence loses nothing, and neither does a session that ends', async () => {
  const { it, open } = await withIncident()
  const { page, context, complaints } = await open()
  await signIn(page)
  await page.goto('/admin/incidents/new')
  await body(page).fill('Sign-in fails for')
  // Away before anything was saved by itself.
  await page.goto('/admin/me')
  await expect.poll(() => it.db.selectFrom('scratches').select('subject').execute()).toEqual([{ subject: 'incident' }])
  await page.goto('/admin')
  await page.getByRole('link', { name: 'Sign-in fails for' }).waitFor()
  await page.close()

  const again = await context.newPage()
  await again.goto('/admin/incidents/new')
  await again.getByText('nobody has seen it').waitFor()
  expect(await body(again).inputValue()).toBe('Sign-in fails for')
  await body(again).fill('Sign-in fails for everybody.')
  await again.getByLabel('Sign-in').selectOption('major_outage')
  await it.db.deleteFrom('sessions').execute()
  await again.getByRole('button', { name: 'Publish', exact: true }).click()
  await again.getByText('What you wrote is safe').waitFor()
  await again.getByLabel('E-mail').fill(emailOf('Ben'))
  await again.getByLabel('Password').fill(password)
  await again.getByRole('button', { name: 'Sign in', exact: true }).click()
  await again.getByText('nobody has seen it').waitFor()
  expect(await body(again).inputValue()).toBe('Sign-in fails for everybody.')
  expect(await again.getByLabel('Sign-in').inputValue()).toBe('major_outage')
  await again.getByRole('button', { name: 'Publish', exact: true }).click()
  await again.getByText('Published.').waitFor()
  expect((await openIncidents(it.db)).map(({ name }) => name)).toContain('Sign-in: down')
  expect(complaints).toEqual([])
})

async function withIncident() {
  const all = await furnished()
  const id = await all.it.change({ kind: 'operator', id: 'z', name: 'Zoe' }, (change) =>
    openIncident(change, {
      name: 'Cards fail',
      stage: 'investigating',
      body: 'We look.',
      components: [{ id: all.component, status: 'major_outage' }],
    }),
  )
  return { ...all, id }
}
