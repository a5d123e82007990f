import { expect, test } from 'vitest'
import { people } from '../../people.ts'
import { world } from '../../world.ts'

const usual = {
  updateCritical: '20',
  updateMajor: '30',
  updateMinor: '60',
  reviewCritical: '72',
  reviewMajor: '72',
  finalReviewCritical: '336',
  finalReviewMajor: '336',
}
const page = '/admin/settings/promises'

async function owners() {
  const here = await world()
  const { ada, ben } = await people(here)
  return { here, ada, ben }
}

test('what a site promises is what the next incident promises, where nobody chooses', async () => {
  const { here, ada, ben } = await owners()
  expect((await ada.opens(page)).text).toContain('value="336"')
  const saved = await ada.sends(page, { ...usual, updateMinor: '45' }, page)
  expect(saved.headers['location']).toBe(`${page}?done=changed`)
  const word = { stage: 'investigating', name: 'Slow', body: 'We are looking into it.', promise: '' }
  expect((await ben.opens('/admin/incidents/new')).text).toContain('20 min when down, 30 when partly down, else 45')
  await ben.sends('/admin/incidents', word, '/admin/incidents/new')
  const [incident] = (await here.readSnapshot()).openIncidents
  expect(incident).toMatchObject({ nextUpdateBy: '2026-11-21T12:45:00.000Z', promises: [{ outcome: null }] })
  const { text: log } = await ada.opens('/admin/log')
  expect(log).toContain('changed the page: what is promised')
  expect(log).toContain('<th scope="row">what is promised · update · minor</th>')
})

test.each([
  ['less than can be reminded of', { updateCritical: '4' }, 'This must be a whole number from 5 to 1440'],
  ['more than a day', { updateMinor: '1441' }, 'This must be a whole number from 5 to 1440'],
  ['nothing', { updateMajor: '' }, 'This must be a whole number'],
  ['a part of an hour', { reviewMajor: '1.5' }, 'This must be a whole number from 1 to 8760'],
  ['a final review before the first', { finalReviewMajor: '71' }, 'cannot be due before the first one'],
])('%s is refused beside its field, and nothing changes', async (_, fields, words) => {
  const { here, ada } = await owners()
  const before = await here.latestVersion()
  const refused = await ada.sends(page, { ...usual, ...fields }, page)
  expect(refused.status).toBe(422)
  expect(refused.text).toContain(words)
  expect(refused.text).toContain('aria-invalid="true"')
  expect(await here.latestVersion()).toBe(before)
})

test('a responder does not change what the site promises', async () => {
  const { ben } = await owners()
  expect((await ben.opens(page)).status).toBe(403)
})

test('the banner says without script by how much an update is late, and how many more are promised', async () => {
  const { here, ben } = await owners()
  const word = { stage: 'investigating', body: 'We are looking into it.' }
  await ben.sends('/admin/incidents', { ...word, name: 'Slow', promise: '15' }, '/admin/incidents/new')
  await ben.sends('/admin/incidents', { ...word, name: 'Slower', promise: '60' }, '/admin/incidents/new')
  const early = (await ben.opens('/admin/incidents')).text
  expect(early).toContain('That is in 15 minutes.')
  expect(early).toContain('1 more promised')
  here.clock.advance('17m')
  const late = (await ben.opens('/admin/incidents')).text
  expect(late).toContain('class="promise late" data-by="2026-11-21T12:15:00.000Z" data-name="Slow"')
  expect(late).toContain('You are 2 minutes late, and your page says so.')
})

test('the preview shows the promise that will be made', async () => {
  const { ben } = await owners()
  const fields = { stage: 'investigating', name: 'Slow', body: 'We are looking into it.', promise: '' }
  const seen = await ben.sends('/admin/preview', fields, '/admin/incidents/new')
  expect(seen.text).toMatch(/Next update by [^\n]*13:00/)
})
