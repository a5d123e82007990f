import supertest from 'supertest'
import { describe, expect, test } from 'vitest'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { createMetric } from '../../../src/domain/metrics/commands.ts'
import { readMetric } from '../../../src/domain/metrics/queries.ts'
import { program } from './program.ts'

describe('components', () => {
  test('are added, changed in what is sent, and taken off the page, which readers see', async () => {
    const here = await program()
    const help = {
      name: 'Help',
      description: 'Questions',
      only_show_if_degraded: true,
      showcase: false,
      start_date: '2026-01-01',
    }
    const { body: made } = await here.calls('post', '/components', { component: { ...help, status: 'partial_outage' } })
    expect(made).toEqual({
      id: made.id,
      name: 'Help',
      status: 'partial_outage',
      created_at: '2026-11-21T12:00:00Z',
      updated_at: '2026-11-21T12:00:00Z',
      position: 3,
      description: 'Questions',
      showcase: false,
      start_date: '2026-01-01',
      group_id: null,
      page_id: here.page,
      group: false,
      only_show_if_degraded: true,
      automation_email: null,
    })
    const { body: renamed } = await here.calls('patch', `/components/${made.id}`, { component: { name: 'Support' } })
    expect(renamed).toEqual({ ...made, name: 'Support' })
    const { body: bare } = await here.calls('put', `/components/${made.id}`, {
      component: { name: null, description: '' },
    })
    expect(bare).toEqual({ ...renamed, description: null })
    const { components } = await here.reads('/api/v2/components.json')
    expect(components).toMatchObject([{}, {}, { name: 'Support', status: 'partial_outage' }])
    expect((await here.calls('delete', `/components/${made.id}`)).status).toBe(204)
    expect((await here.calls('get', `/components/${made.id}`)).status).toBe(404)
  })

  test('of which the same is said every minute have one beginning and one event', async () => {
    const here = await program()
    const says = (status: string) => here.calls('patch', `/components/${here.search}`, { component: { status } })
    for (const status of ['operational', 'major_outage', 'major_outage', 'operational', 'operational'])
      await says(status)
    expect((await here.events()).map(({ type }) => type)).toEqual(['component.status-set', 'component.status-set'])
  })

  test('are not called well over an incident that says otherwise, nor removed from under it', async () => {
    const here = await program()
    await here.does((it) =>
      openIncident(it, {
        name: 'Search is slow',
        stage: 'investigating',
        body: 'Slow.',
        components: [{ id: here.search, status: 'degraded_performance' }],
      }),
    )
    const answer = await here.calls('patch', `/components/${here.search}`, { component: { status: 'operational' } })
    expect([answer.status, answer.body.error]).toEqual([409, expect.stringContaining('Search is slow')])
    expect((await here.calls('delete', `/components/${here.search}`)).status).toBe(409)
  })

  test('come all at once, or a page at a time', async () => {
    const here = await program()
    const names = async (path: string) =>
      ((await here.calls('get', path)).body as unknown as { name: string }[]).map(({ name }) => name)
    expect(await names('/components')).toEqual(['Search', 'Card payments'])
    expect(await names('/components?page=2&per_page=1')).toEqual(['Card payments'])
    expect(await names('/components?page=2')).toEqual([])
    expect((await here.calls('get', '/components?page=none')).status).toBe(422)
  })

  test('have worked as long as the page says', async () => {
    const here = await program()
    here.clock.set('2026-11-20T12:00:00.000Z')
    await here.calls('patch', `/components/${here.search}`, { component: { start_date: '2026-11-01' } })
    const { body: made } = await here.calls('post', '/incidents', {
      incident: { name: 'Down', status: 'investigating', body: 'Down.', components: { [here.search]: 'major_outage' } },
    })
    here.clock.set('2026-11-20T14:24:00.000Z')
    await here.calls('patch', `/incidents/${made.id}`, { incident: { status: 'resolved' } })
    here.clock.set('2026-11-21T12:00:00.000Z')
    const uptime = async (query: string) => (await here.calls('get', `/components/${here.search}/uptime${query}`)).body
    expect(await uptime('?start=2026-11-11&end=2026-11-20')).toEqual({
      range_start: '2026-11-11T00:00:00Z',
      range_end: '2026-11-21T00:00:00Z',
      uptime_percentage: 99,
      major_outage: 8640,
      partial_outage: 0,
      warnings: [],
      id: here.search,
      name: 'Search',
      related_events: [{ id: made.id }],
    })
    const usual = await uptime('?skip_related_events=true')
    expect(usual).toMatchObject({ range_start: '2026-11-01T00:00:00Z', range_end: '2026-11-21T12:00:00Z' })
    expect(usual).not.toHaveProperty('related_events')
    expect(await uptime('?start=2026-01-01')).toMatchObject({ warnings: [expect.stringContaining('did not exist')] })
    expect(await uptime('?start=tomorrow')).toEqual({ error: [expect.stringContaining('start')] })
    expect(await uptime('?end=9999-12-31')).toEqual({ error: [expect.stringContaining('end')] })
  })
})

describe('component groups', () => {
  test('hold exactly what is sent, and let go of it when they are removed', async () => {
    const here = await program()
    const sent = { description: 'All of it', component_group: { name: 'Shop', components: [here.cards, here.search] } }
    const { body: made } = await here.calls('post', '/component-groups', sent)
    expect(made).toEqual({
      id: made.id,
      page_id: here.page,
      name: 'Shop',
      description: 'All of it',
      components: [here.cards, here.search],
      position: 3,
      created_at: '2026-11-21T12:00:00Z',
      updated_at: '2026-11-21T12:00:00Z',
    })
    const path = `/component-groups/${made.id}`
    const { body: less } = await here.calls('patch', path, { component_group: { components: [here.search] } })
    expect(less).toEqual({ ...made, components: [here.search] })
    expect((await here.calls('get', `/components/${here.search}`)).body.group_id).toBe(made.id)
    const refused = await here.calls('put', path, { component_group: { components: ['nobody'] } })
    expect([refused.status, refused.body.error[0]]).toEqual([
      422,
      expect.stringContaining('component_group.components[0]'),
    ])
    expect((await here.calls('delete', path)).body).toEqual(less)
    expect((await here.calls('get', `/components/${here.search}`)).body.group_id).toBeNull()
    expect((await here.calls('delete', path)).status).toBe(404)
  })
})

describe('postmortems', () => {
  const text = 'An index was lost.\n\n## Why it happened\n\nA disk was full.'

  test('are the reviews of the desk as one text, and not taken back once published', async () => {
    const here = await program()
    const { body: over } = await here.calls('post', '/incidents', { incident: { name: 'Slow', status: 'resolved' } })
    const path = `/incidents/${over.id}/postmortem`
    expect((await here.calls('get', path)).status).toBe(404)
    expect((await here.calls('put', `${path}/publish`)).status).toBe(409)
    const { body: draft } = await here.calls('put', path, { postmortem: { body_draft: text } })
    expect(draft).toMatchObject({
      body: null,
      published_at: null,
    })
    expect(String(draft['body_draft'])).toContain('An index was lost.')
    const { body: published } = await here.calls('put', `${path}/publish`, {})
    expect(published).toMatchObject({ body_draft: null, published_at: '2026-11-21T12:00:00Z' })
    expect(published.body).toContain('A disk was full.')

    const { incidents } = await here.reads('/api/v2/incidents.json')
    expect(incidents).toMatchObject([{ status: 'postmortem', incident_updates: [{ status: 'postmortem' }, {}] }])
    const { body: seen } = await here.calls('get', `/incidents/${over.id}`)
    expect(seen).toMatchObject({ postmortem_body: published.body, postmortem_published_at: '2026-11-21T12:00:00Z' })
    expect((await here.calls('put', `${path}/revert`)).status).toBe(409)
    expect((await here.calls('delete', path)).status).toBe(409)

    // What was answered can be sent again, and says the same.
    await here.calls('put', path, { postmortem: { body_draft: published.body.replace('full', 'broken') } })
    const { body: corrected } = await here.calls('put', `${path}/publish`, {})
    expect(corrected.body).toBe(published.body.replace('full', 'broken'))
    const rows = await here.db.selectFrom('revisions').select(['of', 'reason']).execute()
    expect(rows).toEqual([{ of: 'review', reason: 'Corrected by one of our programs.' }])
  })

  test('of a bad incident that leave heads out are what is known so far', async () => {
    const here = await program()
    const { body: over } = await here.calls('post', '/incidents', {
      incident: { name: 'Down', status: 'resolved', impact_override: 'critical' },
    })
    const path = `/incidents/${over.id}/postmortem`
    await here.calls('put', path, { postmortem: { body_draft: text } })
    expect((await here.calls('put', `${path}/publish`)).status).toBe(200)
    const row = await here.db.selectFrom('reviews').selectAll().executeTakeFirstOrThrow()
    expect([row.preliminary_at, row.final_at]).toEqual(['2026-11-21T12:00:00.000Z', null])
  })

  test('of what is not over, and of nothing, are refused', async () => {
    const here = await program()
    const { body: open } = await here.calls('post', '/incidents', { incident: { name: 'Slow' } })
    const sent = { postmortem: { body_draft: text } }
    expect((await here.calls('put', `/incidents/${open.id}/postmortem`, sent)).status).toBe(409)
    expect((await here.calls('put', '/incidents/nothing/postmortem', sent)).status).toBe(404)
  })
})

describe('what else there is', () => {
  test('the page, with the ways in which it tells', async () => {
    const here = await program()
    const { body: page } = await here.calls('get', '')
    expect(page).toMatchObject({
      id: here.page,
      name: 'Northwind',
      url: 'http://status.example',
      domain: 'status.example',
      time_zone: 'Europe/Lisbon',
      allow_rss_atom_feeds: true,
      allow_email_subscribers: false,
      allow_sms_subscribers: false,
      allow_webhook_subscribers: true,
    })
    const { server } = (await here.app()).app
    const pages = await supertest(server).get('/v1/pages.json').set('authorization', `Oauth ${here.secret}`)
    expect(pages.body).toEqual([page])
  })

  test('metrics, called by other names', async () => {
    const here = await program()
    const translations = { fr: { name: 'Latence' } }
    const id = await here.does((it) =>
      createMetric(it, { name: 'Latency', suffix: 'ms', decimals: 1, shown: 'yes', translations }),
    )
    expect((await here.calls('get', '/metrics')).body).toMatchObject([
      { id, name: 'Latency', suffix: 'ms', display: true },
    ])
    expect((await here.calls('patch', `/metrics/${id}`, { metric: { name: 'Delay' } })).body).toMatchObject({
      name: 'Delay',
      decimal_places: 1,
    })
    expect((await readMetric(here.db, id)).translations).toEqual(translations)
    expect((await here.calls('delete', `/metrics/${id}`)).status).toBe(200)
    expect((await here.calls('get', `/metrics/${id}`)).status).toBe(404)
  })

  test('templates, which operators find at the desk', async () => {
    const here = await program()
    const template = { name: 'Cables', title: 'New cables', body: 'We lay cables.', update_status: 'scheduled' }
    const { body: made } = await here.calls('post', '/incident_templates', { template })
    expect(made).toMatchObject({ ...template, components: [], should_tweet: false })
    expect((await here.calls('get', '/incident_templates')).body).toEqual([made])
    const { use } = await here.db.selectFrom('templates').select('use').executeTakeFirstOrThrow()
    expect(use).toBe('maintenance')
  })
})

describe('whoever is not let in', () => {
  test('is told so as the contract has it', async () => {
    const here = await program()
    const { server } = (await here.app()).app
    const bare = await supertest(server).get(`/api/v1/pages/${here.page}/incidents`)
    expect([bare.status, bare.body]).toEqual([401, { error: 'Could not authenticate' }])
    const other = await supertest(server)
      .get('/api/v1/pages/other/incidents')
      .set('authorization', `OAuth ${here.secret}`)
    expect([other.status, other.body]).toEqual([404, { error: 'There is no such page.' }])
    const nothing = await supertest(server).get('/api/v1/nothing').set('authorization', `OAuth ${here.secret}`)
    expect([nothing.status, nothing.body]).toEqual([404, { error: 'Not found' }])
  })

  test('comes back when it is told to, after more than a request a second, at whichever address', async () => {
    const here = await program()
    const { server } = (await here.app()).app
    const asks = (path = '/v1/pages') => supertest(server).get(path).set('authorization', `OAuth ${here.secret}`)
    const answers = await Promise.all(Array.from({ length: 60 }, () => asks()))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    // The contract has 420 or 429: its clients try again on either, and everybody else knows 429 alone.
    for (const path of ['/v1/pages', '/v1/pages.json', '/api/v1/pages', '/v1/pages?per_page=nonsense']) {
      const late = await asks(path)
      const { error } = late.body as { error: unknown }
      expect([path, late.status, late.headers['retry-after'], typeof error]).toEqual([path, 429, '1', 'string'])
    }
    here.clock.advance('1s')
    expect([(await asks()).status, (await asks()).status]).toEqual([200, 429])
  })
})
