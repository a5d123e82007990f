import { expect, test } from 'vitest'
import { addJargon } from '../../../../src/domain/coach/jargon.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

const text = 'Some users may experience issues with Ledgerbot.'

async function desk() {
  const here = await world()
  const everybody = await people(here)
  return { ...here, ...everybody }
}

/** The texts of a page without its marks. */
const plain = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')

test('the preview says what the coach found, with reason and example one step away, and nothing is published', async () => {
  const { ben, readSnapshot } = await desk()
  const { status, text: page } = await ben.sends('/admin/preview', {
    stage: 'investigating',
    body: text,
    promise: '30',
  })
  expect(status).toBe(200)
  expect(page).toContain('<div class="coach" data-coach="body" lang="en" dir="ltr">')
  const coach = plain(page.slice(page.indexOf('data-coach')))
  expect(coach).toContain('Does not say who is affected')
  expect(coach).toContain('“Some users” says nothing')
  expect(coach).toContain('Words that fit every outage tell nothing of this one')
  expect(coach).toContain('Says when they hear more')
  expect((await readSnapshot()).openIncidents).toEqual([])
})

test('each text is coached in its own language, and one that was not written is not', async () => {
  const { ben } = await desk()
  const fields = {
    stage: 'resolved',
    body: text,
    'translations.fa.body': 'مشکل برطرف شد.',
    'translations.fr.body': '',
    promise: '30',
  }
  const { text: page } = await ben.sends('/admin/preview', fields)
  expect(page).toContain('data-coach="translations.fa.body" lang="fa" dir="rtl"')
  expect(page).toContain('نمی‌گوید از چه زمانی')
  expect(page).not.toContain('data-coach="translations.fr.body"')
})

test('whoever declines a promise is asked to say in the text when more comes', async () => {
  const { ben } = await desk()
  const fields = { stage: 'identified', body: text, promise: 'none', noPromiseReason: 'The supplier does not say.' }
  expect((await ben.sends('/admin/preview', fields)).text).toContain('Does not say when they hear more')
})

test('what the coach finds keeps nobody from publishing', async () => {
  const { ben, readSnapshot } = await desk()
  const sent = await ben.sends('/admin/incidents', { name: 'It', stage: 'investigating', body: text, promise: '30' })
  expect(sent.status).toBe(303)
  expect((await readSnapshot()).openIncidents).toHaveLength(1)
})

test('an owner keeps the list of the site’s own words, and the coach knows them at once', async () => {
  const { ada, ben } = await desk()
  expect((await ada.opens('/admin/settings')).text).toContain('href="/admin/settings/words"')
  const saved = await ada.sends('/admin/settings/words', { word: 'Ledgerbot', instead: 'our accounting', locale: '' })
  expect(saved.headers['location']).toBe('/admin/settings/words?done=changed')
  const fields = { stage: 'identified', body: text, promise: '30' }
  expect((await ben.sends('/admin/preview', fields)).text).toContain(
    '“Ledgerbot” may be jargon to them: say “our accounting”',
  )
  expect((await ada.opens('/admin/log')).text).toContain('changed the page: words for the coach')

  const page = (await ada.opens('/admin/settings/words')).text
  const [, remove = ''] = /action="(\/admin\/settings\/words\/[^"]+\/remove)"/.exec(page) ?? []
  await ada.sends(remove)
  expect((await ada.opens('/admin/settings/words')).text).toContain('No words of yours yet')
  expect((await ada.sends(remove)).status).toBe(404)
})

test('a word twice, no word, and a responder who would add one are refused', async () => {
  const { ada, ben } = await desk()
  const adds = (word: string, locale = '') => ada.sends('/admin/settings/words', { word, instead: '', locale })
  expect((await adds('Ledgerbot')).status).toBe(303)
  const again = await adds('ledgerbot')
  expect(again.status).toBe(409)
  expect(again.text).toMatch(/value="ledgerbot"[\s\S]*id="word-wrong">This word is on the list already/)
  expect((await adds('ledgerbot', 'fr')).status).toBe(303)
  expect((await adds('***')).text).toContain('There is no word in this')
  expect((await adds('')).status).toBe(422)
  expect((await ben.sends('/admin/settings/words', { word: 'x', instead: '', locale: '' })).status).toBe(403)
})

test('the list ends somewhere', async () => {
  const { change } = await desk()
  await change({ kind: 'setup' }, async (it) => {
    for (let count = 0; count < 200; count += 1) await addJargon(it, { word: `word${count}` })
    await expect(addJargon(it, { word: 'one more' })).rejects.toThrow('The list is full')
  })
})
