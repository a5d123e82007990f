import { expect, test } from 'vitest'
import { correctUpdate, withdrawUpdate } from '../../../src/domain/revisions/words.ts'
import type { IncidentEvidence } from '../../../src/domain/regulators/evidence.ts'
import { readIncident } from '../../../src/domain/incidents/queries.ts'
import { people, signsIn } from '../../people.ts'
import { world } from '../../world.ts'

async function incident() {
  const here = await world()
  const everybody = await people(here)
  const { ada } = everybody
  const word = { name: 'Payments fail', stage: 'investigating', body: 'Cards are refused.', promise: '30' }
  const id = (await ada.sends('/admin/incidents', word)).headers['location']?.split(/[/?]/)[3] ?? ''
  const starts = (fields: Readonly<Record<string, string>>) =>
    everybody.ben.sends(`/admin/incidents/${id}/clocks`, { awareAt: '2026-11-21T11:00', ...fields })
  const page = async () => (await everybody.ben.opens(`/admin/incidents/${id}/clocks`)).text
  return { ...here, ...everybody, id, starts, page }
}

/** The words of a page without its marks. */
const plain = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
const clockIn = (html: string): string => /\/admin\/clocks\/([^/"]+)"/.exec(html)?.[1] ?? ''

test('a responder starts a clock on an incident, and the page counts down to what is due', async () => {
  const { starts, page, id } = await incident()
  const sent = await starts({ regime: 'nis2' })
  expect(sent.headers['location']).toBe(`/admin/incidents/${id}/clocks?done=started`)
  const shown = plain(await page())
  expect(shown).toContain('NIS2: significant incident aware 11:00')
  expect(shown).toMatch(/Early warning by 22 Nov,? 11:00\s+due in 23 hours/)
  expect(shown).toContain('counted from the limit of the one before until that is sent')
  expect(shown).toContain('Directive (EU) 2022/2555, Article 23(4)')
  expect(shown).toContain('it is no legal advice')
})

test('a report is entered as sent with one button, and as not sent after all with a reason; both stay', async () => {
  const { ben, starts, page } = await incident()
  await starts({ regime: 'gdpr' })
  const path = `/admin/clocks/${clockIn(await page())}/reports/notification`
  await ben.sends(path, { act: 'done', at: '', note: '' })
  expect(plain(await page())).toContain('Notification to the authority sent 12:00, entered by Ben')
  expect((await ben.sends(path, { act: 'undo', at: '', note: '' })).status).toBe(422)
  await ben.sends(path, { act: 'undo', at: '', note: 'Their form failed.' })
  const shown = plain(await page())
  expect(shown).toContain('Sent, Notification to the authority, 12:00.')
  expect(shown).toContain('Not sent after all, Notification to the authority. Their form failed.')
  expect(shown).toContain('due in')
})

test('what was sent earlier has its own time and note, and one sent late says so', async () => {
  const { ben, starts, page, clock } = await incident()
  await starts({ regime: 'custom', name: 'Notice to the bank', amount: '1', unit: 'hours', runsFrom: 'aware' })
  clock.advance('2h')
  const path = `/admin/clocks/${clockIn(await page())}/reports/report`
  await ben.sends(path, { act: 'done', at: '2026-11-21T13:30', note: 'No. 4711' })
  const shown = plain(await page())
  expect(shown).toContain('sent 13:30, entered by Ben, 1 hour, 30 minutes late')
  expect(shown).toContain('No. 4711')
})

test('when we were aware is corrected with a reason, a classification entered, and a clock let go and taken up', async () => {
  const { ben, starts, page } = await incident()
  await starts({ regime: 'dora', classifiedAt: '' })
  const path = `/admin/clocks/${clockIn(await page())}`
  expect(plain(await page())).toContain('four hours after it is classified')
  const facts = { awareAt: '2026-11-21T10:00', classifiedAt: '2026-11-21T11:30', note: 'A customer called.', why: '' }
  await ben.sends(path, { ...facts, act: 'facts' })
  const shown = plain(await page())
  expect(shown).toContain('aware 10:00 classified 11:30')
  expect(shown).toContain('by 15:30')
  await ben.sends(path, { act: 'let-go', note: '', why: 'It is not major.' })
  expect(plain(await page())).toMatch(/Nothing is owed, entered Ben 12:00: It is not major\./)
  await ben.sends(path, { act: 'take-up', note: '', why: '' })
  expect(plain(await page())).toContain('by 15:30')
})

test('a clock that is refused shows the form again with what was typed', async () => {
  const { starts } = await incident()
  const refused = await starts({ regime: 'custom', name: '', amount: '5', unit: 'days', runsFrom: 'aware' })
  expect(refused.status).toBe(422)
  expect(refused.text).toMatch(/id="name-wrong">Say what is owed/)
  expect((await starts({ regime: 'gdpr', awareAt: '2026-11-21T12:01' })).text).toMatch(/id="awareAt-wrong">/)
})

test('Now shows what is due within a day or overdue, and the most pressing first', async () => {
  const { ada, ben, starts, clock, page } = await incident()
  await starts({ regime: 'gdpr' })
  expect((await ada.opens('/admin')).text).not.toContain('Owed to authorities')
  await starts({ regime: 'custom', name: 'Notice to the bank', amount: '2', unit: 'hours', runsFrom: 'aware' })
  clock.advance('90m')
  const now = plain((await ada.opens('/admin')).text)
  expect(now).toMatch(
    /Owed to authorities Notice to the bank Notice to the bank · “Payments fail” overdue by 30 minutes/,
  )
  expect(now).not.toContain('Notification to the authority')
  clock.advance('50h')
  await signsIn(ada)
  await signsIn(ben)
  expect(plain((await ada.opens('/admin')).text)).toMatch(/overdue by .*Notification to the authority .*due in/)
  expect(await page()).toContain('overdue by')
})

test('the log says who entered what, and readers see nothing of it', async () => {
  const { ada, ben, cy, id, starts, page } = await incident()
  const before = (await cy.opens(`/incidents/${id}`)).text
  await starts({ regime: 'gdpr' })
  await ben.sends(`/admin/clocks/${clockIn(await page())}/reports/notification`, { act: 'done', at: '', note: '' })
  const log = plain((await ada.opens('/admin/log')).text)
  expect(log).toContain('Ben started a clock on “Payments fail”: GDPR: personal data breach.')
  expect(log).toContain('Ben entered as sent on “Payments fail”')
  expect((await cy.opens(`/incidents/${id}`)).text).toBe(before)
})

test('strangers see neither clocks nor evidence', async () => {
  const { agent } = (await incident()).cy
  for (const path of ['clocks', 'evidence', 'evidence.json']) {
    const { status, text } = await agent.get(`/admin/incidents/id1/${path}`)
    expect([status, text.includes('Payments fail')]).toEqual([401, false])
  }
})

test('the evidence holds everything: facts, words with what became of them, promises, clocks, events, hashes', async () => {
  const { ada, ben, id, starts, page, db, change, clock } = await incident()
  await starts({ regime: 'gdpr' })
  await ben.sends(`/admin/clocks/${clockIn(await page())}/reports/notification`, { act: 'done', at: '', note: 'No. 1' })
  clock.advance('10m')
  const actor = { kind: 'operator', id: ada.id, name: 'Ada' } as const
  const [first] = (await readIncident(db, id))?.updates ?? []
  await change(actor, (it) =>
    correctUpdate(it, first?.id ?? '', { body: 'Cards from France are refused.', reason: 'We know more.' }),
  )
  const { text, headers } = await ben.agent
    .get(`/admin/incidents/${id}/evidence.json`)
    .set('sec-fetch-site', 'same-origin')
  const evidence = JSON.parse(text) as IncidentEvidence
  expect(headers['content-disposition']).toBe(`attachment; filename="evidence-${id}.json"`)
  expect(evidence).toMatchObject({
    format: 'candor-evidence/1',
    url: `http://status.example/incidents/${id}`,
    madeBy: 'Ben',
    incident: { id, name: 'Payments fail', toldAt: '2026-11-21T12:00:00.000Z' },
    updates: [{ body: 'Cards from France are refused.', author: 'Ada', withdrawnAt: null }],
    revisions: [{ of: 'update', reason: 'We know more.', author: 'Ada', shownToReaders: 'yes' }],
    clocks: [{ title: 'GDPR: personal data breach', reports: [{ done: { author: 'Ben', note: 'No. 1' } }] }],
  })
  expect(JSON.stringify(evidence.revisions[0]?.before)).toContain('Cards are refused.')
  expect(evidence.events.map(({ type }) => type)).toEqual([
    'incident.opened',
    'clock.started',
    'clock.done',
    'update.corrected',
  ])
  expect(evidence.promises[0]).toMatchObject({ kind: 'update', dueAt: '2026-11-21T12:30:00.000Z' })
  const hashes = await db.selectFrom('ledger').select('hash').where('subject', '=', id).orderBy('seq').execute()
  expect(evidence.ledger.map(({ hash }) => hash)).toEqual(hashes.map(({ hash }) => hash))
  expect(hashes.length).toBeGreaterThan(0)

  const shown = plain((await ben.opens(`/admin/incidents/${id}/evidence`)).text)
  for (const words of [
    'Cards from France are refused.',
    'We know more.',
    'Ben : Sent, Notification to the authority, 2026-11-21 12:00:00+00:00. No. 1',
    hashes[0]?.hash ?? '?',
  ])
    expect(shown).toContain(words)
})

test('what was withdrawn stands in the evidence with its words, which readers no longer see', async () => {
  const { ada, ben, cy, id, db, change } = await incident()
  await ada.sends(`/admin/incidents/${id}/updates`, {
    stage: 'identified',
    body: 'It was a mouse.',
    promise: '30',
    seen: (await readIncident(db, id))?.updates[0]?.id ?? '',
    name: 'Payments fail',
    incident: id,
  })
  const [wrong] = (await readIncident(db, id))?.updates ?? []
  const actor = { kind: 'operator', id: ada.id, name: 'Ada' } as const
  await change(actor, (it) => withdrawUpdate(it, wrong?.id ?? '', { reason: 'It was another incident.' }))
  const shown = plain((await ben.opens(`/admin/incidents/${id}/evidence`)).text)
  expect(shown).toContain('It was a mouse.')
  expect(shown).toMatch(/Withdrawn 2026-11-21 12:00:00\+00:00: It was another incident\./)
  expect((await cy.opens(`/incidents/${id}`)).text).not.toContain('It was a mouse.')
})
