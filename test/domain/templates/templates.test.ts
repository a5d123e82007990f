import { expect, test } from 'vitest'
import { changeTemplate, createTemplate, removeTemplate } from '../../../src/domain/templates/commands.ts'
import { filledIn, placeholderFault, placeholdersIn } from '../../../src/domain/templates/placeholders.ts'
import { readTemplate, templates } from '../../../src/domain/templates/queries.ts'
import type { Instant } from '../../../src/lib/clock.ts'
import { desk } from '../desk.ts'

const now = '2026-11-21T12:00:00.000Z' as Instant
const body = '{{component}} fail since {{time:since when}}. {{text:who is affected}} Next: {{duration}} {{link}}'

test('the places of texts, each once, with what to ask for', () => {
  expect(placeholdersIn(body, 'Again {{component}}, {{ text : why }}')).toEqual([
    { key: 'component', type: 'component', label: 'Systems' },
    { key: 'time:since when', type: 'time', label: 'since when' },
    { key: 'text:who is affected', type: 'text', label: 'who is affected' },
    { key: 'duration', type: 'duration', label: 'How long' },
    { key: 'link', type: 'link', label: 'Link' },
    { key: 'text:why', type: 'text', label: 'why' },
  ])
})

test.each([
  ['Nothing to fill.', null],
  [body, null],
  ['{{name}} fails', '“{{name}}” is no placeholder'],
  ['{{#if x}}…{{/if}}', '“{{#if x}}” is no placeholder'],
  ['{{text:}}', '“{{text:}}” is no placeholder'],
  ['{{component} fails', 'begins with {{ and ends with }}'],
])('%s', (text, fault) => {
  const found = placeholderFault(text)
  if (fault === null) expect(found).toBeNull()
  else expect(found).toContain(fault)
})

test.each([
  ['en', 'Search and Card payments fail since 11:30 UTC, for 1 hour, 30 minutes.'],
  ['fr', 'Search et Card payments fail since 11:30 UTC, for 1 heure et 30 minutes.'],
])('what is put in is said as the language says it: %s', (locale, said) => {
  const text = filledIn(
    '{{component}} fail since {{time}}, for {{duration}}.',
    new Map([
      ['component', { type: 'component', names: ['Search', 'Card payments'] }],
      ['time', { type: 'time', at: '2026-11-21T11:30:00.000Z' as Instant }],
      ['duration', { type: 'duration', seconds: 5400 }],
    ]),
    { locale, zone: 'UTC', now },
  )
  expect(text.replaceAll(/\s/g, ' ')).toBe(said)
})

test('what nobody filled stays, and what was filled is not read again', () => {
  const fillings = new Map([['text', { type: 'text', text: '{{time}} $1' } as const]])
  expect(filledIn('{{text}} {{link}}', fillings, { locale: 'en', zone: 'UTC', now })).toBe('{{time}} $1 {{link}}')
})

test('a template is made, changed and removed, each with its event', async () => {
  const it = await desk()
  const given = { name: 'Payments', use: 'incident', title: '{{component}} fail', body }
  const id = await it.does((change) => createTemplate(change, { ...given, translations: { fr: { body: 'Panne.' } } }))
  expect(await templates(it.db, 'incident')).toMatchObject([
    { id, name: 'Payments', locale: 'en', translations: { fr: { body: 'Panne.' } } },
  ])
  expect(await templates(it.db, 'update')).toEqual([])
  await it.does((change) => changeTemplate(change, id, { ...given, use: 'update' }))
  await it.does((change) => changeTemplate(change, id, { ...given, use: 'update' }))
  expect(await readTemplate(it.db, id)).toMatchObject({ use: 'update', translations: {} })
  await it.does((change) => removeTemplate(change, id))
  await expect(it.does((change) => removeTemplate(change, id))).rejects.toThrow('no such template')
  expect(await it.events()).toMatchObject([
    { type: 'template.created' },
    { type: 'template.changed', data: { fields: ['use', 'translations'] } },
    { type: 'template.removed', data: { name: 'Payments' } },
  ])
})

test('a place that nobody could fill is refused when it is written, by its field', async () => {
  const it = await desk()
  const given = { name: 'x', use: 'update', body: 'fine', translations: { fr: { body: '{{nom}} est en panne' } } }
  const before = await it.everything()
  await expect(it.does((change) => createTemplate(change, given))).rejects.toMatchObject({
    field: 'translations.fr.body',
    message: /“\{\{nom\}\}” is no placeholder/,
  })
  expect(await it.everything()).toBe(before)
})
