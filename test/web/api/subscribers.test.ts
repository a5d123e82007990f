import { expect, test } from 'vitest'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import type { DisabledBecause } from '../../../src/domain/subscribers/subscriber.ts'
import { readers } from '../../domain/subscribers/readers.ts'
import { type Program, program } from './program.ts'

const sms = { CANDOR_SMS_URL: 'https://sms.example/send' }
const mail = { CANDOR_SMTP_URL: 'smtp://127.0.0.1:1', CANDOR_MAIL_FROM: 'status@status.example' }
const [ada, ben, cy] = ['ada@example.org', 'ben@example.org', 'cy@example.org']

async function here(more: object = {}) {
  const it = await program('manage', { ...mail, ...more })
  const add = async (email: string, more: object = {}): Promise<string> =>
    (await it.calls('post', '/subscribers', { subscriber: { email, skip_confirmation_notification: true, ...more } }))
      .body.id
  return {
    it,
    add,
    ...readers(it),
    lists: async (query: string): Promise<string[]> => {
      const { body } = await it.calls('get', `/subscribers?${query}`)
      return (body as unknown as { email: string | null; endpoint: string | null }[]).map(
        ({ email, endpoint }) => email ?? endpoint ?? '',
      )
    },
    givenUp: (id: string, because: DisabledBecause) =>
      it.db
        .updateTable('subscribers')
        .set({ disabled_at: it.clock.now(), disabled_because: because })
        .where('id', '=', id)
        .execute(),
  }
}

const types = async (it: Program): Promise<string[]> =>
  (await it.events()).map(({ type }) => type as string).filter((type) => type.startsWith('subscriber.'))

test('the list is of those who are told, and can be of others, of one channel, or of one address', async () => {
  const { it, add, ask, lists, givenUp } = await here()
  await add(ada)
  await givenUp(await add(ben), 'gone')
  await ask(cy)
  const endpoint = 'https://hooks.example/x'
  await it.calls('post', '/subscribers', { subscriber: { endpoint, skip_confirmation_notification: true } })
  expect((await lists('')).toSorted()).toEqual([ada, endpoint])
  expect((await lists('state=all')).toSorted()).toEqual([ada, ben, cy, endpoint])
  expect(await lists('state=quarantined')).toEqual([ben])
  expect(await lists('state=unconfirmed')).toEqual([cy])
  expect(await lists('type=webhook')).toEqual([endpoint])
  expect(await lists('type=sms')).toEqual([])
  expect(await lists('q=ADA@example.org')).toEqual([ada])
  expect(await lists(`q=${encodeURIComponent(endpoint)}`)).toEqual([endpoint])
  expect(await lists('q=ada')).toEqual([])
  expect(await lists(`q=${cy}`)).toEqual([])
  expect((await it.calls('get', '/subscribers?state=odd')).status).toBe(422)
  const pages = [await lists('state=all&limit=3'), await lists('state=all&limit=3&page=1')]
  expect(pages.map(({ length }) => length)).toEqual([3, 1])
  expect(new Set(pages.flat()).size).toBe(4)
})

test('who is named without a word about their consent is asked, and told nothing before they say yes', async () => {
  const { it, confirms, letters } = await here()
  const asked = await it.calls('post', '/subscribers', { subscriber: { email: ada, component_ids: [it.search] } })
  expect(asked.status).toBe(201)
  expect(asked.body).toMatchObject({
    email: ada,
    confirmed: false,
    skip_confirmation_notification: false,
    components: [it.search],
  })
  expect(await letters(ada)).toEqual(['confirm'])
  expect(await types(it)).toEqual(['subscriber.asked'])
  expect((await it.calls('post', '/subscribers', { subscriber: { email: ada } })).status).toBe(409)
  it.clock.advance('5m')
  await confirms(ada)
  expect((await it.calls('get', `/subscribers/${asked.body.id}`)).body).toMatchObject({
    confirmed: true,
    skip_confirmation_notification: false,
  })
  expect((await it.calls('post', '/subscribers', { subscriber: { email: ada } })).status).toBe(409)
})

test('nobody is asked or added who was barred, or by a channel that does not work here', async () => {
  const { it, add, isKnown } = await here()
  await it.calls('delete', `/subscribers/${await add(ada)}`)
  for (const skip_confirmation_notification of [true, false]) {
    const body = { subscriber: { email: ada, skip_confirmation_notification } }
    expect((await it.calls('post', '/subscribers', body)).status).toBe(409)
  }
  expect(await isKnown(ada)).toBe(false)
  const { status, body } = await it.calls('post', '/subscribers', { subscriber: { phone_number: '+351912345678' } })
  expect([status, body.error]).toEqual([422, ['This page sends nothing by sms.']])
})

test('a program changes of which components and groups somebody is told, and no id that is not there', async () => {
  const { it, add } = await here()
  const group = await it.does((change) => createGroup(change, { name: 'Europe' }))
  const id = await add(ada)
  const changes = (component_ids: string[] | undefined) =>
    it.calls('patch', `/subscribers/${id}`, component_ids ? { component_ids } : {})
  expect((await changes([it.cards, group])).body.components).toEqual([it.cards, group])
  const refused = await changes([it.search, 'nothing'])
  expect([refused.status, refused.body.error]).toEqual([
    422,
    ['component_ids holds an id of no component of this page'],
  ])
  expect((await changes(undefined)).status).toBe(422)
  expect((await it.calls('get', `/subscribers/${id}`)).body.components).toEqual([it.cards, group])
  expect((await changes([])).body.components).toBeNull()
  expect((await it.calls('patch', '/subscribers/nobody', { component_ids: [] })).status).toBe(404)
  expect(await types(it)).toEqual(['subscriber.added', 'subscriber.changed', 'subscriber.changed'])
})

test('those whose place was gone are tried again; where mail bounced or who complained is left as it is', async () => {
  const { it, add, lists, givenUp } = await here()
  const [gone, bounced, complained] = [await add(ada), await add(ben), await add(cy)]
  await givenUp(gone, 'gone')
  await givenUp(bounced, 'bounced')
  await givenUp(complained, 'complained')
  const again = (subscribers: string | string[], type?: string) =>
    it.calls('post', '/subscribers/reactivate', { subscribers, ...(type ? { type } : {}) })
  expect((await again('all', 'sms')).status).toBe(200)
  expect(await lists('')).toEqual([])
  expect((await again([gone, bounced, complained])).status).toBe(200)
  expect(await lists('')).toEqual([ada])
  expect((await again('all')).status).toBe(200)
  expect((await lists('state=quarantined')).toSorted()).toEqual([ben, cy])
  expect((await again('some')).status).toBe(422)
  expect((await types(it)).filter((type) => type === 'subscriber.reactivated')).toHaveLength(1)
})

test('several are unsubscribed at once, by their ids or by what they are', async () => {
  const { it, add, ask, lists } = await here()
  const id = await add(ada)
  await add(ben)
  await ask(cy)
  expect((await it.calls('post', '/subscribers/unsubscribe', { subscribers: [id, 'nobody'] })).status).toBe(200)
  expect(await lists('')).toEqual([ben])
  await it.calls('post', '/subscribers/unsubscribe', { subscribers: 'all', type: 'webhook' })
  expect(await lists('')).toEqual([ben])
  await it.calls('post', '/subscribers/unsubscribe', { subscribers: 'all' })
  expect(await lists('state=all')).toEqual([cy])
  expect((await types(it)).filter((type) => type === 'subscriber.removed')).toHaveLength(2)
})

test('the list is sorted by when they came or were given up, from the oldest on, and never by address', async () => {
  const { it, add, lists, givenUp } = await here()
  const ids: string[] = []
  for (const address of [ada, ben, cy]) {
    ids.push(await add(address))
    it.clock.advance('1m')
  }
  expect(await lists('')).toEqual([cy, ben, ada])
  expect(await lists('sort_field=created_at')).toEqual([ada, ben, cy])
  expect(await lists('sort_field=created_at&sort_direction=desc&limit=1&page=1')).toEqual([ben])
  expect(await lists('sort_direction=asc')).toEqual([ada, ben, cy])
  await givenUp(ids[1] ?? '', 'gone')
  it.clock.advance('1m')
  await givenUp(ids[0] ?? '', 'gone')
  expect(await lists('state=all&sort_field=quarantined_at')).toEqual([ben, ada, cy])
  expect(await lists('state=all&sort_field=quarantined_at&sort_direction=desc')).toEqual([ada, ben, cy])
  const refused = await it.calls('get', '/subscribers?sort_field=primary')
  expect([refused.status, refused.body.error]).toEqual([
    422,
    ['sort_field cannot be the address: addresses lie sealed, so that nothing can be sorted by them'],
  ])
})

test('those who have not said yes are asked once more at once, and nobody else', async () => {
  const { it, add, ask, letters } = await here()
  await add(ada)
  await ask(ben)
  await ask(cy)
  it.clock.advance('1h')
  expect((await it.calls('post', '/subscribers/resend_confirmation', { subscribers: 'all' })).status).toBe(200)
  expect([await letters(ada), await letters(ben), await letters(cy)]).toEqual([
    [],
    ['confirm', 'confirm'],
    ['confirm', 'confirm'],
  ])
  const { body } = await it.calls('get', `/subscribers?state=unconfirmed&q=${ben}`)
  const [{ id }] = body as unknown as [{ id: string }]
  for (let times = 0; times < 2; times += 1) {
    await it.calls('post', '/subscribers/resend_confirmation', { subscribers: [id, 'nobody'] })
  }
  // Three a day.
  expect(await letters(ben)).toEqual(['confirm', 'confirm', 'confirm'])
  expect((await it.events()).filter(({ type }) => type === 'subscriber.asked').map(({ data }) => data)).toEqual([
    { asked: 2 },
    { asked: 1 },
  ])
})

test('a number of home is made whole by its country or refused, and a text message tells beginning and end alone', async () => {
  const { it } = await here(sms)
  const add = (given: object) =>
    it.calls('post', '/subscribers', { subscriber: { skip_confirmation_notification: true, ...given } })
  expect((await add({ phone_number: '912 345 678', phone_country: 'PT' })).body).toMatchObject({
    mode: 'sms',
    phone_number: '+351912345678',
  })
  expect((await add({ phone_number: '+44 7700 900123', phone_country: 'US' })).body['phone_number']).toBe(
    '+447700900123',
  )
  for (const phone_country of ['XX', 'US']) {
    const { status, body } = await add({ phone_number: '912345678', phone_country })
    expect([status, body.error]).toEqual([
      422,
      [
        'phone_number must be a mobile number that phone_country makes whole, or one with its country, such as +351912345678',
      ],
    ])
  }
  const extents = await it.db.selectFrom('subscribers').select('extent').distinct().execute()
  expect(extents).toEqual([{ extent: 'ends' }])
})

async function slow(it: Program): Promise<string> {
  const impact = { components: [{ id: it.search, status: 'partial_outage' }] }
  return it.does((change) =>
    openIncident(change, { name: 'Search is slow', body: 'We look.', stage: 'investigating', ...impact }),
  )
}

test('somebody new follows one incident and nothing else, and is forgotten when they no longer do', async () => {
  const { it, isKnown, letters } = await here()
  const path = `/incidents/${await slow(it)}/subscribers`
  const agreed = { subscriber: { email: ada, skip_confirmation_notification: true } }
  const { status, body } = await it.calls('post', path, agreed)
  expect([status, body.components]).toEqual([201, []])
  expect((await it.calls('post', path, agreed)).status).toBe(409)
  const asked = await it.calls('post', path, { subscriber: { email: ben } })
  expect(asked.body).toMatchObject({ email: ben, confirmed: false })
  it.clock.advance('1h')
  expect((await it.calls('post', `${path}/${asked.body.id}/resend_confirmation`)).status).toBe(201)
  expect(await letters(ben)).toEqual(['confirm', 'confirm'])
  expect((await it.calls('get', path)).body).toHaveLength(2)
  expect((await it.calls('get', `${path}/${body.id}`)).body).toEqual(body)
  expect((await it.calls('delete', `${path}/${body.id}`)).body).toEqual(body)
  expect(await isKnown(ada)).toBe(false)
  expect((await it.calls('get', `${path}/${body.id}`)).status).toBe(404)
})

test('an incident comes to what somebody is told of already, and goes without the rest', async () => {
  const { it, add, found } = await here()
  const incident = await slow(it)
  const path = `/incidents/${incident}/subscribers`
  const id = await add(ada, { component_ids: [it.cards] })
  await add(ben)
  const named = (email: string, skip_confirmation_notification: boolean) =>
    it.calls('post', path, { subscriber: { email, skip_confirmation_notification } })
  expect((await named(ada, false)).status).toBe(409)
  expect((await named(ada, true)).body).toMatchObject({ id, components: [it.cards] })
  expect((await found(ada)).scope).toMatchObject({ components: [it.cards], incidents: [incident] })
  // Who is told of everything follows no incident of their own.
  expect((await named(ben, true)).status).toBe(409)
  expect((await it.calls('get', path)).body).toHaveLength(1)
  await it.calls('delete', `${path}/${id}`)
  expect((await found(ada)).scope).toMatchObject({ components: [it.cards], incidents: [] })
  expect((await it.calls('delete', `${path}/${id}`)).status).toBe(404)
})

test('nobody follows an incident that is over or is not there', async () => {
  const { it } = await here()
  const incident = await slow(it)
  await it.calls('patch', `/incidents/${incident}`, { incident: { status: 'resolved' } })
  const body = { subscriber: { email: ada, skip_confirmation_notification: true } }
  expect((await it.calls('post', `/incidents/${incident}/subscribers`, body)).status).toBe(409)
  expect((await it.calls('post', '/incidents/nothing/subscribers', body)).status).toBe(404)
  expect((await it.calls('get', '/incidents/nothing/subscribers')).status).toBe(404)
})

test('subscribers who agreed elsewhere are added, counted, listed and removed', async () => {
  const here = await program('manage', mail)
  const given = {
    subscriber: { email: 'cy@example.org', component_ids: [here.search], skip_confirmation_notification: true },
  }
  const added = await here.calls('post', '/subscribers', given, { 'idempotency-key': 'one' })
  expect(added).toMatchObject({
    status: 201,
    body: { email: 'cy@example.org', mode: 'email', components: [here.search] },
  })
  expect((await here.calls('post', '/subscribers', given)).status).toBe(409)
  const bySms = { subscriber: { phone_number: '+351912345678', phone_country: 'PT' } }
  expect((await here.calls('post', '/subscribers', bySms)).status).toBe(422)
  expect((await here.calls('get', '/subscribers')).body).toEqual([added.body])
  expect((await here.calls('get', `/subscribers/${added.body.id}`)).body).toEqual(added.body)
  expect((await here.calls('get', '/subscribers/count')).body).toMatchObject({ email: 1, teams: 0 })
  expect((await here.calls('get', '/subscribers/histogram_by_state')).body).toMatchObject({
    email: { active: 1, unconfirmed: 0, quarantined: 0, total: 1 },
  })
  expect((await here.calls('post', `/subscribers/${added.body.id}/resend_confirmation`)).status).toBe(409)
  expect((await here.calls('delete', `/subscribers/${added.body.id}`)).body).toEqual(added.body)
  expect((await here.calls('get', `/subscribers/${added.body.id}`)).status).toBe(404)
  expect((await here.calls('post', '/subscribers', given)).status).toBe(409)
  expect(JSON.stringify(await here.events())).not.toContain('example.org')
  expect(await here.db.selectFrom('requests_once').selectAll().execute()).toEqual([])
})
