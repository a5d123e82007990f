import supertest from 'supertest'
import { expect, test } from 'vitest'
import { createHistorySearch, termsOf } from '../../../src/domain/history/search.ts'
import { completeAction } from '../../../src/domain/reviews/actions.ts'
import { readIncident } from '../../../src/domain/incidents/queries.ts'
import { everyHead, lookingBack } from '../../domain/reviews/looking-back.ts'
import { wireOf } from '../wire.ts'

interface Document {
  readonly incidents: readonly {
    readonly status: string
    readonly updated_at: string
    readonly incident_updates: readonly { readonly id: string; readonly status: string; readonly body: string }[]
  }[]
}

async function reviewed() {
  const here = await lookingBack()
  here.clock.advance('1d')
  await here.publishes({
    actions: [{ title: 'Check every index', dueOn: '2026-12-04' }],
    translations: { fr: { saw: 'Les recherches échouaient.' } },
  })
  return here
}

test('programs that know the API of Statuspage find the review as its postmortem', async () => {
  const here = await reviewed()
  const { server } = await wireOf(here)
  const { body } = (await supertest(server).get('/api/v2/incidents.json')) as { body: Document }
  const [incident] = body.incidents
  expect(incident).toMatchObject({ status: 'postmortem', updated_at: '2026-11-22T13:00:00.000Z' })
  expect(incident?.incident_updates.map(({ status }) => status)).toEqual(['postmortem', 'resolved', 'investigating'])
  expect(incident?.incident_updates[0]).toMatchObject({
    display_at: '2026-11-22T13:00:00.000Z',
    body: expect.stringContaining(`## What you saw\n\n${everyHead.saw}`) as string,
  })
  expect(incident?.incident_updates[0]?.body).toContain('- Check every index: Open, due Friday, 4 December 2026')
})

test('feeds tell of the review in the entry of its incident', async () => {
  const here = await reviewed()
  const { server } = await wireOf(here)
  const entryOf = (xml: string) => /<entry>[^]*?<\/entry>/.exec(xml)?.[0] ?? ''
  const entry = entryOf((await supertest(server).get('/history.atom').buffer()).text)
  expect(entry).toContain('Incident/1</id>')
  expect(entry).toContain('Postmortem')
  expect(entry).toContain('Nothing checks that an index is complete')
  expect(entryOf((await supertest(server).get('/fr/history.atom').buffer()).text)).toContain(
    'Les recherches échouaient.',
  )
})

test('an action that is done renews the entry', async () => {
  const here = await reviewed()
  const incident = async () => readIncident(here.db, here.incidentId)
  const [action] = (await incident())?.review?.actions ?? []
  here.clock.advance('1d')
  await here.does((it) => completeAction(it, action?.id ?? '', { word: 'Every index is checked at night.' }))
  expect((await incident())?.updatedAt).toBe('2026-11-23T13:00:00.000Z')
  const { server } = await wireOf(here)
  const { body } = (await supertest(server).get('/api/v2/incidents.json')) as { body: Document }
  expect(body.incidents[0]?.incident_updates[0]?.body).toContain(
    'Done, due Friday, 4 December 2026. Every index is checked',
  )
})

test('what a review says is found, as soon as it is published', async () => {
  const here = await lookingBack()
  const search = createHistorySearch(here.db)
  const find = async (typed: string) => {
    const wanted = { terms: termsOf(typed), componentId: null, kind: null }
    return (await search.find(wanted, await here.readSnapshot())).found.map(({ id }) => id)
  }
  expect(await find('index complete')).toEqual([])
  await here.publishes({ actions: [{ title: 'Buy a lighthouse', dueOn: '2026-12-04' }] })
  expect(await find('index complete')).toEqual([here.incidentId])
  expect(await find('lighthouse')).toEqual([here.incidentId])
})
