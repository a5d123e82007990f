import { expect, test } from 'vitest'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { draftIncident } from '../../../src/domain/incidents/drafts.ts'
import { openIncidents, readIncidentOrDraft } from '../../../src/domain/incidents/queries.ts'
import { readComponent } from '../../../src/domain/components/queries.ts'
import { noticesNotOver } from '../../../src/domain/notices/queries.ts'
import { openMaintenances } from '../../../src/domain/maintenances/queries.ts'
import { readSite } from '../../../src/domain/site/queries.ts'
import { people } from '../../people.ts'
import { world } from '../../world.ts'

async function desk() {
  const it = await world()
  const team = await people(it)
  const component = await it.change({ kind: 'command', name: 'test' }, (change) =>
    createComponent(change, { name: 'Card payments' }),
  )
  return { it, ...team, component }
}

const word = { stage: 'investigating', name: 'Cards are declined', body: 'We are looking into it.', promise: '30' }
const persian = { name: 'کارت‌ها پذیرفته نمی‌شوند', body: 'در حال بررسی هستیم.' }

test('an incident is told in two languages at once, each to its readers', async () => {
  const { it, ben } = await desk()
  const sent = await ben.sends('/admin/incidents', {
    ...word,
    'translations.fa.name': persian.name,
    'translations.fa.body': persian.body,
    'translations.fr.name': '',
    'translations.fr.body': ' ',
  })
  expect(sent.status).toBe(303)
  const inPersian = (await ben.opens('/fa/')).text
  expect(inPersian).toContain('<html lang="fa" dir="rtl"')
  expect(inPersian).toContain(persian.name)
  expect(inPersian).toContain(persian.body)
  expect(inPersian).not.toContain(word.body)
  const original = (await ben.opens('/')).text
  expect(original).toContain(word.name)
  expect(original).not.toContain(persian.name)
  const [incident] = await openIncidents(it.db)
  expect(incident).toMatchObject({ translations: { fa: { name: persian.name } } })
  expect(incident?.updates[0]?.translations).toEqual({ fa: { body: persian.body } })
})

test('why no next update is promised is told in other languages, and in the original where it is not', async () => {
  const { it, ben } = await desk()
  const reason = { english: 'Our provider decides.', persian: 'تأمین‌کننده ما تصمیم می‌گیرد.' }
  const unpromised = { ...word, promise: 'none', noPromiseReason: reason.english }
  await ben.sends('/admin/incidents', { ...unpromised, 'translations.fa.noPromiseReason': reason.persian })
  const inPersian = (await ben.opens('/fa/')).text
  expect(inPersian).toContain(reason.persian)
  expect(inPersian).not.toContain(reason.english)
  expect((await ben.opens('/fr/')).text).toContain(`<bdi lang="en" dir="ltr">${reason.english}</bdi>`)
  expect((await ben.opens('/')).text).not.toContain(reason.persian)

  const [incident] = await openIncidents(it.db)
  const seen = incident?.updates[0]?.id ?? ''
  await ben.sends(`/admin/incidents/${incident?.id}/updates`, {
    stage: 'identified',
    body: 'We found it.',
    promise: '30',
    seen,
    'translations.fa.noPromiseReason': reason.persian,
  })
  const [next] = (await openIncidents(it.db))[0]?.updates ?? []
  expect(next, 'nobody declines to promise').toMatchObject({ noPromiseReason: null, translations: {} })
})

test('why no next update is promised stays in other languages when the words are corrected', async () => {
  const { it, ben } = await desk()
  const persianReason = 'تأمین‌کننده ما تصمیم می‌گیرد.'
  await ben.sends('/admin/incidents', {
    ...word,
    promise: 'none',
    noPromiseReason: 'Our provider decides.',
    'translations.fa.body': persian.body,
    'translations.fa.noPromiseReason': persianReason,
  })
  const [incident] = await openIncidents(it.db)
  const [update] = incident?.updates ?? []
  await ben.sends(`/admin/incidents/${incident?.id}/updates/${update?.id}/correct`, {
    body: 'We look into it with them.',
    reason: 'They joined us.',
    seen: update?.updatedAt ?? '',
    'translations.fa.body': '',
  })
  expect((await openIncidents(it.db))[0]?.updates[0]).toMatchObject({
    body: 'We look into it with them.',
    translations: { fa: { noPromiseReason: persianReason } },
  })
})

test('a draft that is opened again shows why it promises nothing, in every language', async () => {
  const { it, ben, component } = await desk()
  const id = await it.change({ kind: 'command', name: 'test' }, (change) =>
    draftIncident(change, {
      name: 'Cards are declined',
      body: 'We are looking into it.',
      noPromiseReason: 'Our provider decides.',
      beganAt: it.clock.now(),
      components: [{ id: component, status: 'partial_outage' }],
      translations: { fr: { noPromiseReason: 'Notre fournisseur décide.' } },
    }),
  )
  const path = `/admin/drafts/${id}`
  const shown = (await ben.opens(path)).text
  expect(shown).toContain('<input type="radio" name="promise" value="none" checked>')
  expect(shown).toContain('value="Our provider decides."')
  expect(shown).toContain('value="Notre fournisseur décide."')

  const keeps = async (noPromiseReason: string) => {
    await ben.sends(path, {
      ...word,
      promise: 'none',
      noPromiseReason,
      'translations.fr.noPromiseReason': 'Notre fournisseur décide.',
      [`component.${component}`]: 'partial_outage',
      intent: 'save',
      seen: (await readIncidentOrDraft(it.db, id))?.updatedAt ?? '',
    })
    return readIncidentOrDraft(it.db, id)
  }
  const reason = 'Our provider decides.'
  expect(await keeps(reason)).toMatchObject({
    noPromiseReason: reason,
    updates: [{ translations: { fr: { noPromiseReason: 'Notre fournisseur décide.' } } }],
  })
  expect(await keeps('We wait for them.'), 'rewritten').toMatchObject({
    noPromiseReason: 'We wait for them.',
    updates: [{ translations: {} }],
  })
})

test('a name in another language is shown to be changed, and left empty it goes', async () => {
  const { it, ada, component } = await desk()
  const path = `/admin/components/${component}`
  const form = { name: 'Card payments', description: '', groupId: '', shown: 'always', bars: 'shown', startDate: '' }
  const field = 'translations.fr.name'
  const closed = (await ada.opens(path)).text
  expect(closed).toContain('<details class="languages">')
  expect(closed).toContain(
    '<input id="translations.fa.name" name="translations.fa.name" type="text" value="" lang="fa" dir="rtl">',
  )
  expect(closed).not.toContain('translations.en.')

  await ada.sends(path, { ...form, [field]: 'Paiement par carte' })
  expect((await readComponent(it.db, component))?.translations).toEqual({ fr: { name: 'Paiement par carte' } })
  expect((await ada.opens('/fr/')).text).toContain('Paiement par carte')
  const shown = (await ada.opens(path)).text
  expect(shown).toContain('<details class="languages" open>')
  expect(shown).toContain('In other languages: <bdi lang="fr" dir="ltr">Français</bdi>')
  expect(shown).toContain('value="Paiement par carte"')

  await ada.sends(path, form)
  expect((await readComponent(it.db, component))?.translations).toEqual({ fr: { name: 'Paiement par carte' } })
  await ada.sends(path, { ...form, [field]: '' })
  expect((await readComponent(it.db, component))?.translations).toEqual({})
  expect((await ada.opens('/fr/')).text).not.toContain('Paiement par carte')
})

test('a bad translation is refused beside its field, with everything that was typed', async () => {
  const { it, ben } = await desk()
  const long = 'x'.repeat(256)
  const fields = { ...word, 'translations.fr.name': long, 'translations.fa.body': persian.body }
  const { status, text } = await ben.sends('/admin/incidents', fields)
  expect(status).toBe(422)
  expect(text).toContain('<details class="languages" open>')
  expect(text).toMatch(
    /id="translations\.fr\.name"[^>]* aria-describedby="translations\.fr\.name-wrong" aria-invalid="true"/,
  )
  expect(text).toMatch(/<strong class="wrong" id="translations\.fr\.name-wrong">This is too long/)
  for (const typed of [long, persian.body, word.name, word.body]) expect(text).toContain(typed)
  expect(await openIncidents(it.db)).toEqual([])
})

test.each([
  ['a language that there is not', 'translations.tlh.name', 'The field “tlh” is not known here'],
  ['a field that there is not', 'translations.fr.title', 'The field “title” is not known here'],
  ['no field', 'translations.fr', 'The field “” is not known here'],
  ['a name that is no language', 'translations.__proto__.name', 'The field “__proto__” is not known here'],
])('%s is refused in words', async (_case, field, why) => {
  const { it, ben } = await desk()
  const { status, text } = await ben.sends('/admin/incidents', { ...word, [field]: 'x' })
  expect([status, text.includes(why)]).toEqual([422, true])
  expect(await openIncidents(it.db)).toEqual([])
})

test('an update, a corrected title, a notice, a plan and the page itself are told in other languages', async () => {
  const { it, ada } = await desk()
  await ada.sends('/admin/incidents', word)
  const [incident] = await openIncidents(it.db)
  const path = `/admin/incidents/${incident?.id}`
  await ada.sends(`${path}/updates`, {
    stage: 'identified',
    body: 'We found it.',
    promise: '30',
    seen: incident?.updates[0]?.id ?? '',
    'translations.fr.body': 'Nous l’avons trouvé.',
  })
  const facts = { name: word.name, beganAt: '', severityOverride: '' }
  await ada.sends(`${path}/change`, { ...facts, 'translations.fr.name': 'Cartes refusées' })
  expect((await openIncidents(it.db))[0]).toMatchObject({
    translations: { fr: { name: 'Cartes refusées' } },
    updates: [{ translations: { fr: { body: 'Nous l’avons trouvé.' } } }, { translations: {} }],
  })

  const french = { 'translations.fr.name': 'Titre', 'translations.fr.body': 'Texte' }
  await ada.sends('/admin/notices', { name: 'Closed', body: 'On Monday.', shownFrom: '', shownUntil: '', ...french })
  expect(await noticesNotOver(it.db, it.clock.now())).toMatchObject([
    { translations: { fr: { name: 'Titre', body: 'Texte' } } },
  ])
  const window = { plannedFrom: '2026-11-22T10:00', plannedUntil: '2026-11-22T11:00', runsBy: 'clock' }
  await ada.sends('/admin/maintenances', { name: 'Upgrade', body: 'Nothing breaks.', ...window, ...french })
  const [planned] = await openMaintenances(it.db)
  expect(planned).toMatchObject({ translations: { fr: { name: 'Titre' } } })
  const said = { verb: 'update', body: 'All is ready.', 'translations.fr.body': 'Tout est prêt.' }
  await ada.sends(`/admin/maintenances/${planned?.id}/updates`, said)
  expect((await openMaintenances(it.db))[0]?.updates[0]).toMatchObject({
    translations: { fr: { body: 'Tout est prêt.' } },
  })

  const page = { name: 'Northwind', description: 'Shops', zone: 'UTC', locale: 'en' }
  await ada.sends('/admin/settings', { ...page, 'translations.fr.description': 'Boutiques' })
  expect((await readSite(it.db)).translations).toEqual({ fr: { description: 'Boutiques' } })
})

test('saved as it stands, nothing is told to have changed', async () => {
  const { it, ben } = await desk()
  await ben.sends('/admin/incidents', { ...word, 'translations.fr.name': 'Cartes refusées' })
  const [incident] = await openIncidents(it.db)
  const path = `/admin/incidents/${incident?.id}/change`
  const before = await it.latestVersion()
  const facts = { name: word.name, beganAt: '2026-11-21T12:00', severityOverride: '' }
  expect((await ben.sends(path, { ...facts, 'translations.fr.name': 'Cartes refusées' })).status).toBe(303)
  expect(await it.latestVersion()).toBe(before)
})

test('words that are rewritten in a draft lose the translations that were left, and keep the ones that came', async () => {
  const { it, ben, component } = await desk()
  const french = { name: 'Paiements en panne', body: 'Nos sondes échouent.\nNous regardons.' }
  const id = await it.change({ kind: 'probe', id: 'p', name: 'Checkout' }, (change) =>
    draftIncident(change, {
      name: 'Payments are down',
      body: 'Our probes fail.\nWe look.',
      translations: { fr: french, fa: persian },
      components: [{ id: component, status: 'major_outage' }],
      beganAt: change.now,
    }),
  )
  expect((await ben.opens(`/admin/drafts/${id}`)).text).toContain('value="Paiements en panne"')
  await ben.sends(`/admin/drafts/${id}`, {
    ...word,
    name: 'Payments are down',
    [`component.${component}`]: 'major_outage',
    intent: 'save',
    seen: it.clock.now(),
    'translations.fr.name': french.name,
    'translations.fr.body': french.body.replace('\n', '\r\n'),
    'translations.fa.name': persian.name,
    'translations.fa.body': 'کارت‌ها را بررسی می‌کنیم.',
  })
  const draft = await readIncidentOrDraft(it.db, id)
  expect(draft?.translations).toEqual({ fr: { name: french.name }, fa: { name: persian.name } })
  expect(draft?.updates[0]?.translations).toEqual({ fa: { body: 'کارت‌ها را بررسی می‌کنیم.' } })
})

test('a word in another language on a plan needs its original', async () => {
  const { it, ben } = await desk()
  const window = { plannedFrom: '2026-11-22T10:00', plannedUntil: '2026-11-22T11:00', runsBy: 'clock' }
  await ben.sends('/admin/maintenances', { name: 'Upgrade', body: 'Nothing breaks.', ...window })
  const [planned] = await openMaintenances(it.db)
  const path = `/admin/maintenances/${planned?.id}/change`
  const { status, text } = await ben.sends(path, {
    name: 'Upgrade',
    body: '',
    ...window,
    'translations.fr.body': 'Oui.',
  })
  expect([status, text.includes('A translation needs its original')]).toEqual([422, true])
})
