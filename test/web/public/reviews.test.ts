import supertest from 'supertest'
import { expect, test } from 'vitest'
import { addAction, changeAction, completeAction, dropAction } from '../../../src/domain/reviews/actions.ts'
import { correctReview } from '../../../src/domain/reviews/commands.ts'
import { noteOverdueActions } from '../../../src/domain/reviews/overdue.ts'
import { watchPromises } from '../../../src/domain/promises/watch.ts'
import { locales } from '../../../src/domain/site/site.ts'
import { htmlValidator } from '../../html-validator.ts'
import { everyHead, lookingBack } from '../../domain/reviews/looking-back.ts'

const validator = htmlValidator({
  extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
  rules: { 'require-sri': ['error', { target: 'crossorigin' }] },
})

async function page() {
  const here = await lookingBack()
  const { app, publication } = await here.app()
  const html = async (locale = '') => {
    await publication.catchUp()
    return (await supertest(app.server).get(`${locale}/incidents/${here.incidentId}`).expect(200)).text
  }
  const text = async (locale = '') =>
    (await html(locale))
      .replaceAll(/<(?:svg|script|style)[\s\S]*?<\/(?:svg|script|style)>/g, '')
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/\s+/g, ' ')
  return { ...here, app, publication, html, text }
}

test('from the moment of resolution the page says by when a review is owed', async () => {
  const here = await page()
  const html = await here.html()
  expect(await here.text()).toContain('Review owed by 24 November at 13:00')
  expect(html).toContain('data-by="2026-11-24T13:00:00.000Z"')
  // What the script shows when that time has passed without anybody.
  expect(html).toMatch(/<span class="late" hidden>We promised a review by/)
})

test('it says that it is late, and afterwards that it was', async () => {
  const here = await page()
  here.clock.advance('3d')
  here.clock.advance('1h')
  await watchPromises(here)
  expect(await here.text()).toContain('We promised a review by 13:00 and are late.')
  await here.publishes({ as: 'preliminary' })
  const said = await here.text()
  expect(said).toContain('Final review owed by 5 December at 13:00')
  expect(said).toContain('Review promised by 13:00: it came 1 hour late.')
})

test('a review stands under its heads, and what is not known yet is said not to be', async () => {
  const here = await page()
  const { data: _data, ...rest } = everyHead
  await here.publishes({ heads: rest, as: 'preliminary', author: 'The search team' })
  const said = await here.text()
  expect(said).toContain('Preliminary: what we know so far, published 13:00')
  expect(said).toContain('Signed by The search team')
  expect(said).toContain(`What you saw ${everyHead.saw}`)
  expect(said).toContain('Was data lost or exposed? We do not know this yet.')
})

test('actions stand with their state, in a word: overdue ones say so from the next day on, without anybody', async () => {
  const here = await page()
  await here.publishes()
  const add = (title: string, dueOn: string, owner?: string) =>
    here.does((it) => addAction(it, here.incidentId, { title, dueOn, owner }))
  await add('Check indexes', '2026-11-23', 'Search team')
  const built = await add('Build a second index', '2026-11-28')
  const bought = await add('Buy disks', '2026-12-01')
  await here.does((it) => completeAction(it, built, { word: 'It is built every night.' }))
  await here.does((it) => dropAction(it, bought, { word: 'There is room enough.' }))
  await here.does((it) => changeAction(it, bought, { owner: 'Ines' }))
  const before = await here.text()
  expect(before).toContain('Check indexes Open due Monday, 23 November 2026Search team sees to it')
  expect(before).toContain(
    'Build a second index Done done 13:00due Saturday, 28 November 2026 It is built every night.',
  )
  expect(before).toContain('Buy disks Given up')
  here.clock.advance('3d')
  expect(await here.text()).toContain('Check indexes Overdue due Monday, 23 November 2026')
  await noteOverdueActions(here)
  expect(await here.text()).toContain('Check indexes Overdue')
})

test('a correction is told with its reason, and what stood there stays readable', async () => {
  const here = await page()
  await here.publishes()
  here.clock.advance('1h')
  const heads = { ...everyHead, data: 'Three searches were answered twice.' }
  await here.does((it) => correctReview(it, here.incidentId, { heads, reason: 'We had counted wrongly.' }))
  const said = await here.text()
  expect(said).toContain('Corrected 14:00 Why: We had counted wrongly.')
  expect(said).toContain('What this review said before Until 14:00 Was data lost or exposed? No data was lost')
})

test('a translation that lags says so, and leads to the words that are newer', async () => {
  const here = await page()
  await here.publishes({ translations: { fr: { why: 'Rien ne vérifiait l’index.' } } })
  expect(await here.text('/fr')).not.toContain('plus récent')
  here.clock.advance('1h')
  const heads = { ...everyHead, why: 'Nothing at all checked it.' }
  await here.does((it) => correctReview(it, here.incidentId, { heads, reason: 'To be exact.' }))
  const html = await here.html('/fr')
  expect(html).toContain('Rien ne vérifiait')
  expect(html).toContain(`href="/incidents/${here.incidentId}#review-why"`)
  // Words that nobody translated stand in their own language.
  expect(html).toContain('<div class="text" lang="en" dir="ltr"><p>Searches failed')
})

test('the Markdown twin tells the review too', async () => {
  const here = await page()
  await here.publishes({ actions: [{ title: 'Check *indexes*', dueOn: '2026-12-04' }] })
  await here.publication.catchUp()
  const { text } = await supertest(here.app.server).get(`/incidents/${here.incidentId}.md`).expect(200)
  expect(text).toContain('### What you saw')
  expect(text).toContain('Check \\*indexes\\*: Open, due Friday, 4 December 2026')
})

test.each(locales)('the page is well-formed in %s', async (locale) => {
  const here = await page()
  const { data: _data, next: _next, ...rest } = everyHead
  const actions = [{ title: '</li><b>"Check"', dueOn: '2026-11-23', owner: '<Ines>' }]
  await here.publishes({
    heads: rest,
    as: 'preliminary',
    actions,
    translations: { fa: { saw: 'جست‌وجو کار نمی‌کرد.' } },
  })
  here.clock.advance('3d')
  const report = await validator.validateString(await here.html(locale === 'en' ? '' : `/${locale}`))
  expect(report.results.flatMap(({ messages }) => messages.map(({ message, line }) => `${line}: ${message}`))).toEqual(
    [],
  )
})
