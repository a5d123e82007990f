import Fastify from 'fastify'
import { expect, onTestFinished, test } from 'vitest'
import type { Db } from '../../../src/database/database.ts'
import type { Snapshot } from '../../../src/domain/status/snapshot-types.ts'
import { later } from '../../../src/lib/clock.ts'
import type { Document } from '../../../src/web/shared/document.ts'
import { type DocumentRoute, type Step, createPublication } from '../../../src/web/shared/publication.ts'
import { stoppedClock } from '../../clock.ts'
import { sampleComponent, sampleIncident, sampleSnapshot } from '../../sample-snapshot.ts'

interface World {
  components: Snapshot['components']
  openIncidents: Snapshot['openIncidents']
}

/** Documents over a site of which every part can be changed, with the events that tell of it. */
function site(routes: readonly DocumentRoute[]) {
  const clock = stoppedClock('2026-11-21T12:00:00.000Z')
  const events: { seq: number; type: 'incident.changed'; subject: string }[] = []
  const world: World = { components: [sampleComponent('api', 'API')], openIncidents: [] }
  const publication = createPublication({
    config: { url: 'http://status.example' },
    clock,
    db: {} as Db,
    readSnapshot() {
      const asOf = clock.now()
      return Promise.resolve({
        ...sampleSnapshot(),
        ...structuredClone(world),
        version: events.length,
        asOf,
        nextMoment: later(asOf, 60),
      })
    },
    latestVersion: () => Promise.resolve(events.length),
    incidentsBeside: () => Promise.resolve([]),
    eventsAfter: (seq) => Promise.resolve(events.filter((event) => event.seq > seq)),
    log: { error: () => undefined },
  })
  const app = Fastify()
  onTestFinished(() => app.close())
  for (const route of routes) publication.serve(app, route)
  return {
    clock,
    publication,
    get: async (path: string) => (await app.inject(path)).body,
    /** Something happens to a thing, and to the parts of the site. */
    async happens(subject: string, parts: Partial<World> = {}) {
      Object.assign(world, parts)
      events.push({ seq: events.length + 1, type: 'incident.changed', subject })
      await publication.catchUp()
    },
  }
}

const text = (body: string) => ({ contentType: 'text/plain', body: body.padEnd(200) })

/** Two hot documents, of components and of incidents, which write down when they are rendered. */
const twoParts = (rendered: string[]): DocumentRoute[] => [
  {
    url: '/systems',
    hot: ['/systems'],
    render({ components }) {
      rendered.push('systems')
      return text(components.map(({ name }) => name).join())
    },
  },
  {
    url: '/incidents',
    hot: ['/incidents'],
    render({ openIncidents }) {
      rendered.push('incidents')
      return text(openIncidents.map(({ name }) => name).join())
    },
  },
]

test('a document is rendered again when a part that it read has changed, and only then', async () => {
  const rendered: string[] = []
  const { publication, happens, get } = site(twoParts(rendered))
  await publication.refresh()
  await happens('a', { openIncidents: [sampleIncident('a', 'Slow')] })
  expect(rendered).toEqual(['systems', 'incidents', 'incidents'])
  await happens('nobody')
  expect(rendered).toHaveLength(3)
  await happens('api', { components: [sampleComponent('api', 'API', 'major_outage')] })
  expect(rendered.at(-1)).toBe('systems')
  expect((await get('/incidents')).trim()).toBe('Slow')
})

test('a minute that passes renders nothing but what says the time', async () => {
  const rendered: string[] = []
  const { publication, clock } = site([
    ...twoParts(rendered),
    { url: '/time', hot: ['/time'], render: ({ asOf }) => text(asOf) },
  ])
  await publication.refresh()
  const before = publication.find('/systems')
  clock.advance('1m')
  await publication.catchUp()
  expect(rendered).toHaveLength(2)
  expect(publication.find('/systems')).toBe(before)
  expect(publication.find('/time')?.encodings.identity.body.toString()).toContain('12:01')
})

test('what was asked of the database is asked again when something happened to what it was about', async () => {
  const asked = { incident: 0, history: 0 }
  const { publication, happens, get } = site([
    {
      url: '/incidents/:id',
      render: (_, { id = '' }, read) => read([id], () => Promise.resolve(text(`asked ${(asked.incident += 1)}`))),
    },
    {
      url: '/history',
      render: (_, __, read) => read(['incident'], () => Promise.resolve(text(`asked ${(asked.history += 1)}`))),
    },
  ])
  await publication.refresh()
  await get('/incidents/a')
  await get('/history')
  await happens('b')
  expect((await get('/incidents/a')).trim()).toBe('asked 1')
  expect((await get('/history')).trim()).toBe('asked 2')
  await happens('a')
  expect((await get('/incidents/a')).trim()).toBe('asked 2')
  expect((await get('/history')).trim()).toBe('asked 3')
})

test('what was read before is made again by itself after a change', async () => {
  const { publication, happens, get } = site([{ url: '/a', render: ({ version }) => text(`version ${version}`) }])
  await get('/a')
  await happens('a')
  await publication.settled()
  expect(publication.find('/a')?.encodings.identity.body.toString().trim()).toBe('version 1')
})

test('the same words are the same document, however well they have been compressed since', async () => {
  const { publication, happens } = site([
    { url: '/', hot: ['/'], render: ({ openIncidents }) => text(openIncidents.length > 5 ? 'many' : 'few') },
  ])
  await publication.refresh()
  const quick = publication.find('/')
  await publication.settled()
  const best = publication.find('/')
  expect(best?.encodings.br.etag).not.toBe(quick?.encodings.br.etag)
  expect(best?.encodings.identity).toEqual(quick?.encodings.identity)
  await happens('a', { openIncidents: [sampleIncident('a', 'Slow')] })
  expect(publication.find('/')).toBe(best)
})

test('a follower hears of everything that is ready, and of what is not any more', async () => {
  const { publication, happens, get } = site([
    ...twoParts([]),
    { url: '/cold', render: ({ version }) => text(String(version)) },
  ])
  await publication.refresh()
  await publication.settled()
  const steps: Step[] = []
  publication.follow((step) => steps.push(step))
  expect(steps.flatMap(({ changed }) => [...changed.keys()])).toEqual(['/systems', '/incidents'])
  await get('/cold')
  expect([...(steps.at(-1)?.changed.keys() ?? [])]).toEqual(['/cold'])
  steps.length = 0
  await happens('a', { components: [], openIncidents: [sampleIncident('a', 'Slow')] })
  expect(steps.map(({ changed, gone }) => [[...changed.keys()], gone])).toEqual([
    [['/systems'], []],
    [['/incidents'], []],
    [[], ['/cold']],
  ])
})

test('a walk shows every document once, and the next walk only those that changed', async () => {
  const { publication, happens } = site([
    ...twoParts([]),
    {
      url: '/incidents/:id.txt',
      all: () => ['/incidents/a.txt', '/incidents/b%2F.txt'],
      render: (snapshot, { id = '' }, read) => read([id], () => Promise.resolve(text(`${id} at ${snapshot.version}`))),
    },
  ])
  const seen: string[] = []
  const visit = (path: string) => {
    seen.push(path)
    return Promise.resolve()
  }
  const first = await publication.walk(visit)
  // Several at a time, so in any order.
  expect(seen.splice(0).toSorted()).toEqual(['/incidents', '/incidents/a.txt', '/incidents/b%2F.txt', '/systems'])
  const second = await publication.walk(visit, first)
  expect(seen.splice(0)).toEqual([])
  await happens('b/', { openIncidents: [sampleIncident('b/', 'Slow')] })
  await publication.walk(visit, second)
  expect(seen).toContain('/incidents')
  expect(seen).toContain('/incidents/b%2F.txt')
  expect(seen).not.toContain('/systems')
})

test('a walk asks once for what several documents say, and the next walk asks again', async () => {
  const asked: string[] = []
  const nameOf = (_: Db, id: string) => {
    asked.push(id)
    return Promise.resolve(`${id} ${asked.length}`)
  }
  const { publication, happens } = site(
    ['en', 'fa'].map((locale) => ({
      url: `/${locale}/:id`,
      all: () => [`/${locale}/a`, `/${locale}/b`],
      render: async (_, { id = '' }, read) => text(`${locale} ${await read([id], nameOf, id)}`),
    })),
  )
  const shown = new Map<string, string>()
  const visit = (path: string, { encodings }: Document) => {
    shown.set(path, encodings.identity.body.toString().trim())
    return Promise.resolve()
  }
  const first = await publication.walk(visit)
  expect(asked).toEqual(['a', 'b'])
  expect(shown.get('/fa/b')).toBe('fa b 2')
  await happens('b')
  shown.clear()
  await publication.walk(visit, first)
  expect(asked).toEqual(['a', 'b', 'b'])
  expect(Object.fromEntries(shown)).toEqual({ '/en/b': 'en b 3', '/fa/b': 'fa b 3' })
})

test('a walk that was told no by the database asks it again', async () => {
  let isBroken = true
  const { publication } = site(
    ['en', 'fa'].map((locale) => ({
      url: `/${locale}`,
      all: () => [`/${locale}`],
      render: async (_, __, read) => text(`${locale} ${await read([], answer, 'a')}`),
    })),
  )
  const answer = (_: Db, id: string) => {
    if (!isBroken) return Promise.resolve(id)
    isBroken = false
    return Promise.reject(new Error('The database is away.'))
  }
  const failed: string[] = []
  const walked = await publication.walk(
    () => Promise.resolve(),
    undefined,
    (path) => failed.push(path),
  )
  expect(failed).toEqual(['/en'])
  expect([...walked.keys()]).toEqual(['/fa'])
})

test('what is made again and says the same is neither compressed nor shown again', async () => {
  let made = 0
  const { publication, happens } = site([
    {
      url: '/a',
      all: () => ['/a'],
      async render(_, __, read) {
        await read(['a'], () => Promise.resolve(null))
        made += 1
        return text('the same')
      },
    },
  ])
  const seen: string[] = []
  const visit = (path: string) => Promise.resolve(void seen.push(path))
  const first = await publication.walk(visit)
  await happens('a')
  await publication.walk(visit, first)
  expect(made).toBe(2)
  expect(seen).toEqual(['/a'])
})

test('what made do without an answer is made again as soon as there may be one', async () => {
  let isBroken = true
  const asked = () => (isBroken ? Promise.reject(new Error('The database is away.')) : Promise.resolve('all of it'))
  const { publication, clock, get } = site([
    { url: '/a', render: async (_, __, read) => text(await read(['a'], asked).catch(() => 'less')) },
  ])
  expect((await get('/a')).trim()).toBe('less')
  isBroken = false
  clock.advance('1m')
  await publication.catchUp()
  expect((await get('/a')).trim()).toBe('all of it')
})
