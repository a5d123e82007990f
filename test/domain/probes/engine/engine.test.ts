import { expect, test } from 'vitest'
import { createGroup } from '../../../../src/domain/components/groups.ts'
import { postUpdate, openIncident } from '../../../../src/domain/incidents/commands.ts'
import { dismissDraft } from '../../../../src/domain/incidents/drafts.ts'
import { batchOf, takeResults } from '../../../../src/outbound/probing/take-results.ts'
import { ada, found, types, watched } from '../watched.ts'

test('a draft publishes itself when its time is up, in every language, back-dated', async () => {
  const { it, finds, incidents, jobs, clock, status } = await watched()
  await finds('pppfff')
  const [draft] = await incidents()
  expect(draft).toMatchObject({
    told_at: null,
    began_at: '2026-11-21T12:04:00.000Z',
    publishes_at: '2026-11-21T12:11:00.000Z',
  })
  expect(await status()).toBe('operational')
  await finds('ffff')
  await jobs()
  expect((await incidents())[0]).toMatchObject({ told_at: null })
  clock.advance('60s')
  await jobs()
  expect((await incidents())[0]).toMatchObject({ told_at: '2026-11-21T12:11:00.000Z', severity: 'critical' })
  expect(await status()).toBe('major_outage')
  const { body, translations } = await it.db.selectFrom('updates').selectAll().executeTakeFirstOrThrow()
  expect(body).toBe('Our checks of Search have failed since 12:04 UTC. We are looking into it.')
  expect(Object.keys(JSON.parse(translations) as object)).toEqual(['fa', 'fr', 'pt-BR', 'zh-Hant'])
  expect(body + translations).not.toMatch(/timeout|shop\.test|https?:/)
})

test('a draft whose target recovers first is a false alarm, and is kept', async () => {
  const { it, finds, incidents, jobs } = await watched()
  await finds('pppfffppp')
  await jobs()
  expect(await incidents()).toMatchObject([
    { told_at: null, dismissed_at: '2026-11-21T12:09:00.000Z', publishes_at: null },
  ])
  expect((await types(it)).slice(-2)).toEqual(['probe.verdict', 'incident.dismissed'])
})

test('an incident is under observation when all recovered, and over after ten minutes without a break', async () => {
  const { finds, incidents, jobs, status } = await watched({ policy: 'publish' })
  await finds('pppfffppp')
  expect((await incidents())[0]).toMatchObject({ stage: 'monitoring', recovered_at: '2026-11-21T12:07:00.000Z' })
  expect(await status()).toBe('operational')
  await finds('ppppppp')
  await jobs()
  expect((await incidents())[0]).toMatchObject({ over_at: null })
  await finds('p')
  await jobs()
  expect((await incidents())[0]).toMatchObject({
    stage: 'resolved',
    over_at: '2026-11-21T12:07:00.000Z',
    told_over_at: '2026-11-21T12:17:00.000Z',
    mitigated_at: '2026-11-21T12:07:00.000Z',
  })
})

test('what fails again while it is observed is the same incident, and so is what fails again within half an hour', async () => {
  const { it, finds, incidents, jobs, status } = await watched({ policy: 'publish' })
  await finds('pppfffpppfff')
  expect(await incidents()).toMatchObject([{ stage: 'investigating', recovered_at: null, over_at: null }])
  expect(await status()).toBe('major_outage')
  await finds('ppppppppppppp')
  await jobs()
  expect(await incidents()).toMatchObject([{ stage: 'resolved' }])
  await finds('fff')
  expect(await incidents()).toMatchObject([{ stage: 'investigating', over_at: null }])
  expect((await types(it)).filter((type) => type === 'incident.reopened')).toHaveLength(1)
  const impacts = await it.db
    .selectFrom('impacts')
    .selectAll()
    .where('incident_id', 'is not', null)
    .orderBy('began_at')
    .execute()
  // The gaps stay gaps, and each beginning is that of the first failing check.
  expect(impacts.map((impact) => [impact.began_at.slice(11, 16), impact.ended_at?.slice(11, 16)])).toEqual([
    ['12:04', '12:07'],
    ['12:10', '12:13'],
    ['12:26', undefined],
  ])
})

test('what fails again later is another incident', async () => {
  const { finds, incidents, jobs } = await watched({ policy: 'publish' })
  await finds(`pppfff${'p'.repeat(14)}`)
  await jobs()
  await finds('p'.repeat(31))
  await finds('fff')
  expect(await incidents()).toHaveLength(2)
})

test('what a person resolved stays resolved, although it still fails', async () => {
  const { it, finds, incidents, jobs } = await watched({ policy: 'publish' })
  await finds('pppfff')
  const [incident] = await incidents()
  await it.change(ada, (change) => postUpdate(change, incident!.id, { stage: 'resolved', body: 'We fixed the tills.' }))
  await finds('ffffff')
  await jobs()
  expect(await incidents()).toMatchObject([{ stage: 'resolved', held_by: 'person' }])
})

test('what a person dismissed is not drafted again while it goes on', async () => {
  const { it, finds, incidents, jobs } = await watched()
  await finds('pppfff')
  const [draft] = await incidents()
  await it.change(ada, (change) => dismissDraft(change, draft!.id))
  await finds('ffffff')
  await jobs()
  expect(await incidents()).toHaveLength(1)
})

test('what a person says already is not said again', async () => {
  const { it, finds, incidents, search, jobs } = await watched({ policy: 'publish' })
  await finds('ppp')
  const components = [{ id: search, status: 'partial_outage' }]
  await it.change(ada, (change) =>
    openIncident(change, { name: 'Search fails', body: 'Why?', stage: 'investigating', components }),
  )
  await finds('fffppp')
  await jobs()
  expect(await incidents()).toMatchObject([{ name: 'Search fails', stage: 'investigating', held_by: 'person' }])
})

test('neighbours that fail together are one incident of several components, over when all are well', async () => {
  const { it, component, probe, incidents, jobs } = await watched({ policy: 'publish' })
  const group = await it.change(ada, (change) => createGroup(change, { name: 'Shop' }))
  const [tills, carts] = [await component('Tills', group), await component('Carts', group)]
  const [first, second] = [await probe(tills), await probe(carts)]
  await found(it, first, 'ppp')
  await found(it, second, 'ppp')
  await found(it, first, 'fff')
  await found(it, second, 'fff')
  expect(await incidents()).toMatchObject([{ name: 'Tills does not answer' }])
  await found(it, first, 'ppp')
  expect((await incidents())[0]).toMatchObject({ stage: 'investigating' })
  await found(it, second, 'ppp')
  expect((await incidents())[0]).toMatchObject({ stage: 'monitoring' })
  const open = await it.db
    .selectFrom('impacts')
    .selectAll()
    .where('incident_id', 'is not', null)
    .where('ended_at', 'is', null)
    .execute()
  expect(open).toEqual([])
  await jobs()
})

test('strangers that fail together are two incidents', async () => {
  const { it, component, probe, finds, incidents } = await watched({ policy: 'publish' })
  const other = await probe(await component('Mail'))
  await found(it, other, 'pppfff')
  await finds('fff')
  expect(await incidents()).toHaveLength(2)
})

test('off means off: the verdict is recorded, and nothing is said', async () => {
  const { it, finds, incidents } = await watched({ policy: 'off' })
  await finds('pppfff')
  expect(await incidents()).toEqual([])
  expect((await types(it)).filter((type) => type === 'probe.verdict')).toHaveLength(2)
})

test('slow is degraded, and down is worse than slow, in one incident', async () => {
  const { finds, incidents, status } = await watched({ policy: 'publish', latencyLimitMs: 500 })
  await finds('pppsss')
  expect(await incidents()).toMatchObject([
    { name: 'Search is slow', severity: 'minor', began_at: '2026-11-21T12:04:00.000Z' },
  ])
  expect(await status()).toBe('degraded_performance')
  await finds('fff')
  expect(await incidents()).toMatchObject([{ name: 'Search is slow', severity: 'critical' }])
  expect(await status()).toBe('major_outage')
})

test('in a maintenance nothing is opened, and what still fails after it is', async () => {
  const { it, finds, incidents, jobs, search } = await watched({ policy: 'publish' })
  await finds('ppp')
  await it.change(ada, (change) =>
    change.tx
      .insertInto('maintenances')
      .values({
        id: 'm',
        number: 99,
        name: 'Move',
        locale: 'en',
        translations: '{}',
        stage: 'in_progress',
        severity: 'maintenance',
        planned_from: change.now,
        planned_until: change.now,
        began_at: change.now,
        ended_at: null,
        verifying_at: null,
        announced_at: change.now,
        cancelled_at: null,
        runs_by: 'hand',
        source: 'person',
        latest_update_at: null,
        shortlink: null,
        created_at: change.now,
        updated_at: change.now,
      })
      .execute(),
  )
  await it.db
    .insertInto('impacts')
    .values({
      id: 'work',
      component_id: search,
      status: 'under_maintenance',
      began_at: it.clock.now(),
      ended_at: null,
      said_at: it.clock.now(),
      incident_id: null,
      maintenance_id: 'm',
      probe_id: null,
    })
    .execute()
  await finds('fff')
  await jobs()
  expect(await incidents()).toEqual([])
  await it.db.updateTable('impacts').set({ ended_at: it.clock.now() }).where('id', '=', 'work').execute()
  await jobs()
  expect(await incidents()).toMatchObject([{ name: 'Search does not answer', began_at: '2026-11-21T12:06:00.000Z' }])
  // Lost recovery through maintenance: what was opened is also closed.
  await finds('ppp')
  expect(await incidents()).toMatchObject([{ stage: 'monitoring' }])
})

test('storing the same batch again after a failure does nothing twice', async () => {
  const { it, finds, incidents, id } = await watched({ policy: 'publish' })
  await finds('pppff')
  it.clock.advance('60s')
  const batch = batchOf([{ probeId: id, ageMs: 0, outcome: 'fail', reason: 'timeout', ms: 5, code: null }], it.clock)
  const broken = { db: it.db, change: () => Promise.reject(new Error('the database is busy')) }
  await expect(takeResults(broken, batch)).rejects.toThrow('1 of 1 failed')
  expect(batch.size).toBe(1)
  await takeResults(it, batch)
  expect(batch.size).toBe(0)
  await takeResults(it, batch)
  expect(await incidents()).toHaveLength(1)
})
