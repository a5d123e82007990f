import { expect, test } from 'vitest'
import { openIncident, postUpdate } from '../../src/domain/incidents/commands.ts'
import { readIncident } from '../../src/domain/incidents/queries.ts'
import { publishReview } from '../../src/domain/reviews/commands.ts'
import { openActions } from '../../src/domain/reviews/queries.ts'
import { everyHead } from '../domain/reviews/looking-back.ts'
import { axeFinds } from './axe.ts'
import { furnished, signIn, withChromium } from './desk.ts'

withChromium()

const zoe = { kind: 'operator', id: 'z', name: 'Zoe' } as const

test('a review whose tab is closed is there again; a second person sees that somebody writes; saying it clears it', async () => {
  const { it, open, id } = await looksBack()
  const page = `/admin/incidents/${id}/review`
  const ada = await open()
  const ben = await open()
  await signIn(ada.page, 'Ada')
  await signIn(ben.page)
  await ada.page.goto(page)
  await ben.page.goto(page)
  await ada.page.getByLabel('Why it happened', { exact: true }).fill('Nothing checked the index.')
  await ada.page.getByText('Saved 12:10').waitFor()
  await ada.page.close()

  await ben.page.getByLabel('What we have done', { exact: true }).fill('We look.')
  await ben.page.getByText('Ada is writing here too').click()
  await ben.page.locator('blockquote', { hasText: 'Nothing checked the index.' }).waitFor()

  const again = await ada.context.newPage()
  await again.goto(page)
  await again.getByText('nobody has seen it').waitFor()
  expect(await again.getByLabel('Why it happened', { exact: true }).inputValue()).toBe('Nothing checked the index.')
  expect(await axeFinds(again)).toEqual([])
  await again.getByRole('button', { name: 'Publish as preliminary' }).click()
  await again.getByText('Published.').waitFor()
  expect((await readIncident(it.db, id))?.review?.heads.why?.text).toBe('Nothing checked the index.')
  const left = await it.db.selectFrom('scratches').select('account_id').execute()
  expect(left).toHaveLength(1)
  expect([...ada.complaints, ...ben.complaints]).toEqual([])
})

test('two forms on one page are kept apart: what is sent of one takes nothing of the other along', async () => {
  const { it, open, id } = await looksBack()
  const actions = [{ title: 'Check indexes', dueOn: '2026-12-04', owner: 'Search team' }]
  await it.change(zoe, (change) =>
    publishReview(change, id, { heads: everyHead, actions, author: 'Zoe', translations: {}, as: 'final' }),
  )
  const [action] = await openActions(it.db)
  const { page, complaints } = await open()
  await signIn(page)
  await page.goto(`/admin/actions/${action?.id}`)
  await page.getByLabel('What was done, or why it will not be', { exact: true }).fill('It runs each night.')
  await page.getByLabel('What', { exact: true }).fill('Check all indexes')
  await page.getByText('Saved 12:10').nth(1).waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.').waitFor()
  await page.goto(`/admin/actions/${action?.id}`)
  expect(await page.getByLabel('What was done, or why it will not be', { exact: true }).inputValue()).toBe(
    'It runs each night.',
  )
  expect((await openActions(it.db))[0]?.title).toBe('Check all indexes')
  expect(complaints).toEqual([])
})

/** An incident that is over. */
async function looksBack() {
  const all = await furnished()
  const id = await all.it.change(zoe, (change) =>
    openIncident(change, {
      name: 'Cards fail',
      stage: 'investigating',
      body: 'We look.',
      components: [{ id: all.component, status: 'partial_outage' }],
    }),
  )
  all.it.clock.advance('10m')
  await all.it.change(zoe, (change) => postUpdate(change, id, { stage: 'resolved', body: 'It works.' }))
  return { ...all, id }
}
