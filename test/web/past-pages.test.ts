import { expect, test } from 'vitest'
import { changeIncident, openIncident } from '../../src/domain/incidents/commands.ts'
import { correctUpdate, withdrawUpdate } from '../../src/domain/revisions/words.ts'
import { northwind } from './northwind.ts'

async function site() {
  const here = await northwind()
  const { app, publication } = await here.app()
  await publication.refresh()
  const [incident] = (await here.readSnapshot()).openIncidents
  const [update] = incident?.updates ?? []
  if (!incident || !update) throw new Error('Nothing is open.')
  return {
    ...here,
    incident,
    update,
    reads: async (path: string) => (await app.inject(path)).body,
    does: async (work: Parameters<typeof here.does>[0]) => {
      await here.does(work)
      await publication.refresh()
    },
  }
}

const months = ['/history/2026-11', '/fr/history/2026-11']

test('a word that was withdrawn is on no page of the past any more', async () => {
  const { reads, does, update } = await site()
  for (const path of months) expect(await reads(path)).toContain('One of two acquirers declines every card')
  await does((it) => withdrawUpdate(it, update.id, { reason: 'It was about another incident.' }))
  for (const path of months) expect(await reads(path)).not.toContain('One of two acquirers')
})

test('a word that was corrected is corrected on the pages of the past', async () => {
  const { reads, does, update } = await site()
  for (const path of months) await reads(path)
  const words = { body: 'One of three acquirers declines cards.', reason: 'We have three.' }
  await does((it) => correctUpdate(it, update.id, words))
  for (const path of months) expect(await reads(path)).toContain('One of three acquirers declines cards.')
})

test('a word on work that was withdrawn is in no calendar any more', async () => {
  const { reads, does, readSnapshot } = await site()
  const planned = (await readSnapshot()).openMaintenances.find(({ name }) => name === 'A larger search index')
  const [word] = planned?.updates ?? []
  const calendar = '/components/search/calendar.ics'
  const said = (word?.body ?? '-').slice(0, 20)
  expect(await reads(calendar)).toContain(said)
  await does((it) => withdrawUpdate(it, word?.id ?? '', { reason: 'It was about another system.' }))
  expect(await reads(calendar)).not.toContain(said)
})

test('a title that only readers of one language knew otherwise is corrected on their page', async () => {
  const { reads, does, incident } = await site()
  const named = (name: string) => ({ translations: { fr: { name } }, reason: 'Il y en a deux.' })
  await does((it) => changeIncident(it, incident.id, named('Cartes en panne')))
  await does((it) => changeIncident(it, incident.id, named('Cartes refusées')))
  expect(await reads(`/fr/incidents/${incident.id}`)).toContain('Cartes en panne')
  expect(await reads(`/incidents/${incident.id}`)).not.toContain('Cartes en panne')
})

test('an incident that is told of later but began before leads on from the one before it', async () => {
  const { reads, does, incident, search, readSnapshot } = await site()
  const first = (await readSnapshot()).recentIncidents.find(({ name }) => name === 'Search is slow')?.id ?? ''
  for (const path of [`/incidents/${first}`, `/incidents/${incident.id}`]) await reads(path)
  const words = { name: 'Search was down at night', stage: 'resolved', body: 'It is over.' } as const
  const components = [{ id: search, status: 'major_outage' }] as const
  const times = { beganAt: '2026-11-19T02:00:00Z', overAt: '2026-11-19T03:00:00Z' }
  await does((it) => openIncident(it, { ...words, components: [...components], ...times }))
  expect(await reads(`/incidents/${first}`)).toMatch(/rel="next".*Search was down at night/)
  expect(await reads(`/incidents/${incident.id}`)).toMatch(/rel="prev".*Search was down at night/)
})
