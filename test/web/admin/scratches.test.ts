import { expect, test } from 'vitest'
import { draftIncident } from '../../../src/domain/incidents/drafts.ts'
import { openIncidents } from '../../../src/domain/incidents/queries.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import { publishDueDrafts } from '../../../src/domain/probes/engine/recovering.ts'
import { scratchesOf } from '../../../src/domain/scratches/queries.ts'
import { joins, people, signsIn } from '../../people.ts'
import { world } from '../../world.ts'

const newPage = '/admin/incidents/new'
const words = { scratch: 'incident', scratchVersion: '0', stage: 'investigating', body: 'Card payments fail.' }

test('a draft that is saved stands in the form again, says so, and is thrown away by a button', async () => {
  const { ada, it } = await desk()
  const saved = await ada.sends('/admin/scratches', words, newPage)
  expect([saved.status, saved.headers['location']]).toEqual([303, `${newPage}?done=kept`])
  it.clock.advance('5m')
  const page = (await ada.opens(newPage)).text
  expect(page).toContain('>\nCard payments fail.</textarea>')
  expect(page).toMatch(/You began this .*12:00.* and nobody has seen it/)
  expect((await ada.sends('/admin/scratches/discard', { scratch: 'incident' })).status).toBe(303)
  expect((await ada.opens(newPage)).text).not.toContain('Card payments fail.')
})

test('what is published is not a draft any more', async () => {
  const { it, ada, component } = await desk()
  await ada.sends('/admin/scratches', words, newPage)
  const published = await ada.sends(
    '/admin/incidents',
    { ...words, [`component.${component}`]: 'major_outage' },
    newPage,
  )
  expect(published.status).toBe(303)
  expect(await scratchesOf(it.db, ada.id)).toEqual([])
})

test('the second sees that the first is writing, and what; each finds their own words again', async () => {
  const { ada, ben } = await desk()
  await ada.sends('/admin/scratches', words, newPage)
  const page = (await ben.opens(newPage)).text
  expect(page).toContain('<strong>Ada</strong> is writing here too: began 12:00, saved 12:00.')
  expect(page).toContain('Card payments fail.</blockquote>')
  expect(page).not.toContain('Card payments fail.</textarea>')
})

test('a draft of a probe does not publish itself under the hands of who may publish it, and waits no longer than five minutes', async () => {
  const { it, ben } = await desk()
  const uma = await joins(it, 'Uma', 'author')
  const draft = await it.change({ kind: 'probe', id: 'p', name: 'Checkout' }, (change) =>
    draftIncident(change, {
      name: 'Payments do not answer',
      probeId: 'p',
      body: 'Our checks of payments have failed.',
      components: [],
      beganAt: change.now,
      publishesAt: '2026-11-21T12:05:00Z',
    }),
  )
  const page = `/admin/drafts/${draft}`
  expect((await ben.opens(page)).text).toContain('While you write it waits for five minutes at most')
  const writes = (who: typeof ben, body: string) =>
    who.sends('/admin/scratches', { scratch: `draft:${draft}`, stage: 'investigating', body }, page)
  const isPublished = async () => {
    await publishDueDrafts(it)
    return (await openIncidents(it.db)).length === 1
  }
  it.clock.set('2026-11-21T12:04:30Z')
  await writes(uma, 'I may not publish it.')
  await writes(ben, 'Since noon')
  it.clock.set('2026-11-21T12:05:20Z')
  expect(await isPublished()).toBe(false)
  for (const minute of ['06', '07', '08', '09']) {
    it.clock.set(`2026-11-21T12:${minute}:00Z`)
    await it.db.updateTable('scratches').set({ updated_at: it.clock.now() }).where('account_id', '=', ben.id).execute()
  }
  it.clock.set('2026-11-21T12:09:50Z')
  expect(await isPublished()).toBe(false)
  it.clock.set('2026-11-21T12:10:00Z')
  expect(await isPublished()).toBe(true)
})

test('who stopped writing, or may not publish, holds no draft up', async () => {
  const { it, ben } = await desk()
  const uma = await joins(it, 'Uma', 'author')
  const draft = await it.change({ kind: 'probe', id: 'p', name: 'Checkout' }, (change) =>
    draftIncident(change, {
      name: 'Payments do not answer',
      probeId: 'p',
      body: 'Our checks of payments have failed.',
      components: [],
      beganAt: change.now,
      publishesAt: '2026-11-21T12:05:00Z',
    }),
  )
  const words = { scratch: `draft:${draft}`, stage: 'investigating', body: 'Since noon' }
  it.clock.set('2026-11-21T12:03:59Z')
  expect((await ben.sends('/admin/scratches', words, `/admin/drafts/${draft}`)).status).toBe(303)
  it.clock.set('2026-11-21T12:05:00Z')
  expect((await uma.sends('/admin/scratches', words, `/admin/drafts/${draft}`)).status).toBe(303)
  await publishDueDrafts(it)
  expect(await openIncidents(it.db)).toHaveLength(1)
})

test('who may not write in a place is not told who writes there, and what', async () => {
  const { it, ben } = await desk()
  const uma = await joins(it, 'Uma', 'author')
  const asks = (who: typeof uma, scratch: string) => who.opens(`/admin/scratches?scratch=${scratch}`)
  await ben.sends('/admin/scratches', { scratch: 'maintenance', body: 'The index moves.' }, newPage)
  await ben.sends('/admin/scratches', words, newPage)
  const refused = await asks(uma, 'maintenance')
  expect([refused.status, refused.text.includes('The index moves.')]).toEqual([403, false])
  expect((await uma.sends('/admin/scratches', { scratch: 'maintenance', body: 'Mine' }, newPage)).status).toBe(403)
  expect((await asks(uma, 'incident')).text).toContain('Card payments fail.')
})

test('a form that is sent after the session has ended is not lost: it is there after signing in', async () => {
  const { it, ada } = await desk()
  await ada.opens(newPage)
  it.clock.advance('40d')
  const refused = await ada.sends('/admin/incidents', words, newPage)
  expect(refused.status).toBe(401)
  expect(refused.text).toContain('What you wrote is safe')
  const kept = unescaped(/name="kept" value="([^"]+)"/.exec(refused.text)?.[1] ?? '')
  expect(await openIncidents(it.db)).toEqual([])
  const entered = await ada.sends(
    '/admin/sign-in',
    { email: 'ada@example.org', password: 'three unrelated herons', next: '/admin', kept },
    '/admin/sign-in',
  )
  expect([entered.status, entered.headers['location']]).toEqual([303, newPage])
  expect((await ada.opens(newPage)).text).toContain('>\nCard payments fail.</textarea>')
})

test('a form that is older than the session is kept, and nothing is published', async () => {
  const { it, ada } = await desk()
  const old = /name="token" value="([^"]+)"/.exec((await ada.opens(newPage)).text)?.[1] ?? ''
  await ada.sends('/admin/sign-out')
  await signsIn(ada)
  const send = (site: string) =>
    ada.agent
      .post('/admin/incidents')
      .set('sec-fetch-site', site)
      .type('form')
      .send(new URLSearchParams({ ...words, token: old }).toString())
  // What another site sends is not even kept.
  expect((await send('cross-site')).status).toBe(403)
  expect(await scratchesOf(it.db, ada.id)).toEqual([])
  const rescued = await send('same-origin')
  expect([rescued.status, rescued.headers['location']]).toEqual([303, `${newPage}?done=rescued`])
  expect(await openIncidents(it.db)).toEqual([])
  expect(await scratchesOf(it.db, ada.id)).toMatchObject([{ form: { body: 'Card payments fail.' } }])
})

test('another site cannot put words on the desk by way of the sign-in page', async () => {
  const { cy } = await desk()
  const answer = await cy.agent
    .post('/admin/incidents')
    .set('sec-fetch-site', 'cross-site')
    .type('form')
    .send(new URLSearchParams(words).toString())
  expect(answer.status).toBe(401)
  expect(answer.text).not.toContain('Card payments fail.')
})

test('a form with a field twice does no harm to the pages that show it', async () => {
  const { ada } = await desk()
  await ada.sends('/admin/scratches', { ...words, body: ['one', 'two'], seen: ['x', 'y'] }, newPage)
  expect((await ada.opens(newPage)).status).toBe(200)
  expect((await ada.opens('/admin')).status).toBe(200)
})

test('whoever is not signed in keeps nothing', async () => {
  const { it, cy, ada } = await desk()
  expect((await cy.sends('/admin/scratches', words, '/admin')).status).toBe(401)
  expect((await ada.sends('/admin/scratches', { ...words, scratch: 'nowhere' }, newPage)).status).toBe(404)
  expect(await it.db.selectFrom('scratches').selectAll().execute()).toEqual([])
})

test('two write on one incident: the second one is shown both texts, loses nothing, and may say theirs then', async () => {
  const { it, ada, ben, component } = await desk()
  await ada.sends('/admin/incidents', { ...words, [`component.${component}`]: 'major_outage' }, newPage)
  const [incident] = await openIncidents(it.db)
  const page = `/admin/incidents/${incident?.id}`
  const first = incident?.updates[0]?.id ?? ''
  const mine = { scratch: `update:${incident?.id}`, seen: first, stage: 'identified' }
  it.clock.advance('1m')
  await ada.sends(`${page}/updates`, { ...mine, body: 'It is our **processor**.' }, page)
  const refused = await ben.sends(`${page}/updates`, { ...mine, body: 'It is the *network*.' }, page)
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('Both texts')
  expect(refused.text).toContain('It is our <strong>processor</strong>.')
  expect(refused.text).toContain('It is the <em>network</em>.')
  expect(refused.text).toContain('>\nIt is the *network*.</textarea>')
  const seen = /name="seen" value="([^"]+)"/.exec(refused.text)?.[1] ?? ''
  const said = await ben.sends(`${page}/updates`, { ...mine, seen, body: 'It is the *network*.' }, page)
  expect(said.status).toBe(303)
  expect((await openIncidents(it.db))[0]?.updates.map(({ author }) => author)).toEqual(['Ben', 'Ada', 'Ada'])
})

test('who comes back to words that were overtaken meanwhile sees both', async () => {
  const { it, ada, ben, component } = await desk()
  await ada.sends('/admin/incidents', { ...words, [`component.${component}`]: 'major_outage' }, newPage)
  const [incident] = await openIncidents(it.db)
  const page = `/admin/incidents/${incident?.id}`
  const mine = { scratch: `update:${incident?.id}`, seen: incident?.updates[0]?.id ?? '', stage: 'identified' }
  await ben.sends('/admin/scratches', { ...mine, body: 'I think it is the network.' }, page)
  it.clock.advance('1m')
  await ada.sends(`${page}/updates`, { ...mine, body: 'It is our processor.' }, page)
  const back = (await ben.opens(page)).text
  expect(back).toContain('Both texts')
  expect(back).toContain('>\nI think it is the network.</textarea>')
})

test('a draft that somebody else saved meanwhile is not written over: both texts stand side by side', async () => {
  const { it, ada, ben, component } = await desk()
  const id = await it.change({ kind: 'probe', id: 'p', name: 'Checkout' }, (change) =>
    draftIncident(change, {
      name: 'Card payments fail',
      body: 'Our checks fail.',
      components: [{ id: component, status: 'major_outage' }],
      beganAt: change.now,
    }),
  )
  const page = `/admin/drafts/${id}`
  const edit = { stage: 'investigating', name: 'Card payments fail', intent: 'save', seen: it.clock.now() }
  it.clock.advance('1m')
  expect((await ada.sends(page, { ...edit, body: 'Cards of one bank fail.' }, page)).status).toBe(303)
  const refused = await ben.sends(page, { ...edit, body: 'All cards fail.', intent: 'publish' }, page)
  expect(refused.status).toBe(409)
  expect(refused.text).toContain('Ada changed this draft meanwhile')
  expect(refused.text).toContain('Cards of one bank fail.')
  expect(refused.text).toContain('>\nAll cards fail.</textarea>')
  const seen = /name="seen" value="([^"]+)"/.exec(refused.text)?.[1] ?? ''
  expect((await ben.sends(page, { ...edit, seen, body: 'All cards fail.', intent: 'publish' }, page)).status).toBe(303)
  expect((await openIncidents(it.db))[0]?.updates[0]?.body).toBe('All cards fail.')
})

async function desk() {
  const it = await world()
  const component = await it.change({ kind: 'command', name: 'test' }, (change) =>
    createComponent(change, { name: 'Card payments' }),
  )
  return { it, component, ...(await people(it)) }
}

function unescaped(html: string): string {
  return html.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&amp;', '&')
}
