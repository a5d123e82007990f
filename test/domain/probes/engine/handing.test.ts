import { expect, test } from 'vitest'
import { openIncident, postUpdate } from '../../../../src/domain/incidents/commands.ts'
import { readIncidentOrDraft } from '../../../../src/domain/incidents/queries.ts'
import { pauseProbe } from '../../../../src/domain/probes/commands.ts'
import { handBack, takeOver } from '../../../../src/domain/probes/engine/handing.ts'
import { adviceOn, measuredSystems } from '../../../../src/domain/probes/engine/measured-systems.ts'
import type { World } from '../../../world.ts'
import { ada, types, watched } from '../watched.ts'

const word = { stage: 'identified', body: 'It is the disk.' }

async function advice(it: World, id: string) {
  const incident = (await readIncidentOrDraft(it.db, id))!
  return adviceOn(incident, await measuredSystems(it.db, incident), it.clock.now())
}

test('what a person wrote on is theirs: the engine notes that all is well, and says nothing to readers', async () => {
  const { it, finds, incidents, jobs, search } = await watched({ policy: 'publish' })
  await finds('pppfff')
  const { id } = (await incidents())[0]!
  await it.change(ada, (change) => postUpdate(change, id, word))
  await finds(`ppp${'p'.repeat(12)}`)
  await jobs()
  expect((await incidents())[0]).toMatchObject({ stage: 'identified', held_by: 'person', over_at: null })
  const notes = await it.db.selectFrom('events').select('data').where('type', '=', 'incident.noted').execute()
  expect(notes.map(({ data }) => JSON.parse(data) as object)).toEqual([
    { name: 'Search does not answer', note: 'well-again', component: 'Search' },
  ])
  expect(await advice(it, id)).toEqual({ kind: 'well', since: '2026-11-21T12:07:00.000Z' })
  expect(await measuredSystems(it.db, (await readIncidentOrDraft(it.db, id))!)).toMatchObject([
    { componentId: search, isAffected: true, measured: 'operational' },
  ])
})

test('handed back, the engine says what is well already, in its own name, and resolves after ten minutes without a break', async () => {
  const { it, finds, incidents, jobs } = await watched({ policy: 'publish' })
  await finds('pppfff')
  const { id } = (await incidents())[0]!
  await it.change(ada, (change) => postUpdate(change, id, word))
  await finds('ppp')
  await it.change(ada, (change) => handBack(change, id))
  expect((await incidents())[0]).toMatchObject({ stage: 'identified', held_by: 'engine' })
  it.clock.advance('1s')
  await jobs()
  expect((await incidents())[0]).toMatchObject({ stage: 'monitoring', held_by: 'engine' })
  expect(await it.db.selectFrom('updates').select('author').orderBy('created_at', 'desc').executeTakeFirst()).toEqual({
    author: null,
  })
  await finds('p'.repeat(11))
  await jobs()
  expect((await incidents())[0]).toMatchObject({ stage: 'resolved', over_at: '2026-11-21T12:07:00.000Z' })
  expect((await types(it)).filter((type) => type === 'incident.handed-back')).toHaveLength(1)
})

test('handed back while it fails, it is said when it is well', async () => {
  const { it, finds, incidents, search } = await watched({ policy: 'publish' })
  await finds('ppp')
  const id = await it.change(ada, (change) =>
    openIncident(change, {
      name: 'Search fails',
      body: 'Why?',
      stage: 'investigating',
      components: [{ id: search, status: 'partial_outage' }],
    }),
  )
  await finds('fff')
  await it.change(ada, (change) => handBack(change, id))
  expect((await incidents())[0]).toMatchObject({ stage: 'investigating', held_by: 'engine' })
  await finds('ppp')
  expect(await incidents()).toMatchObject([{ stage: 'monitoring', held_by: 'engine' }])
})

test('what nobody measures cannot be handed back', async () => {
  const { it, finds, incidents, id: probe, component } = await watched({ policy: 'publish' })
  await finds('pppfff')
  const { id } = (await incidents())[0]!
  const mail = await component('Mail')
  await it.change(ada, (change) =>
    postUpdate(change, id, { ...word, components: [{ id: mail, status: 'partial_outage' }] }),
  )
  await expect(it.change(ada, (change) => handBack(change, id))).rejects.toThrow('Nobody measures')
  await it.change(ada, (change) => pauseProbe(change, probe))
  await expect(it.change(ada, (change) => handBack(change, id))).rejects.toThrow('Nobody measures')
})

test('an incident whose probe is paused says that it waits for a person, who may take it over', async () => {
  const { it, finds, incidents, jobs, id: probe, search } = await watched({ policy: 'publish' })
  await finds('pppfff')
  const { id } = (await incidents())[0]!
  expect(await advice(it, id)).toBeNull()
  await it.change(ada, (change) => pauseProbe(change, probe))
  await jobs()
  expect((await incidents())[0]).toMatchObject({ over_at: null, held_by: 'engine' })
  expect(await advice(it, id)).toEqual({ kind: 'unmeasured', components: [search] })
  await it.change(ada, (change) => takeOver(change, id))
  expect(await advice(it, id)).toBeNull()
  await expect(it.change(ada, (change) => takeOver(change, id))).rejects.toThrow('A person holds')
})

test('what a person resolved while it fails is never opened again by itself, and the desk is warned', async () => {
  const { it, finds, incidents, jobs, search } = await watched({ policy: 'publish' })
  await finds('pppfff')
  const { id } = (await incidents())[0]!
  await it.change(ada, (change) => postUpdate(change, id, { stage: 'resolved', body: 'We fixed it.' }))
  await finds('ffffff')
  await jobs()
  expect(await incidents()).toMatchObject([{ stage: 'resolved', held_by: 'person' }])
  expect(await advice(it, id)).toEqual({
    kind: 'still-fails',
    components: [search],
    since: '2026-11-21T12:04:00.000Z',
  })
})
