import { expect, test } from 'vitest'
import { removeComponent } from '../../../src/domain/components/commands.ts'
import { postUpdate } from '../../../src/domain/incidents/commands.ts'
import { dismissDraft, editDraft, publishDraft, widenIncident } from '../../../src/domain/incidents/drafts.ts'
import {
  drafts,
  dueDrafts,
  openIncidents,
  readIncident,
  recentIncidents,
} from '../../../src/domain/incidents/queries.ts'
import { clockActor } from '../../../src/domain/changes/actor.ts'
import { desk, probe } from '../desk.ts'

test('a draft is known to the desk and to nobody else', async () => {
  const { drafts: drafting, db, status, search, readSnapshot, events } = await desk()
  const id = await drafting()
  expect(await drafts(db)).toMatchObject([
    {
      id,
      source: 'probe',
      heldBy: 'engine',
      severity: 'critical',
      toldAt: null,
      noticedAt: '2026-11-21T11:58:00.000Z',
      publishesAt: '2026-11-21T12:05:00.000Z',
      impacts: [{ saidAt: null }],
      updates: [{ displayedAt: null, source: 'probe', author: null }],
    },
  ])
  expect(await readIncident(db, id)).toBeNull()
  expect(await openIncidents(db)).toEqual([])
  expect(await recentIncidents(db, 50)).toEqual([])
  expect(await status(search)).toBe('operational')
  expect(JSON.stringify(await readSnapshot())).not.toContain('Search does not answer')
  expect(await events()).toMatchObject([{ type: 'incident.drafted', actor: probe, data: { probe: 'probe-1' } }])
})

test('a draft is due when its time is up, and not before', async () => {
  const { drafts: drafting, db, clock } = await desk()
  const id = await drafting()
  await drafting({ publishesAt: null })
  expect(await dueDrafts(db, clock.now())).toEqual([])
  clock.advance('5m')
  expect(await dueDrafts(db, clock.now())).toMatchObject([{ id }])
})

test('published by the clock, it is told now and began when it began', async () => {
  const { drafts: drafting, change, incident, clock, status, component, search, events, db } = await desk()
  const id = await drafting()
  clock.advance('5m')
  await change(clockActor, (it) => publishDraft(it, id))
  const published = await incident(id)
  expect(published).toMatchObject({
    heldBy: 'engine',
    beganAt: '2026-11-21T11:57:00.000Z',
    toldAt: '2026-11-21T12:05:00.000Z',
    latestUpdateAt: '2026-11-21T12:05:00.000Z',
    publishesAt: null,
    nextUpdateBy: '2026-11-21T12:25:00.000Z',
    impacts: [{ beganAt: '2026-11-21T11:57:00.000Z', saidAt: '2026-11-21T12:05:00.000Z' }],
    updates: [
      {
        displayedAt: '2026-11-21T12:05:00.000Z',
        nextUpdateBy: '2026-11-21T12:25:00.000Z',
        affected: [{ id: search, from: 'operational', to: 'major_outage' }],
      },
    ],
  })
  expect(await status(search)).toBe('major_outage')
  expect((await component(search)).updatedAt).toBe('2026-11-21T12:05:00.000Z')
  expect(await readIncident(db, id)).toEqual(published)
  expect((await events()).at(-1)).toMatchObject({ type: 'incident.opened', data: { update: published.updates[0]?.id } })
})

test('a draft is published once', async () => {
  const { drafts: drafting, does, everything } = await desk()
  const id = await drafting()
  await does((it) => publishDraft(it, id))
  const before = await everything()
  await expect(does((it) => publishDraft(it, id))).rejects.toThrow('published already')
  expect(await everything()).toBe(before)
})

test('an operator who confirms a draft leaves it to the engine; one who posts takes it over', async () => {
  const { drafts: drafting, does, incident, posts } = await desk()
  const id = await drafting()
  await does((it) => publishDraft(it, id))
  expect((await incident(id)).heldBy).toBe('engine')
  await posts(id, {})
  expect((await incident(id)).heldBy).toBe('person')
})

test('an engine that resolves what it holds says when all was well again', async () => {
  const { drafts: drafting, engine, incident, clock } = await desk()
  const id = await drafting()
  await engine((it) => publishDraft(it, id))
  clock.advance('10m')
  const words = { stage: 'resolved', body: 'Search answers again.', overAt: '2026-11-21T12:07:00Z' }
  await engine((it) => postUpdate(it, id, words))
  expect(await incident(id)).toMatchObject({
    heldBy: 'engine',
    overAt: '2026-11-21T12:07:00.000Z',
    toldOverAt: '2026-11-21T12:10:00.000Z',
    updates: [{ source: 'probe', author: null }, {}],
  })
})

test('a draft that an operator edits is theirs, and no longer publishes itself', async () => {
  const { drafts: drafting, does, incident, db, clock, payments, events } = await desk()
  const id = await drafting({ translations: { fr: { name: 'Recherche', body: 'Nos contrôles échouent.' } } })
  const components = [{ id: payments, status: 'partial_outage' }]
  await does((it) => editDraft(it, id, { body: 'Card payments fail for some cards.', components }))
  clock.advance('1h')
  expect(await dueDrafts(db, clock.now())).toEqual([])
  expect(await incident(id)).toMatchObject({
    heldBy: 'person',
    publishesAt: null,
    severity: 'major',
    translations: { fr: { name: 'Recherche' } },
    impacts: [{ componentId: payments, status: 'partial_outage', beganAt: '2026-11-21T11:57:00.000Z', saidAt: null }],
    updates: [{ body: 'Card payments fail for some cards.', author: 'Ada', source: 'person', translations: {} }],
  })
  expect((await events()).at(-1)).toMatchObject({ type: 'incident.changed', data: { fields: ['body', 'components'] } })
})

test('an edit may choose a time to publish, a promise, a stage and an earlier beginning', async () => {
  const { drafts: drafting, does, incident, clock, change } = await desk()
  const id = await drafting()
  const beganAt = '2026-11-21T11:30:00Z'
  const edit = {
    publishesAt: '2026-11-21T12:30:00Z',
    nextUpdateBy: '2026-11-21T13:30:00Z',
    stage: 'identified',
    beganAt,
  }
  await does((it) => editDraft(it, id, edit))
  clock.advance('30m')
  await change(clockActor, (it) => publishDraft(it, id))
  expect(await incident(id)).toMatchObject({
    stage: 'identified',
    nextUpdateBy: '2026-11-21T13:30:00.000Z',
    beganAt: '2026-11-21T11:30:00.000Z',
    impacts: [{ beganAt: '2026-11-21T11:30:00.000Z' }],
    updates: [{ stage: 'identified' }],
  })
})

test('a promise that passed while the draft waited is made anew', async () => {
  const { drafts: drafting, does, incident, clock } = await desk()
  const id = await drafting()
  await does((it) => editDraft(it, id, { nextUpdateBy: '2026-11-21T12:10:00Z' }))
  clock.advance('1h')
  await does((it) => publishDraft(it, id))
  expect((await incident(id)).nextUpdateBy).toBe('2026-11-21T13:20:00.000Z')
})

test('a dismissed draft is kept as a false alarm, and cannot come back', async () => {
  const { drafts: drafting, does, incident, db, events, status, search } = await desk()
  const id = await drafting()
  await does((it) => dismissDraft(it, id))
  expect(await drafts(db)).toEqual([])
  expect(await readIncident(db, id)).toBeNull()
  expect(await incident(id)).toMatchObject({ dismissedAt: '2026-11-21T12:00:00.000Z', publishesAt: null })
  expect(await status(search)).toBe('operational')
  expect((await events()).at(-1)).toMatchObject({ type: 'incident.dismissed' })
  await expect(does((it) => publishDraft(it, id))).rejects.toThrow('dismissed')
  await expect(does((it) => editDraft(it, id, { name: 'Again' }))).rejects.toThrow('dismissed')
  await expect(does((it) => postUpdate(it, id, { stage: 'update', body: 'x' }))).rejects.toThrow('draft')
})

test('an update cannot be posted on a draft', async () => {
  const { drafts: drafting, posts } = await desk()
  await expect(posts(await drafting(), {})).rejects.toThrow('publish it first')
})

test('a public incident widens in public, a draft in silence', async () => {
  const { drafts: drafting, engine, incident, status, payments, events } = await desk()
  const id = await drafting()
  const widening = { components: [{ id: payments, status: 'major_outage' }], beganAt: '2026-11-21T11:50:00Z' }
  await engine((it) => widenIncident(it, id, widening))
  expect(await status(payments)).toBe('operational')
  expect((await incident(id)).beganAt).toBe('2026-11-21T11:50:00.000Z')
  await engine((it) => publishDraft(it, id))
  expect(await status(payments)).toBe('major_outage')
  expect(await events()).toMatchObject([
    { type: 'incident.drafted' },
    { type: 'incident.widened', data: { components: ['Card payments'] } },
    { type: 'incident.opened' },
  ])
})

test('nothing that readers see moves while a draft is made, widened, edited and dismissed', async () => {
  const { drafts: drafting, engine, does, payments, clock, readSnapshot } = await desk()
  const seen = async () => {
    const { bars, ...rest } = await readSnapshot()
    return { ...rest, version: 0, bars: rest.components.map(({ id }) => bars.get(id)) }
  }
  clock.advance('1m')
  const before = await seen()
  const id = await drafting()
  await engine((it) => widenIncident(it, id, { components: [{ id: payments, status: 'major_outage' }] }))
  await does((it) => editDraft(it, id, { components: [{ id: payments, status: 'degraded_performance' }] }))
  expect(await seen()).toEqual(before)
  await does((it) => dismissDraft(it, id))
  expect(await seen()).toEqual(before)
})

test('widening a public incident makes it worse at once, and leaves its words alone', async () => {
  const { opens, engine, incident, status, payments, updatesOf } = await withUpdates()
  const id = await opens()
  await engine((it) => widenIncident(it, id, { components: [{ id: payments, status: 'major_outage' }] }))
  expect(await status(payments)).toBe('major_outage')
  expect((await incident(id)).severity).toBe('critical')
  expect(await updatesOf(id)).toBe(1)
})

test('a component that is removed while a draft waits is not named when it is published', async () => {
  const { drafts: drafting, does, incident, search, payments } = await desk()
  const components = [search, payments].map((id) => ({ id, status: 'major_outage' }))
  const id = await drafting({ components })
  await does((it) => removeComponent(it, search))
  await does((it) => publishDraft(it, id))
  expect((await incident(id)).updates[0]?.affected).toMatchObject([{ id: payments }])
})

async function withUpdates() {
  const all = await desk()
  return { ...all, updatesOf: async (id: string) => (await all.incident(id)).updates.length }
}

test('a beginning that a probe finds to be earlier shows that it was moved', async () => {
  const { opens, engine, incident, payments } = await desk()
  const id = await opens()
  const widening = { components: [{ id: payments, status: 'major_outage' }], beganAt: '2026-11-21T11:50:00Z' }
  await engine((it) => widenIncident(it, id, widening))
  expect((await incident(id)).revisions).toMatchObject([
    {
      before: { beganAt: '2026-11-21T12:00:00.000Z' },
      after: { beganAt: '2026-11-21T11:50:00.000Z' },
      author: null,
      reason: 'Another of its systems had failed earlier.',
      translations: { fr: { reason: 'Un autre des systèmes touchés avait failli plus tôt.' } },
    },
  ])
})
