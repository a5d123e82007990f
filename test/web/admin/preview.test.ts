import { expect, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { people } from '../../people.ts'
import { world } from '../../world.ts'

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
  expect(panel(text, 'en')).toContain('- Card payments: Partly down')
  expect(panel(text, 'en')).toContain('<strong>Investigating</strong> - Cards <strong>fail</strong>.')
  expect(panel(text, 'fr')).toContain('Les cartes <strong>échouent</strong>.')
  expect(panel(text, 'fr')).toContain('Panne partielle')
  expect(panel(text, 'fr')).not.toContain('Not written yet')
  expect(panel(text, 'fa')).toContain('Not written yet. Readers see the English text until then.')
  expect(panel(text, 'fa')).toContain('lang="en" dir="ltr"><p>Cards <strong>fail</strong>.</p>')
  expect(text).toContain('0 subscribers will be told: nobody can subscribe yet.')
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
