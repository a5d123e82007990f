import { expect, test } from 'vitest'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { readIncident } from '../../../../src/domain/incidents/queries.ts'
import { openIncident, postUpdate } from '../../../../src/domain/incidents/commands.ts'
import { announceMaintenance } from '../../../../src/domain/maintenances/commands.ts'
import { readMaintenance } from '../../../../src/domain/maintenances/queries.ts'
import { htmlValidator } from '../../../html-validator.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

const said = { name: 'Cards are declined', stage: 'investigating', body: 'All cards are declined.' }

async function desk() {
  const it = await world()
  const team = await people(it)
  const command = { kind: 'command', name: 'test' } as const
  const [cards, search] = await it.change(command, async (change) => [
    await createComponent(change, { name: 'Card payments' }),
    await createComponent(change, { name: 'Search' }),
  ])
  const id = await it.change(command, (change) =>
    openIncident(change, {
      ...said,
      components: [{ id: cards ?? '', status: 'partial_outage' }],
      beganAt: '2026-11-21T11:30:25Z',
    }),
  )
  it.clock.advance('10m')
  const incident = async () => {
    const found = await readIncident(it.db, id)
    if (!found) throw new Error('It is gone.')
    return found
  }
  const update = (await incident()).updates[0]?.id ?? ''
  return { ...team, it, id, incident, update, path: `/admin/incidents/${id}`, search: search ?? '' }
}

/** What a browser sends back of a form that was opened: its hidden field, and what was typed. */
function seenIn(html: string): string {
  return /name="seen" value="([^"]+)"/.exec(html)?.[1] ?? ''
}

test('a word is corrected from the page of its incident, and readers see it', async () => {
  const { ben, incident, update, path, id } = await desk()
  expect((await ben.opens(path)).text).toContain(`href="${path}/updates/${update}/correct"`)
  const form = `${path}/updates/${update}/correct`
  const { text } = await ben.opens(form)
  expect(text).toContain('All cards are declined.</textarea>')
  const input = { body: 'Some cards are declined.', reason: '', seen: seenIn(text) }
  const refused = await ben.sends(form, input)
  expect([refused.status, refused.text.includes('Say why you correct it')]).toEqual([422, true])
  expect(refused.text).toContain('Some cards are declined.</textarea>')

  const done = await ben.sends(form, { ...input, reason: 'Those of one bank work.' })
  expect([done.status, done.headers['location']]).toEqual([303, `${path}?done=corrected`])
  expect((await incident()).updates[0]?.body).toBe('Some cards are declined.')
  expect((await ben.opens(path)).text).toContain('Corrected 12:10 by Ben: Those of one bank work.')
  expect((await ben.opens(`/incidents/${id}`)).text).toMatch(/<del>.*?All<\/del>/)
})

test('an emptied word is refused, and a typing error needs no reason', async () => {
  const { ben, incident, update, path } = await desk()
  const form = `${path}/updates/${update}/correct`
  const { text } = await ben.opens(form)
  const empty = await ben.sends(form, { body: ' ', seen: seenIn(text) })
  expect(empty.text).toContain('Write what it should say, or withdraw the update.')
  await ben.sends(form, { body: 'All cards are refused.', typing: 'yes', reason: '', seen: seenIn(text) })
  expect((await incident()).revisions).toMatchObject([{ reason: null, shown: 'yes' }])
})

test('of two who correct the same word, the second sees both texts and loses nothing', async () => {
  const { ada, ben, incident, update, path } = await desk()
  const form = `${path}/updates/${update}/correct`
  const [hers, his] = [seenIn((await ada.opens(form)).text), seenIn((await ben.opens(form)).text)]
  await ada.sends(form, { body: 'Cards of one bank are declined.', reason: 'The bank says so.', seen: hers })
  const second = await ben.sends(form, { body: 'Some cards are declined.', reason: 'Some work.', seen: his })
  expect(second.status).toBe(409)
  expect(second.text).toContain('Somebody corrected this update meanwhile.')
  expect(second.text).toContain('Both texts')
  expect(second.text).toContain('<p>Cards of one bank are declined.</p>')
  expect(second.text).toContain('Some cards are declined.</textarea>')
  expect((await incident()).updates[0]?.body).toBe('Cards of one bank are declined.')
  // Having seen it, he may.
  const third = await ben.sends(form, { body: 'Some cards.', reason: 'Some work.', seen: seenIn(second.text) })
  expect(third.status).toBe(303)
})

test('a word is withdrawn with a reason; the desk still knows what it said', async () => {
  const { ben, id, update, path, it } = await desk()
  const form = `${path}/updates/${update}/withdraw`
  const { text } = await ben.opens(form)
  expect(text).toContain('<p>All cards are declined.</p>')
  expect((await ben.sends(form, { reason: '', seen: seenIn(text) })).status).toBe(422)
  const done = await ben.sends(form, { reason: 'It was a test.', seen: seenIn(text) })
  expect(done.headers['location']).toBe(`${path}?done=taken-down`)
  expect((await ben.opens(`/incidents/${id}`)).text).not.toContain('All cards')
  const page = (await ben.opens(path)).text
  expect(page).toContain('Withdrawn 12:10: It was a test.')
  expect(page).toContain('<p class="was">All cards are declined.</p>')
  expect((await ben.opens(form)).text).toContain('withdrawn already')
  expect((await ben.opens('/admin/log')).text).toContain('withdrew an update on “Cards are declined”')
  expect((await it.readSnapshot()).openIncidents[0]?.updates).toEqual([])
})

test('words of a maintenance are corrected and withdrawn in the same way', async () => {
  const { it, ben } = await desk()
  const window = { plannedFrom: '2026-11-22T01:00:00Z', plannedUntil: '2026-11-22T02:00:00Z' }
  const id = await it.change({ kind: 'command', name: 'test' }, (change) =>
    announceMaintenance(change, { name: 'Disks', body: 'We change disks.', ...window }),
  )
  it.clock.advance('10m')
  const [update] = (await readMaintenance(it.db, id))?.updates ?? []
  const path = `/admin/maintenances/${id}/updates/${update?.id}`
  const { text } = await ben.opens(`${path}/correct`)
  await ben.sends(`${path}/correct`, { body: 'We change two disks.', reason: 'Two.', seen: seenIn(text) })
  expect((await ben.opens(`/maintenances/${id}`)).text).toMatch(/<ins>.*?two/)
  await ben.sends(`${path}/withdraw`, { reason: 'None.', seen: seenIn((await ben.opens(`${path}/withdraw`)).text) })
  expect((await readMaintenance(it.db, id))?.withdrawn).toMatchObject([{ reason: 'None.' }])
})

test('what a system suffered from is corrected, added and taken back', async () => {
  const { ben, id, incident, path, search } = await desk()
  const [impact] = (await incident()).impacts
  const list = (await ben.opens(`${path}/impacts`)).text
  expect(list).toContain('Partly down')
  const form = `${path}/impacts/${impact?.id}`
  expect(list).toContain(`href="${form}"`)
  expect((await ben.opens(form)).text).toContain('value="2026-11-21T11:30"')

  // The minute was not touched, so its seconds stay.
  const fields = { status: 'major_outage', beganAt: '2026-11-21T11:30', endedAt: '', reason: 'All of them.' }
  const done = await ben.sends(form, fields)
  expect(done.headers['location']).toBe(`${path}/impacts?done=corrected`)
  expect(await incident()).toMatchObject({
    severity: 'critical',
    impacts: [{ status: 'major_outage', beganAt: '2026-11-21T11:30:25.000Z', endedAt: null }],
  })
  const early = await ben.sends(form, { ...fields, endedAt: '2026-11-21T11:00' })
  expect([early.status, early.text.includes('It must end after it began.')]).toEqual([422, true])
  expect(early.text).toContain('value="2026-11-21T11:00"')

  const added = { component: search, status: 'degraded_performance', reason: 'Search too.' }
  await ben.sends(
    `${path}/impacts`,
    { ...added, beganAt: '2026-11-21T11:40', endedAt: '2026-11-21T11:50' },
    `${path}/impacts/new`,
  )
  expect((await incident()).impacts).toHaveLength(2)
  await ben.sends(`${form}/remove`, { ...fields, reason: 'It was search alone.' })
  expect((await incident()).impacts).toMatchObject([{ componentId: search }])
  const after = (await ben.opens(`${path}/impacts`)).text
  expect(after).toContain('Card payments: took back Down, 11:30 – now.')
  const log = (await ben.opens('/admin/log')).text
  expect(log).toContain('took back what a system suffered from in “Cards are declined”')
  expect((await ben.opens(`/incidents/${id}`)).text).toContain('taken back')
})

test('of two who correct the same facts, or the same interval, the second is told', async () => {
  const { ada, ben, path, incident } = await desk()
  const form = `${path}/impacts/${(await incident()).impacts[0]?.id}`
  const fields = { status: 'major_outage', beganAt: '2026-11-21T11:30', endedAt: '', reason: 'All.' }
  const facts = { name: 'Cards fail', beganAt: '2026-11-21T11:30', severityOverride: '', reason: 'All.' }
  for (const [at, input] of [
    [form, fields],
    [`${path}/change`, facts],
  ] as const) {
    const seen = seenIn((await ben.opens(at)).text)
    await ada.sends(at, { ...input, seen: seenIn((await ada.opens(at)).text) })
    const second = await ben.sends(at, { ...input, reason: 'Some.', seen })
    expect([at, second.status, second.text.includes('Somebody corrected this meanwhile.')]).toEqual([at, 409, true])
    expect((await ben.sends(at, { ...input, reason: 'Some.', seen: seenIn(second.text) })).status).toBe(303)
  }
})

test('the start is moved with a reason, which readers see', async () => {
  const { ben, path, id } = await desk()
  const fields = { name: said.name, beganAt: '2026-11-21T11:21', severityOverride: '', reason: '' }
  expect((await ben.sends(`${path}/change`, fields)).text).toContain('Say why you correct it.')
  await ben.sends(`${path}/change`, { ...fields, reason: 'The bank told us.' })
  const page = (await ben.opens(`/incidents/${id}`)).text
  expect(page.replaceAll(/<[^>]*>/g, '')).toContain('Start corrected 12:10 to 11:21; before, it said 11:30.')
})

test('the forms are valid HTML', async () => {
  const { ben, update, path, incident, it, id } = await desk()
  it.clock.advance('1h')
  await it.change({ kind: 'command', name: 'test' }, (change) =>
    postUpdate(change, id, { stage: 'identified', body: 'It is the bank.' }),
  )
  const [impact] = (await incident()).impacts
  const validator = htmlValidator({
    extends: ['html-validate:standard', 'html-validate:document'],
    rules: { 'require-sri': ['error', { target: 'crossorigin' }] },
  })
  const paths = [
    `/updates/${update}/correct`,
    `/updates/${update}/withdraw`,
    '/impacts',
    '/impacts/new',
    `/impacts/${impact?.id}`,
  ]
  for (const each of ['', '/change', ...paths]) {
    const { results } = await validator.validateString((await ben.opens(path + each)).text)
    expect([
      each,
      results.flatMap(({ messages }) => messages.map(({ line, message }) => `${line}: ${message}`)),
    ]).toEqual([each, []])
  }
})
