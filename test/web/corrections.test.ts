import { parseFeed as parseSmith } from 'feedsmith'
import { XMLParser } from 'fast-xml-parser'
import Parser from 'rss-parser'
import { describe, expect, test } from 'vitest'
import { createHistorySearch, termsOf } from '../../src/domain/history/search.ts'
import { correctUpdate, withdrawUpdate } from '../../src/domain/revisions/words.ts'
import { northwind } from './northwind.ts'

/** Readers have seen “Cards are declined”, of which one word was said at 11:50 UTC. */
async function told() {
  const here = await northwind()
  const { app, publication } = await here.app()
  const [incident] = (await here.readSnapshot()).openIncidents
  if (!incident) throw new Error('Nothing is wrong.')
  const [update] = incident.updates
  const get = async (path: string): Promise<string> => {
    await publication.settled()
    return (await app.inject(path)).body
  }
  return { ...here, get, id: incident.id, update: update?.id ?? '' }
}

interface AtomEntry {
  readonly id: string
  readonly updated: string
  readonly published: string
  readonly title: string
  readonly content: { readonly '#text': string }
}

const xml = new XMLParser({ ignoreAttributes: false, trimValues: false, parseTagValue: false })

function declined(body: string): AtomEntry | undefined {
  const { feed } = xml.parse(body) as { feed: { entry: AtomEntry[] } }
  return feed.entry.find(({ title }) => title === 'Cards are declined')
}

const correction = { body: 'One of **three** acquirers declines every card.', reason: 'We have three.' }

describe('a corrected word', () => {
  test('reaches feeds under the same id, with the new text and another time of change', async () => {
    const { get, does, clock, update } = await told()
    const before = declined(await get('/history.atom'))
    clock.advance('10m')
    await does((it) => correctUpdate(it, update, correction))
    const body = await get('/history.atom')
    const after = declined(body)
    expect(after).toMatchObject({ id: before?.id, published: before?.published, title: before?.title })
    expect([before?.updated, after?.updated]).toEqual(['2026-11-21T11:50:00Z', '2026-11-21T12:10:00Z'])
    expect(after?.content['#text']).toContain('One of <strong>three</strong> acquirers')
    expect(after?.content['#text']).toContain('<p><small>Corrected Nov 21, 07:10 EST</small></p>')
    expect(body).not.toContain('One of two')

    const { items } = await new Parser().parseString(body)
    expect(items.find(({ title }) => title === 'Cards are declined')).toMatchObject({ id: before?.id })
    const smith = parseSmith(body)
    const entry = smith.format === 'atom' ? smith.feed.entries?.find(({ id }) => id === before?.id) : undefined
    expect(new Date(String(entry?.updated)).toISOString()).toBe('2026-11-21T12:10:00.000Z')
    const json = JSON.parse(await get('/feed.json')) as { items: { id: string; date_modified: string }[] }
    expect(json.items.find(({ id }) => id === before?.id)?.date_modified).toMatch(/^2026-11-21T12:10:00/)
    expect(await get('/history.rss')).toContain('three')
  })

  test('reaches the page, its twin, the API and the search', async () => {
    const { db, get, does, clock, id, update, readSnapshot } = await told()
    const search = createHistorySearch(db)
    const finds = async (typed: string): Promise<number> =>
      (await search.find({ terms: termsOf(typed), componentId: null, kind: null }, await readSnapshot())).found.length
    expect(await finds('one of two')).toBe(1)
    clock.advance('10m')
    await does((it) => correctUpdate(it, update, correction))
    expect(await get(`/incidents/${id}`)).toMatch(/<del>.*?two<\/del><ins>/)
    expect(await get('/')).toContain('Corrected <time')
    const twin = await get(`/incidents/${id}.md`)
    expect(twin).toContain('> One of **three** acquirers declines every card.\n\nCorrected 07:10')
    const { incident } = JSON.parse(await get(`/api/v2/incidents/${id}.json`)) as {
      incident: { updated_at: string; incident_updates: { body: string; updated_at: string; display_at: string }[] }
    }
    expect(incident).toMatchObject({
      updated_at: '2026-11-21T07:10:00.000-05:00',
      incident_updates: [{ body: correction.body, updated_at: '2026-11-21T07:10:00.000-05:00' }],
    })
    expect(incident.incident_updates[0]?.display_at).toBe('2026-11-21T06:50:00.000-05:00')
    expect([await finds('one of two'), await finds('three acquirers')]).toEqual([0, 1])
  })

  test('of the first two minutes with a typing error is a word like any other', async () => {
    const { get, does, clock, id, update, db } = await told()
    await db.updateTable('updates').set({ displayed_at: clock.now() }).where('id', '=', update).execute()
    clock.advance('60s')
    await does((it) => correctUpdate(it, update, { body: 'One of two acquirers declines cards.', typing: 'yes' }))
    const page = await get(`/incidents/${id}`)
    expect(page).toContain('declines cards.')
    expect(page).not.toContain('Corrected')
    expect(declined(await get('/history.atom'))?.content?.['#text']).not.toContain('Corrected')
  })
})

test('a withdrawn word is gone from wherever it was read, and the page says why', async () => {
  const { db, get, does, clock, id, update, readSnapshot } = await told()
  const search = createHistorySearch(db)
  clock.advance('10m')
  await does((it) => withdrawUpdate(it, update, { reason: 'It is our own network.' }))
  const paths = [
    '/',
    `/incidents/${id}`,
    '/history/2026-11',
    '/history.atom',
    '/history.rss',
    '/feed.json',
    '/index.md',
  ]
  const bodies = await Promise.all(
    [...paths, `/incidents/${id}.md`, `/api/v2/incidents/${id}.json`, '/api/v2/summary.json'].map(get),
  )
  for (const body of bodies) expect(body).not.toContain('acquirers')
  expect(bodies[0]).toMatch(/Withdrawn <time[^>]*>07:10<\/time>: <bdi>It is our own network\.<\/bdi>/)
  expect(bodies[1]).toMatch(/Withdrawn <time/)
  expect(bodies[7]).toContain('Withdrawn 07:10: It is our own network.')
  expect(
    (JSON.parse(bodies[8] ?? '') as { incident: { incident_updates: unknown[] } }).incident.incident_updates,
  ).toEqual([])
  const { found } = await search.find({ terms: ['acquirers'], componentId: null, kind: null }, await readSnapshot())
  expect(found).toEqual([])
})
