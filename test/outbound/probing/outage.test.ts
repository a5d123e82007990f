import { expect, test } from 'vitest'
import { eventsAfter } from '../../../src/domain/changes/log.ts'
import { publishDueDrafts, resolveRecovered } from '../../../src/domain/probes/engine/recovering.ts'
import { people } from '../../people.ts'
import type { World } from '../../world.ts'
import { type LiveWorld, happened, liveWorld, service, until, watches } from './live.ts'

async function read(it: LiveWorld, url: string): Promise<string> {
  const { app, publication } = await it.app()
  await publication.catchUp()
  const answer = await app.inject({ url })
  expect(answer.statusCode, url).toBe(200)
  return answer.body
}

const incidentOf = (it: LiveWorld) => it.db.selectFrom('incidents').selectAll().executeTakeFirst()

test('a server that dies is disclosed by itself, and is over by itself when it lives again', async () => {
  const it = await liveWorld()
  const shop = await service()
  const { ada } = await people(it as unknown as World)
  const { componentId, probeId } = await watches(it, 'Card payments', {
    url: shop.url,
    policy: 'draft-then-publish',
    publishAfterSeconds: 1,
  })
  expect(await read(it, '/')).not.toContain('does not answer')

  const died = Date.now()
  shop.dies()
  await until('there is a draft', async () => (await incidentOf(it)) !== undefined)
  const draft = await incidentOf(it)
  expect(draft).toMatchObject({ told_at: null, held_by: 'engine', source: 'probe', probe_id: probeId })
  expect(await read(it, '/')).not.toContain('does not answer')
  expect((await ada.opens('/admin')).text).toContain('Card payments does not answer')

  // Back-dated to the first check that failed, not to the one that confirmed it.
  const began = Date.parse(draft!.began_at)
  expect(began).toBeGreaterThanOrEqual(died - 50)
  expect(Date.parse(draft!.created_at) - began).toBeGreaterThanOrEqual(900)

  await until('the draft published itself', async () => {
    await publishDueDrafts(it)
    return (await incidentOf(it))?.told_at !== null
  })
  const pages = ['/', `/incidents/${draft!.id}`]
  const feeds = ['/history.atom', '/history.rss', '/feed.json']
  for (const url of [...pages, ...feeds, '/api/v2/summary.json']) {
    expect(await read(it, url), url).toContain('Card payments does not answer')
  }
  for (const url of pages) expect(await read(it, url), url).toContain(`<time datetime="${draft!.began_at}"`)
  const since = `have failed since ${draft!.began_at.slice(11, 16)} UTC`
  for (const url of [...pages, ...feeds]) expect(await read(it, url), url).toContain(since)
  const summary = JSON.parse(await read(it, '/api/v2/summary.json')) as {
    incidents: { started_at: string; status: string }[]
    components: { id: string; status: string }[]
  }
  expect(Date.parse(summary.incidents[0]!.started_at)).toBe(began)
  expect(summary.components.find(({ id }) => id === componentId)?.status).toBe('major_outage')
  const { text: now } = await ada.opens('/admin')
  expect(now).toContain('Card payments does not answer')
  expect(now).toContain(`open for <span data-since="${draft!.began_at}">`)
  // Error texts, addresses and reasons stay on the operators' side.
  for (const url of ['/', '/history.atom', '/api/v2/summary.json'])
    expect(await read(it, url)).not.toMatch(/127\.0\.0\.1|reset|ECONN/)

  shop.lives()
  await until('it is under observation', async () => (await incidentOf(it))?.stage === 'monitoring')
  await until('it is over', async () => {
    await resolveRecovered(it, 1)
    return (await incidentOf(it))?.over_at !== null
  })
  const over = await incidentOf(it)
  expect(over).toMatchObject({ stage: 'resolved', held_by: 'engine', over_at: over!.recovered_at })
  expect(over!.over_at! < over!.told_over_at!).toBe(true)
  expect(JSON.parse(await read(it, '/api/v2/summary.json'))).toMatchObject({
    incidents: [],
    status: { indicator: 'none' },
  })
  expect(await happened(it, 'incident.')).toEqual([
    'incident.drafted',
    'incident.opened',
    'incident.updated',
    'incident.resolved',
  ])
  const verdicts = (await eventsAfter(it.db, 0, 1000)).filter((event) => event.type === 'probe.verdict')
  expect(verdicts.map((event) => event.type === 'probe.verdict' && [event.data.to, event.data.reason])).toEqual([
    ['up', null],
    ['down', 'reset'],
    ['up', null],
  ])
})

test('what an operator edits, the engine no longer touches', async () => {
  const it = await liveWorld()
  const shop = await service()
  const { ada } = await people(it as unknown as World)
  const { componentId } = await watches(it, 'Card payments', {
    url: shop.url,
    policy: 'draft-then-publish',
    publishAfterSeconds: 1,
  })
  shop.dies()
  await until('there is a draft', async () => (await incidentOf(it)) !== undefined)
  const { id, updated_at: seen } = (await incidentOf(it))!
  const saved = await ada.sends(`/admin/drafts/${id}`, {
    name: 'We broke the tills',
    body: 'We are mending them.',
    stage: 'investigating',
    promise: '30',
    [`component.${componentId}`]: 'major_outage',
    intent: 'save',
    seen,
  })
  expect(saved.status).toBe(303)
  const edited = await incidentOf(it)

  await until('it would have published itself', async () => {
    await publishDueDrafts(it)
    return Date.now() > Date.parse(edited!.updated_at) + 1500
  })
  shop.lives()
  await until('the probe is well', async () => (await happened(it, 'probe.verdict')).length === 3)
  await publishDueDrafts(it)
  await resolveRecovered(it, 0)

  expect(await incidentOf(it)).toEqual(edited)
  expect(edited).toMatchObject({ name: 'We broke the tills', held_by: 'person', publishes_at: null, told_at: null })
  // It only notes for them that all is well.
  expect(await happened(it, 'incident.')).toEqual(['incident.drafted', 'incident.changed', 'incident.noted'])
})
