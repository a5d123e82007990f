import { expect, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { openIncidents } from '../../../src/domain/incidents/queries.ts'
import { openMaintenances } from '../../../src/domain/maintenances/queries.ts'
import { templates } from '../../../src/domain/templates/queries.ts'
import { people } from '../../people.ts'
import { world } from '../../world.ts'

const list = '/admin/templates'
const payments = {
  name: 'Payments',
  use: 'incident',
  title: '{{component}} fail',
  body: '{{component}} fail since {{time:since when}}. {{text:who is affected}}',
  'translations.fr.body': '{{component}} : en panne depuis {{time:since when}}.',
}

test('a template is written, listed, changed and removed', async () => {
  const { it, ben } = await desk()
  expect((await ben.opens(list)).text).toContain('No template yet')
  expect((await ben.sends(list, payments, `${list}/new`)).headers['location']).toBe(`${list}?done=created`)
  const [template] = await templates(it.db)
  expect((await ben.opens(list)).text).toContain(`<a href="${list}/${template?.id}">Payments</a>`)
  await ben.sends(`${list}/${template?.id}`, { ...payments, name: 'Card payments' }, `${list}/${template?.id}`)
  expect((await ben.opens(`${list}/${template?.id}`)).text).toContain('value="Card payments"')
  await ben.sends(`${list}/${template?.id}/remove`)
  expect(await templates(it.db)).toEqual([])
})

test('a place that there is not is refused beside its field, with everything that was typed', async () => {
  const { it, ben } = await desk()
  const refused = await ben.sends(list, { ...payments, 'translations.fr.body': '{{nom}} en panne' }, `${list}/new`)
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('id="translations.fr.body-wrong"')
  expect(refused.text).toContain('{{nom}} en panne</textarea>')
  expect(await templates(it.db)).toEqual([])
})

test('chosen, it fills the composer and asks for what is missing; filled in once, it is said in each language', async () => {
  const { it, ben, component } = await desk()
  await ben.sends(list, payments, `${list}/new`)
  const [template] = await templates(it.db)
  const page = (await ben.opens(`/admin/incidents/new?template=${template?.id}`)).text
  expect(page).toContain('>\n{{component}} fail since {{time:since when}}. {{text:who is affected}}</textarea>')
  expect(page).toContain('name="fill.time:since when" type="datetime-local"')
  expect(page).toContain('name="fill.text:who is affected" type="text"')
  const filled = {
    stage: 'investigating',
    name: payments.title,
    body: payments.body,
    'translations.fr.body': payments['translations.fr.body'],
    promise: '30',
    [`component.${component}`]: 'major_outage',
    'fill.time:since when': '2026-11-21T11:42',
    'fill.text:who is affected': 'Nobody in Asia is.',
  }
  const seen = (await ben.sends('/admin/preview', filled)).text
  expect(seen).toContain('Card payments fail since 11:42 UTC. Nobody in Asia is.')
  expect((await ben.sends('/admin/incidents', filled)).status).toBe(303)
  const [incident] = await openIncidents(it.db)
  expect(incident).toMatchObject({ name: 'Card payments fail' })
  expect(incident?.updates[0]?.body).toBe('Card payments fail since 11:42 UTC. Nobody in Asia is.')
  expect(incident?.updates[0]?.translations['fr']?.body).toContain('en panne depuis 11:42')
})

test('in an update, the systems are those of the incident where none is named anew', async () => {
  const { it, ben, component } = await desk()
  const first = { stage: 'investigating', body: 'We look.', [`component.${component}`]: 'major_outage' }
  await ben.sends('/admin/incidents', first)
  const [incident] = await openIncidents(it.db)
  const update = { stage: 'identified', body: '{{component}} fail.', seen: incident?.updates[0]?.id ?? '' }
  const seen = (await ben.sends('/admin/preview', { ...update, incident: incident?.id ?? '' })).text
  expect(seen).toContain('<p>Card payments fail.</p>')
  expect((await ben.sends(`/admin/incidents/${incident?.id}/updates`, update)).status).toBe(303)
})

test.each([
  ['{{text:who is affected}} fail.', {}, '“{{text:who is affected}}” is not filled in yet', 'body-wrong'],
  ['{{text}} fail.', { 'fill.text': '' }, '“{{text}}” is not filled in yet', 'fill.text-wrong'],
  ['{{component}} fail.', {}, 'stands for their names', ''],
  ['See {{link}}.', { 'fill.link': 'ftp://files.example' }, 'an address such as https', 'fill.link-wrong'],
  ['For {{duration}}.', { 'fill.duration': 'long' }, 'a number of minutes', 'fill.duration-wrong'],
])('what is not filled in is refused at publishing by its name: %s', async (body, fills, words, wrong) => {
  const { it, ben } = await desk()
  const refused = await ben.sends('/admin/incidents', { stage: 'investigating', name: 'x', body, ...fills })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain(words)
  expect(refused.text).toContain(wrong)
  expect(await openIncidents(it.db)).toEqual([])
})

test('maintenance is announced with a template, and its words are kept while they are typed', async () => {
  const { it, ben, component } = await desk()
  const page = '/admin/maintenances/new'
  await ben.sends(
    list,
    { ...payments, use: 'maintenance', body: '{{component}} rests for {{duration}}.' },
    `${list}/new`,
  )
  const [template] = await templates(it.db)
  expect((await ben.opens(`${page}?template=${template?.id}`)).text).toContain('name="fill.duration" type="number"')
  const plan = {
    scratch: 'maintenance',
    name: 'Upgrade',
    body: '{{component}} rests for {{duration}}.',
    plannedFrom: '2026-11-22T01:00',
    plannedUntil: '2026-11-22T02:00',
    components: [component],
    runsBy: 'clock',
  }
  await ben.sends('/admin/scratches', plan, page)
  expect((await ben.opens(page)).text).toMatch(/value="Upgrade"[^]*rests for[^]*value="[^"]+" checked/)
  expect((await ben.sends('/admin/maintenances', plan, page)).status).toBe(422)
  expect((await ben.sends('/admin/maintenances', { ...plan, 'fill.duration': '30' }, page)).status).toBe(303)
  const [maintenance] = await openMaintenances(it.db)
  expect(maintenance?.updates[0]?.body).toBe('Card payments rests for 30 minutes.')
  expect((await ben.opens(page)).text).not.toContain('value="Upgrade"')
  const work = { scratch: `work:${maintenance?.id}`, body: 'We are earl' }
  await ben.sends('/admin/scratches', work, `/admin/maintenances/${maintenance?.id}`)
  expect((await ben.opens(`/admin/maintenances/${maintenance?.id}`)).text).toContain('We are earl</textarea>')
})

test('what somebody had begun stays where they choose a template', async () => {
  const { it, ben } = await desk()
  await ben.sends(list, payments, `${list}/new`)
  await ben.sends('/admin/scratches', { scratch: 'incident', body: 'Mine.' })
  const [template] = await templates(it.db)
  const page = (await ben.opens(`/admin/incidents/new?template=${template?.id}`)).text
  expect(page).toContain('>\nMine.\n\n{{component}} fail since')
})

async function desk() {
  const it = await world()
  const component = await it.change({ kind: 'command', name: 'test' }, (change) =>
    createComponent(change, { name: 'Card payments' }),
  )
  return { it, component, ...(await people(it)) }
}
