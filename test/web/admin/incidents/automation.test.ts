import { expect, test } from 'vitest'
import { createComponent } from '../../../../src/domain/components/commands.ts'
import { postUpdate } from '../../../../src/domain/incidents/commands.ts'
import { editDraft } from '../../../../src/domain/incidents/drafts.ts'
import { drafts, openIncidents, readIncident } from '../../../../src/domain/incidents/queries.ts'
import { changeProbe, createProbe, pauseProbe } from '../../../../src/domain/probes/commands.ts'
import { watchOver } from '../../../../src/domain/probes/engine/engine.ts'
import type { NewProbe } from '../../../../src/domain/probes/input.ts'
import { addSubscribers } from '../../../../src/domain/subscribers/adding.ts'
import { usualWishes } from '../../../../src/domain/subscribers/input.ts'
import { later } from '../../../../src/lib/clock.ts'
import { people } from '../../../people.ts'
import { world } from '../../../world.ts'
import { ada as operator, found } from '../../../domain/probes/watched.ts'

/** Ada at the desk; a probe watches Search. */
const address = { url: 'https://secret-host.test/health?key=abc' }

async function desk(settings: Partial<NewProbe> = {}, asks: object = address) {
  const it = await world()
  const { ada } = await people(it)
  const search = await it.change(operator, (change) => createComponent(change, { name: 'Search' }))
  const probe = await it.change(operator, (change) =>
    createProbe(change, {
      componentId: search,
      name: 'Search from outside',
      ...asks,
      ...settings,
    }),
  )
  const watch = () => watchOver({ db: it.db, change: it.change, now: () => it.clock.now() })
  const open = async () => (await openIncidents(it.db))[0]!
  return { it, ada, search, probe, watch, open, finds: (text: string) => found(it, probe, text) }
}

test('a draft in the inbox: evidence, its time, and to publish, edit, merge, dismiss or mute', async () => {
  const { it, ada, finds } = await desk()
  await finds('pppfff')
  const [draft] = await drafts(it.db)
  const page = (await ada.opens('/admin')).text
  expect(page).toContain('publishes itself in 5 minutes')
  expect(page).toContain('no answer within the time limit')
  for (const deed of ['publish', 'dismiss', 'mute'])
    expect(page).toContain(`action="/admin/drafts/${draft?.id}/${deed}"`)
  const edit = (await ada.opens(`/admin/drafts/${draft?.id}`)).text
  expect(edit).toContain('What was measured')
  expect(edit).toContain('6 checks, 3 of which failed')
  expect(edit).not.toContain('secret-host')
})

test.each([
  [address, 'It was never found well: are its address and what is expected of it right?'],
  [
    { kind: 'upstream', page: 'https://status.supplier.test' },
    'This supplier was never found well: is it the right page?',
  ],
])(
  'a draft about what was never well asks what may be wrong, and publishes itself at no time: %j',
  async (asks, doubt) => {
    const { ada, finds } = await desk({}, asks)
    await finds('fff')
    const page = (await ada.opens('/admin')).text
    expect(page).toContain(doubt)
    expect(page).not.toContain('publishes itself in')
    await finds('ppp')
    await finds('fff')
    expect((await ada.opens('/admin')).text).not.toContain(doubt)
  },
)

test('where another question is asked since, the draft about the one before publishes itself no more, and says so', async () => {
  const { it, ada, probe, finds } = await desk()
  await finds('pppfff')
  expect((await ada.opens('/admin')).text).toContain('publishes itself in')
  await it.change(operator, (change) => changeProbe(change, probe, { url: 'https://shop.test/helath' }))
  await finds('fff')
  const page = (await ada.opens('/admin')).text
  expect(page).toContain('It was never found well')
  expect(page).not.toContain('publishes itself in')
  expect(page).toContain('nothing is published by itself')
})

test('where a person gave the draft a time, it does not say otherwise', async () => {
  const { it, ada, probe, finds } = await desk()
  await finds('pppfff')
  const [draft] = await drafts(it.db)
  const publishesAt = later(it.clock.now(), 1800)
  await it.change(operator, (change) => editDraft(change, draft?.id ?? '', { body: 'We look.', publishesAt }))
  await it.change(operator, (change) => changeProbe(change, probe, { url: 'https://shop.test/helath' }))
  await finds('fff')
  const page = (await ada.opens('/admin')).text
  expect(page).toContain('publishes itself in')
  expect(page).not.toContain('nothing is published by itself')
})

test('muted from the inbox, the draft goes, the desk says until when, and it is drafted anew when it still fails then', async () => {
  const { it, ada, finds, watch } = await desk()
  await finds('pppfff')
  const [draft] = await drafts(it.db)
  const answer = await ada.sends(`/admin/drafts/${draft?.id}/mute`, { for: '1h' })
  expect(answer.headers['location']).toBe('/admin?done=muted')
  const page = (await ada.opens('/admin')).text
  expect(page).toContain('Failures of “Search from outside” open nothing until 13:06')
  expect(page).toContain('Muted by Ada')
  await finds('f'.repeat(10))
  await watch()
  expect(await drafts(it.db)).toEqual([])
  await finds('f'.repeat(51))
  await watch()
  expect(await drafts(it.db)).toHaveLength(1)
  expect((await ada.opens('/admin')).text).not.toContain('Muted by Ada')
  const [again] = await drafts(it.db)
  expect((await ada.sends(`/admin/drafts/${again?.id}/mute`, { for: 'ever' })).status).toBe(422)
})

test('the document that proves an incident holds what was measured', async () => {
  const { ada, open, finds } = await desk({ policy: 'publish' })
  await finds('pppfff')
  const { id } = await open()
  expect((await ada.opens(`/admin/incidents/${id}/evidence`)).text).toContain('6 checks, 3 of which failed')
  const { measured } = JSON.parse((await ada.opens(`/admin/incidents/${id}/evidence.json`)).text) as {
    measured: object[]
  }
  expect(measured).toMatchObject([
    { moment: 'begin', probe: { name: 'Search from outside' }, verdict: { state: 'down' } },
  ])
})

test('a mute until the probe is changed is ended by hand, too', async () => {
  const { it, ada, probe, finds } = await desk()
  await finds('ppp')
  await ada.sends(`/admin/probes/${probe}/mute`, { for: 'changed' }, '/admin/probes')
  expect((await ada.opens('/admin/probes')).text).toContain('Muted until it is changed')
  expect((await ada.opens('/admin')).text).toContain('until somebody changes the probe')
  await ada.sends(`/admin/probes/${probe}/unmute`)
  expect((await ada.opens('/admin')).text).not.toContain('Muted by')
  expect((await it.db.selectFrom('probe_mutes').selectAll().execute()).length).toBe(0)
})

test('one hands an incident back with a button that says what will happen', async () => {
  const { ada, open, finds, it } = await desk({ policy: 'publish' })
  await finds('pppfff')
  const { id } = await open()
  const page = `/admin/incidents/${id}`
  expect((await ada.opens(page)).text).toContain('Automated: our probes write on it until you do')
  await it.change(operator, (change) => postUpdate(change, id, { stage: 'identified', body: 'The disk.' }))
  await finds('ppp')
  const held = (await ada.opens(page)).text
  expect(held).toContain('Held by people')
  expect(held).toContain('Everything it affects has worked in our checks since 12:07')
  expect(held).toContain('What our probes noted for you')
  const answer = await ada.sends(`${page}/hand-back`)
  expect(answer.headers['location']).toBe(`${page}?done=handed-back`)
  expect(await open()).toMatchObject({ heldBy: 'engine' })
})

test('where nobody measures it any more, the desk says so and offers to take it over', async () => {
  const { ada, open, finds, it, probe } = await desk({ policy: 'publish' })
  await finds('pppfff')
  await it.change(operator, (change) => pauseProbe(change, probe))
  const { id } = await open()
  const words = 'Nobody measures Search any more: the probe is paused or gone.'
  expect((await ada.opens('/admin')).text).toContain(words)
  expect((await ada.opens(`/admin/incidents/${id}`)).text).toContain(words)
  await ada.sends(`/admin/incidents/${id}/take-over`)
  const page = (await ada.opens(`/admin/incidents/${id}`)).text
  expect(page).toContain('It cannot be handed back: nobody measures Search.')
})

test('what was resolved by a person and still fails stands as a warning', async () => {
  const { ada, open, finds, it } = await desk({ policy: 'publish' })
  await finds('pppfff')
  const { id } = await open()
  await it.change(operator, (change) => postUpdate(change, id, { stage: 'resolved', body: 'Fixed.' }))
  await finds('ff')
  const now = (await ada.opens('/admin')).text
  expect(now).toContain('Said to be over, and still failing')
  expect((await ada.opens(`/admin/incidents/${id}`)).text).toContain('It is never opened again by itself.')
})

test('who hears of a false alarm is said before it is annulled', async () => {
  const { ada, open, finds, it } = await desk({ policy: 'publish' })
  await finds('pppfff')
  const { id } = await open()
  await it.change(operator, (change) =>
    addSubscribers(
      change,
      [
        {
          channel: 'email',
          target: { address: 'kim@example.org' },
          wishes: usualWishes({ locale: 'en', zone: 'UTC' }),
          consentedAt: change.now,
        },
      ],
      'operator',
    ),
  )
  expect((await ada.opens(`/admin/incidents/${id}/annul`)).text).toContain(
    'Of the whole incident: 1 subscriber will be told 2 minutes after you annul it, by mail. Of a part of it, nobody is.',
  )
})

test('a false alarm is annulled with a reason, and not without', async () => {
  const { ada, open, finds, it } = await desk({ policy: 'publish' })
  await finds('pppfff')
  const { id } = await open()
  const page = `/admin/incidents/${id}/annul`
  expect((await ada.opens(page)).text).toContain('The whole incident')
  const refused = await ada.sends(page, { component: '', beganAt: '', endedAt: '', reason: '' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('id="reason-wrong"')
  const why = { reason: 'Our own proxy failed.', 'reasons.fr.reason': 'Notre propre serveur mandataire.' }
  const answer = await ada.sends(page, { component: '', beganAt: '', endedAt: '', ...why })
  expect(answer.headers['location']).toBe(`/admin/incidents/${id}?done=annulled`)
  expect((await ada.opens(`/admin/incidents/${id}`)).text).toContain('by Ada: Our own proxy failed.')
  expect(await readIncident(it.db, id)).toMatchObject({ stage: 'resolved', severity: 'none' })
  const inFrench = (await ada.opens(`/fr/incidents/${id}`)).text
  expect(inFrench).toContain(why['reasons.fr.reason'])
  expect(inFrench).not.toContain(why.reason)
})
