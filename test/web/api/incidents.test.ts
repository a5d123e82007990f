import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { calls as allCalls } from '../../../src/web/api/routes.ts'
import { hasRecordings, recorded } from '../../recordings.ts'
import { type Program, program } from './program.ts'

interface Incident {
  readonly [key: string]: unknown
  readonly id: string
  readonly incident_updates: readonly { readonly id: string; readonly status: string; readonly body: string }[]
  readonly components: readonly { readonly id: string; readonly status: string }[]
}

const slow = { name: 'Search is slow', status: 'investigating', body: 'Searches take 20 seconds.' }

async function opens(here: Program, more: object = {}): Promise<Incident> {
  const answer = await here.calls('post', '/incidents', { incident: { ...slow, ...more } })
  expect([answer.status, answer.body.error]).toEqual([201, undefined])
  return answer.body as unknown as Incident
}

async function changes(here: Program, id: string, incident: object): Promise<Incident> {
  // A word a minute, so that it is clear which was the last.
  here.clock.advance('1m')
  const answer = await here.calls('patch', `/incidents/${id}`, { incident })
  expect([answer.status, answer.body.error]).toEqual([200, undefined])
  return answer.body as unknown as Incident
}

const words = ({ incident_updates: updates }: Incident): string[] =>
  updates.map(({ status, body }) => `${status}: ${body}`)

describe('an incident that a program opens', () => {
  test('is on the page, in the feeds and in the API that is read, and the audit log says who did it', async () => {
    const here = await program()
    const made = await opens(here, { components: { [here.search]: 'partial_outage' } })
    expect(made).toMatchObject({ status: 'investigating', impact: 'major', backfilled: false, scheduled_for: null })
    expect(made.components).toMatchObject([{ id: here.search, status: 'partial_outage', automation_email: null }])

    const { incidents } = await here.reads('/api/v2/incidents/unresolved.json')
    expect(incidents).toMatchObject([{ id: made.id, name: 'Search is slow', impact: 'major' }])
    const { app } = await here.app()
    expect((await supertest(app.server).get('/')).text).toContain('Searches take 20 seconds.')
    expect((await supertest(app.server).get('/history.atom')).text).toContain('Search is slow')
    const [opened] = (await here.events()).filter(({ type }) => type === 'incident.opened')
    expect(opened?.actor).toMatchObject({ kind: 'token', name: 'A manage program' })
    const { address } = await here.db
      .selectFrom('event_addresses')
      .select('address')
      .where('seq', '=', opened?.seq ?? 0)
      .executeTakeFirstOrThrow()
    expect(address).toMatch(/127\.0\.0\.1$/)
  })

  test('is answered with the keys that are described, in their order, and with times to the second', async () => {
    const here = await program()
    const made = await opens(here, { components: { [here.search]: 'major_outage' } })
    const described = allCalls.find(({ method, path }) => method === 'GET' && path === '/pages/:page/incidents/:id')
    expect(Object.keys(made)).toEqual(Object.keys(described?.answer?.properties ?? {}))
    expect(made['created_at']).toBe('2026-11-21T12:00:00Z')
    expect(JSON.stringify(made)).not.toMatch(/\d{2}\.\d{3}Z/)
  })

  test.skipIf(!hasRecordings)('has every field of one that was recorded, of the same type', async () => {
    const here = await program()
    const made = await opens(here, { components: { [here.search]: 'operational' } })
    const { incident } = recorded('webhooks/webhook-zulip-incident_created.json') as { incident: Incident }
    const typesOf = (is: unknown, was: unknown, where: string): string[] => {
      if (was === null || is === null) return is === undefined ? [`${where} is missing`] : []
      if (Array.isArray(was)) return Array.isArray(is) ? typesOf(is[0], was[0], `${where}[0]`) : [`${where} is no list`]
      if (typeof was !== 'object') return typeof is === typeof was ? [] : [`${where} is ${typeof is}`]
      if (typeof is !== 'object') return [`${where} is ${typeof is}`]
      return Object.entries(was).flatMap(([key, value]) =>
        typesOf((is as Record<string, unknown>)[key], value, `${where}.${key}`),
      )
    }
    expect(typesOf(made, incident, 'incident')).toEqual([])
  })

  test('takes what a form says, in the manner of Ruby and curl', async () => {
    const here = await program()
    const { app } = await here.app()
    const form =
      `incident[name]=Search+is+slow&incident[status]=identified&incident[body]=An+index&incident[deliver_notifications]=f` +
      `&incident[component_ids][]=${here.search}&incident[component_ids][]=${here.cards}&incident[components][${here.cards}]=degraded_performance`
    const sent = supertest(app.server).post(`/v1/pages/${here.page}/incidents.json`)
    const answer = await sent.set('authorization', `OAuth ${here.secret}`).type('form').send(form)
    expect(answer.body).toMatchObject({
      name: 'Search is slow',
      status: 'identified',
      impact: 'minor',
      incident_updates: [{ body: 'An index', deliver_notifications: false }],
      components: [
        { id: here.search, status: 'operational' },
        { id: here.cards, status: 'degraded_performance' },
      ],
    })
  })

  test('takes JSON that does not say that it is JSON', async () => {
    const here = await program()
    const { app } = await here.app()
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    const body = new TextEncoder().encode(JSON.stringify({ incident: slow }))
    const headers = { authorization: `Bearer ${here.secret}` }
    const answer = await fetch(`${url}/v1/pages/${here.page}/incidents`, { method: 'POST', headers, body })
    expect(answer.status).toBe(201)
  })

  test('keeps the status that a program set by hand before, and takes it over', async () => {
    const here = await program()
    await here.calls('patch', `/components/${here.search}`, { component: { status: 'major_outage' } })
    const made = await opens(here, { components: [here.search] })
    expect(made).toMatchObject({ impact: 'critical', components: [{ id: here.search, status: 'major_outage' }] })
    const over = await changes(here, made.id, { status: 'resolved' })
    expect(over.components).toMatchObject([{ status: 'operational' }])
  })

  test('keeps the metadata that programs find it by, which readers never see', async () => {
    const here = await program()
    const metadata = { pager: { key: 'abc', tries: [1, null] } }
    const made = await opens(here, { metadata })
    expect(made['metadata']).toEqual(metadata)
    await changes(here, made.id, { body: 'We know more.' })
    expect((await here.calls('get', `/incidents/${made.id}`)).body.metadata).toEqual(metadata)
    expect(JSON.stringify(await here.reads('/api/v2/incidents.json'))).not.toContain('pager')
    const refused = await here.calls('patch', `/incidents/${made.id}`, { incident: { metadata: { pager: 'abc' } } })
    expect([refused.status, refused.body.error[0]]).toEqual([422, expect.stringContaining('metadata.pager')])
  })

  test('of long ago is told now, of then, and nobody is notified', async () => {
    const here = await program()
    const made = await opens(here, { status: 'resolved', backfilled: true, backfill_date: '2026-03-01' })
    expect(made).toMatchObject({ backfilled: true, status: 'resolved', started_at: '2026-03-01T00:00:00Z' })
    expect(made.incident_updates).toMatchObject([{ deliver_notifications: false, display_at: '2026-11-21T12:00:00Z' }])
  })
})

describe('a program that changes an incident', () => {
  test('says the next word with another status, and the usual one where it sends none', async () => {
    const here = await program()
    const { id } = await opens(here)
    await changes(here, id, { status: 'identified', body: 'An index is broken.' })
    await changes(here, id, { body: 'It is being rebuilt.' })
    const over = await changes(here, id, { status: 'resolved' })
    expect(over['resolved_at']).toBe('2026-11-21T12:03:00Z')
    expect(words(over)).toEqual([
      'resolved: This is over.',
      'identified: It is being rebuilt.',
      'identified: An index is broken.',
      'investigating: Searches take 20 seconds.',
    ])
  })

  test('changes only what it sends: null and what is left out stay, and what says nothing new adds no word', async () => {
    const here = await program()
    const made = await opens(here, { components: { [here.search]: 'major_outage' } })
    const same = await changes(here, made.id, { name: null, status: 'investigating', body: null, components: null })
    expect(same).toEqual(made)
    const events = (await here.events()).length
    await changes(here, made.id, { status: 'resolved' })
    await changes(here, made.id, { status: 'resolved', components: { [here.search]: 'operational' } })
    expect((await here.events()).slice(events).map(({ type }) => type)).toContain('incident.resolved')
    expect((await here.calls('get', `/incidents/${made.id}`)).body.incident_updates).toHaveLength(2)
  })

  test('opens one again that was over, or adds a later word to it', async () => {
    const here = await program()
    const { id } = await opens(here, { status: 'resolved' })
    expect(words(await changes(here, id, { status: 'resolved', body: 'A credit is on its way.' }))[0]).toBe(
      'resolved: A credit is on its way.',
    )
    expect(await changes(here, id, { status: 'investigating', body: 'It is back.' })).toMatchObject({
      status: 'investigating',
      resolved_at: null,
    })
  })

  test('corrects a title and an impact with a reason, which readers see', async () => {
    const here = await program()
    const { id } = await opens(here)
    const changed = await changes(here, id, { name: 'Search is down', impact_override: 'critical' })
    expect(changed).toMatchObject({ name: 'Search is down', impact: 'critical', impact_override: 'critical' })
    const rows = await here.db.selectFrom('revisions').select(['reason', 'shown', 'translations']).execute()
    expect(rows).toMatchObject([{ reason: 'Corrected by one of our programs.', shown: 'yes' }])
    expect(JSON.parse(rows[0]?.translations ?? '')).toMatchObject({
      fr: { reason: 'Corrigé par l’un de nos programmes.' },
    })
  })

  test('corrects what was said, and what was said before stays to be read', async () => {
    const here = await program()
    const made = await opens(here)
    const path = `/incidents/${made.id}/incident_updates/${made.incident_updates[0]?.id}`
    const answer = await here.calls('patch', path, { incident_update: { body: 'Searches take 2 seconds.' } })
    expect(answer.body).toMatchObject({ body: 'Searches take 2 seconds.', display_at: '2026-11-21T12:00:00Z' })
    const [row] = await here.db.selectFrom('revisions').selectAll().execute()
    expect(row?.before).toContain('20 seconds')
    const moved = await here.calls('patch', path, { incident_update: { display_at: '2026-11-20T12:00:00Z' } })
    expect(moved.status).toBe(422)
    expect((await here.calls('patch', `/incidents/other/incident_updates/x`, { incident_update: {} })).status).toBe(404)
  })

  test('cannot make what was said unsaid', async () => {
    const here = await program()
    const { id } = await opens(here)
    const answer = await here.calls('delete', `/incidents/${id}`)
    expect([answer.status, answer.body.error]).toEqual([409, expect.stringContaining('not deleted')])
    expect((await here.calls('get', `/incidents/${id}`)).status).toBe(200)
  })

  test('and another one at the same time lose nothing of each other', async () => {
    const here = await program()
    const { id } = await opens(here)
    const sent = [
      { name: 'Search is very slow' },
      { status: 'monitoring', body: 'Rebuilt.' },
      { impact_override: 'major' },
      { components: { [here.cards]: 'degraded_performance' }, body: 'Cards too.' },
      { metadata: { a: { b: 1 } } },
    ]
    await Promise.all(sent.map((incident) => changes(here, id, incident)))
    const { body } = await here.calls('get', `/incidents/${id}`)
    expect(body).toMatchObject({ name: 'Search is very slow', impact: 'major', metadata: { a: { b: 1 } } })
    expect(words(body as unknown as Incident).toSorted()).toEqual(
      expect.arrayContaining([expect.stringContaining('Rebuilt.'), expect.stringContaining('Cards too.')]),
    )
    expect(body.components).toMatchObject([{ id: here.cards, status: 'degraded_performance' }])
  })
})

test('fifty requests with one key open one incident', async () => {
  const here = await program()
  const headers = { 'idempotency-key': 'alert-17' }
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => here.calls('post', '/incidents', { incident: slow }, headers)),
  )
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).toBe(1)
  expect((await here.calls('get', '/incidents')).body).toHaveLength(1)
})

describe('lists', () => {
  test('hold incidents and maintenances, the last first, a page at a time, and those in which words occur', async () => {
    const here = await program()
    for (const name of ['One', 'Two', 'Three']) {
      here.clock.advance('1m')
      await opens(here, { name })
    }
    here.clock.advance('1m')
    const plan = { scheduled_for: '2026-11-30T01:00:00Z', scheduled_until: '2026-11-30T02:00:00Z' }
    await here.calls('post', '/incidents', { incident: { name: 'Cables', ...plan } })
    const names = async (path: string) =>
      ((await here.calls('get', path)).body as unknown as Incident[]).map(({ name }) => name)
    expect(await names('/incidents')).toEqual(['Cables', 'Three', 'Two', 'One'])
    expect(await names('/incidents?limit=2&page=2')).toEqual(['Two', 'One'])
    expect(await names('/incidents?limit=2&page=3')).toEqual([])
    expect(await names('/incidents?q=two')).toEqual(['Two'])
    expect(await names('/incidents/unresolved')).toEqual(['Three', 'Two', 'One'])
    expect(await names('/incidents/upcoming')).toEqual(['Cables'])
    expect(await names('/incidents/active_maintenance')).toEqual([])
  })
})

describe('what cannot be done is refused in the words of the contract', () => {
  test.each([
    ['no incident', {}, 'incident'],
    ['no title', { incident: { body: 'x' } }, 'name'],
    ['an unknown status', { incident: { ...slow, status: 'broken' } }, 'status'],
    ['a status of maintenances alone', { incident: { ...slow, status: 'verifying' } }, 'scheduled_for'],
    ['an impact of maintenances', { incident: { ...slow, impact_override: 'maintenance' } }, 'impact_override'],
    ['a component that is not there', { incident: { ...slow, components: { nobody: 'major_outage' } } }, 'components'],
    ['a status that components do not have', { incident: { ...slow, components: { x: 'full_outage' } } }, 'components'],
    ['a long word', { incident: { ...slow, body: 'x'.repeat(25_001) } }, 'body'],
    ['a long title', { incident: { ...slow, name: 'x'.repeat(256) } }, 'name'],
    ['no window', { incident: { name: 'Cables', scheduled_for: '2026-11-30T01:00:00Z' } }, 'scheduled_until'],
    ['no day of long ago', { incident: { ...slow, status: 'resolved', backfilled: true } }, 'backfill_date'],
  ])('%s', async (_, body, field) => {
    const here = await program()
    const answer = await here.calls('post', '/incidents', body)
    expect([answer.status, answer.body]).toEqual([422, { error: [expect.stringContaining(field)] }])
    expect((await here.calls('get', '/incidents')).body).toEqual([])
  })

  test('a program that may only read opens nothing, and one that may disclose changes no settings', async () => {
    const here = await program()
    const authorization = `OAuth ${await here.token('read')}`
    expect((await here.calls('post', '/incidents', { incident: slow }, { authorization })).status).toBe(403)
    expect((await here.calls('get', '/incidents', undefined, { authorization })).status).toBe(200)
    const discloser = { authorization: `OAuth ${await here.token('disclose')}` }
    const path = `/components/${here.search}`
    const says = (component: object) => here.calls('patch', path, { component }, discloser)
    expect((await says({ status: 'major_outage' })).status).toBe(200)
    expect((await says({ name: 'Find' })).status).toBe(403)
    expect((await here.calls('get', path)).body.name).toBe('Search')
  })
})
