import { expect, test } from 'vitest'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { openIncident } from '../../../../src/domain/incidents/commands.ts'
import { inTransaction } from '../../../../src/database/database.ts'
import { eventsAfter } from '../../../../src/domain/changes/log.ts'
import { toldOf } from '../../../../src/domain/deliveries/tell.ts'
import { readSite } from '../../../../src/domain/site/queries.ts'
import { later } from '../../../../src/lib/clock.ts'
import { compose } from '../../../../src/outbound/notify/compose.ts'
import { layoutOf } from '../../../../src/outbound/notify/mail-body.ts'
import { sampleRecipient, toldMessage } from '../../../outbound/notify/samples.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

test('page, feed and mail are shown in each language, and which is not written yet', async () => {
  const { ada, component } = await desk()
  const { text } = await ada.sends('/admin/preview', {
    stage: 'investigating',
    body: 'Cards **fail**.',
    [`component.${component}`]: 'partial_outage',
    promise: '30',
    'translations.fr.body': 'Les cartes **échouent**.',
  })
  expect(text).toContain('Card payments: partly down')
  expect(panel(text, 'en')).toContain('Cards <strong>fail</strong>.')
  expect(panel(text, 'en')).toContain('Next update by')
  expect(panel(text, 'en')).toContain('- Card payments · Partly down')
  expect(panel(text, 'en')).toContain('<strong>Investigating</strong> - Cards <strong>fail</strong>.')
  expect(panel(text, 'fr')).toContain('Les cartes <strong>échouent</strong>.')
  expect(panel(text, 'fr')).toContain('Panne partielle')
  expect(panel(text, 'fr')).not.toContain('Not written yet')
  expect(panel(text, 'fa')).toContain('Not written yet. Readers see the English text until then.')
  expect(panel(text, 'fa')).toContain('lang="en" dir="ltr"><p>Cards <strong>fail</strong>.</p>')
  expect(text).toContain('As somebody who follows everything reads it')
})

test('the mail that is shown is the mail that is sent', async () => {
  const { it, ada, component } = await desk()
  const words = {
    name: 'Cards <b>fail</b>',
    stage: 'investigating',
    body: 'Cards **fail** at <%= shop %>.',
  }
  const french = 'Les cartes échouent.'
  const seen = await ada.sends('/admin/preview', {
    ...words,
    'translations.fr.body': french,
    [`component.${component}`]: 'partial_outage',
    promise: '60',
  })
  const since = await it.latestVersion()
  const id = await it.change({ kind: 'operator', id: 'z', name: 'Zoe' }, (change) =>
    openIncident(change, {
      ...words,
      translations: { fr: { body: french } },
      components: [{ id: component, status: 'partial_outage' }],
      nextUpdateBy: later(it.clock.now(), 60 * 60),
    }),
  )
  const events = await eventsAfter(it.db, since, 10)
  const opened = events.find(({ type }) => type === 'incident.opened')
  const told = opened && (await inTransaction(it.db, (tx) => toldOf(tx, opened)))
  if (!told) throw new Error('Nothing was told.')
  const site = await readSite(it.db)
  for (const locale of ['en', 'fr', 'fa']) {
    const recipient = sampleRecipient(locale, { zone: site.zone })
    const about = { site, url: it.config.url, vault: it.vault, leaveTo: null, now: it.clock.now() }
    const letter = compose([{ ...toldMessage(told), at: it.clock.now() }], recipient, about)
    const withoutSecrets = (text: string): string => text.replaceAll(/(manage|leave)\/\S+/g, '$1').replaceAll(id, '…')
    const shown = unescaped(/<pre>([^]*?)<\/pre>/.exec(panel(seen.text, locale))?.[1] ?? '')
    expect(withoutSecrets(shown)).toBe(withoutSecrets(layoutOf(letter).text))
    expect(unescaped(panel(seen.text, locale))).toContain(letter.subject)
  }
})

test('what is not finished is looked at all the same, and nothing is written', async () => {
  const { it, ada } = await desk()
  const before = await it.latestVersion()
  const unfinished = { stage: 'investigating', body: 'Cards fail.', promise: 'none', intent: 'schedule' }
  const { status, text } = await ada.sends('/admin/preview', unfinished)
  expect(status).toBe(200)
  expect(text).toContain('Cards fail.')
  expect(await it.latestVersion()).toBe(before)
})

test('an update is shown with what its incident said before: its title, its systems, and the words in the feed', async () => {
  const { it, ada, component } = await desk()
  const id = await it.change({ kind: 'operator', id: 'z', name: 'Zoe' }, (change) =>
    openIncident(change, {
      name: 'Cards fail in Europe',
      stage: 'investigating',
      body: 'We look.',
      components: [{ id: component, status: 'major_outage' }],
    }),
  )
  const { text } = await ada.sends('/admin/preview', {
    incident: id,
    name: 'x',
    stage: 'identified',
    body: 'Our **fault**.',
  })
  const english = panel(text, 'en')
  expect(english).toContain('Cards fail in Europe</h3>')
  expect(english).toContain('<bdi>Card payments</bdi>: Down')
  expect(english).toMatch(/Our <strong>fault<\/strong>\.[^]*We look\./)
})

async function desk() {
  const it = await world()
  const component = await it.change({ kind: 'command', name: 'test' }, (change) =>
    createComponent(change, { name: 'Card payments' }),
  )
  return { it, component, ...(await people(it)) }
}

/** What stands under the tab of a language. */
function panel(html: string, locale: string): string {
  const [, after = ''] = html.split(`id="seen-${locale}"`)
  return after.split('name="seen-in"')[0] ?? ''
}

function unescaped(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
