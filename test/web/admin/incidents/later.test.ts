import { expect, test } from 'vitest'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { openIncident } from '../../../../src/domain/incidents/commands.ts'
import { draftIncident } from '../../../../src/domain/incidents/drafts.ts'
import { drafts, openIncidents } from '../../../../src/domain/incidents/queries.ts'
import { publishDueUpdates, waitingUpdates } from '../../../../src/domain/incidents/waiting.ts'
import { publishDueDrafts } from '../../../../src/domain/probes/engine/recovering.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'

const newPage = '/admin/incidents/new'

test('a first word is published at the time that was chosen, and promises from then on', async () => {
  const { it, ada, first } = await desk()
  const answer = await ada.sends('/admin/incidents', { ...first, intent: 'schedule', publishesAt: '2026-11-21T13:00' })
  expect(answer.headers['location']).toBe('/admin?done=planned')
  expect((await ada.opens('/admin')).text).toContain('publishes itself in 1 hour')
  expect(await openIncidents(it.db)).toEqual([])
  it.clock.advance('1h')
  await publishDueDrafts(it)
  expect(await openIncidents(it.db)).toMatchObject([{ nextUpdateBy: '2026-11-21T13:30:00.000Z' }])
})

test('a time that passed or is missing is refused beside its field, with everything that was typed', async () => {
  const { it, ada, first, incident } = await desk()
  for (const publishesAt of ['2026-11-21T12:00', '']) {
    const refused = await ada.sends('/admin/incidents', { ...first, intent: 'schedule', publishesAt }, newPage)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('id="publishesAt-wrong"')
    expect(refused.text).toContain('>\nCards fail.</textarea>')
  }
  const { page, word } = await incident()
  const refused = await ada.sends(`${page}/updates`, { ...word, intent: 'schedule', publishesAt: '2026-11-21T11:00' })
  expect(refused.status).toBe(422)
  expect(await waitingUpdates(it.db)).toEqual([])
})

test('an update waits in sight of everybody at the desk, is taken back into the form, and says itself otherwise', async () => {
  const { it, ada, ben, incident } = await desk()
  const { page, word, id } = await incident()
  const later = { ...word, intent: 'schedule', publishesAt: '2026-11-21T12:30' }
  expect((await ada.sends(`${page}/updates`, later, page)).headers['location']).toBe(`${page}?done=planned`)
  for (const path of [page, '/admin']) {
    const seen = (await ben.opens(path)).text
    expect(seen).toContain('Update by Ada, seen by nobody')
    expect(seen).toContain('publishes itself in 30 minutes')
  }
  const [waiting] = await waitingUpdates(it.db, id)
  const back = await ben.sends(`/admin/waiting/${waiting?.id}/take-back`)
  expect(back.headers['location']).toBe(`${page}?done=taken-back`)
  expect((await ben.opens(page)).text).toContain('>\nWe know the cause.</textarea>')
  await ada.sends(`${page}/updates`, later, page)
  it.clock.advance('30m')
  await publishDueUpdates(it)
  expect((await openIncidents(it.db))[0]?.updates[0]).toMatchObject({ author: 'Ada', body: 'We know the cause.' })
})

test('a second person confirms, and only they', async () => {
  const { it, ada, ben, first, incident } = await desk()
  await ada.sends('/admin/incidents', { ...first, intent: 'confirm' }, newPage)
  const [draft] = await drafts(it.db)
  const own = (await ada.opens('/admin')).text
  expect(own).toContain('waits for somebody else to confirm it')
  expect(own).not.toContain(`/admin/drafts/${draft?.id}/publish`)
  expect((await ada.sends(`/admin/drafts/${draft?.id}/publish`)).status).toBe(409)
  expect((await ben.opens('/admin')).text).toContain('Ada asks you to confirm it')
  expect((await ben.sends(`/admin/drafts/${draft?.id}/publish`)).status).toBe(303)
  const { page, word, id } = await incident()
  await ada.sends(`${page}/updates`, { ...word, intent: 'confirm' }, page)
  const [waiting] = await waitingUpdates(it.db, id)
  expect((await ada.sends(`/admin/waiting/${waiting?.id}/publish`, { incident: id })).status).toBe(409)
  const confirmed = await ben.sends(`/admin/waiting/${waiting?.id}/publish`, { incident: id })
  expect(confirmed.headers['location']).toBe(`${page}?done=updated`)
})

test('whoever is alone is not asked to find a second person', async () => {
  const { ada, ben } = await desk()
  expect((await ada.opens(newPage)).text).toContain('Let somebody confirm it')
  await ada.sends(`/admin/team/${ben.id}/disable`)
  expect((await ada.opens(newPage)).text).not.toContain('Let somebody confirm it')
})

test('a draft of a probe is merged into an open incident from where it waits', async () => {
  const { it, ben, incident, component } = await desk()
  const { id } = await incident()
  const draft = await it.change({ kind: 'probe', id: 'p', name: 'Checkout' }, (change) =>
    draftIncident(change, {
      name: 'Cards do not answer',
      body: 'Our checks fail.',
      components: [{ id: component, status: 'major_outage' }],
      beganAt: change.now,
    }),
  )
  expect((await ben.opens('/admin')).text).toContain(`<option value="${id}">Cards fail</option>`)
  const merged = await ben.sends(`/admin/drafts/${draft}/merge`, { into: id })
  expect(merged.headers['location']).toBe(`/admin/incidents/${id}?done=merged`)
  expect(await drafts(it.db)).toEqual([])
  expect((await openIncidents(it.db))[0]?.impacts).toMatchObject([{ componentId: component, status: 'major_outage' }])
})

test('words that somebody began are named on Now, to them alone', async () => {
  const { ada, ben } = await desk()
  await ada.sends('/admin/scratches', { scratch: 'incident', body: 'Cards f' }, newPage)
  expect((await ada.opens('/admin')).text).toContain(`<a href="${newPage}">Cards f</a>`)
  expect((await ben.opens('/admin')).text).not.toContain('Cards f')
})

async function desk() {
  const it = await world()
  const component = await it.change({ kind: 'command', name: 'test' }, (change) =>
    createComponent(change, { name: 'Card payments' }),
  )
  const first = {
    scratch: 'incident',
    stage: 'investigating',
    body: 'Cards fail.',
    promise: '30',
    [`component.${component}`]: 'major_outage',
  }
  const incident = async () => {
    const id = await it.change({ kind: 'operator', id: 'z', name: 'Zoe' }, (change) =>
      openIncident(change, { name: 'Cards fail', stage: 'investigating', body: 'We look.', components: [] }),
    )
    const seen = (await openIncidents(it.db)).find((one) => one.id === id)?.updates[0]?.id ?? ''
    const word = { scratch: `update:${id}`, seen, stage: 'identified', body: 'We know the cause.', promise: '30' }
    return { id, page: `/admin/incidents/${id}`, word }
  }
  return { it, component, first, incident, ...(await people(it)) }
}
