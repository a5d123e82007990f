import { expect, onTestFinished, test } from 'vitest'
import { pino } from 'pino'
import { buildApp } from '../../../src/app.ts'
import { createComponent } from '../../../src/domain/components/commands.ts'
import type { Document } from '../../../src/web/shared/document.ts'
import { createEditions } from '../../../src/web/shared/editions.ts'
import { stoppedClock } from '../../clock.ts'
import { sampleSnapshot } from '../../sample-snapshot.ts'
import { world } from '../../world.ts'
import { site } from '../public/sites.ts'
import { empty } from './published.ts'

test('a bad day is rehearsed by what is hot, once, and one that fails then is told of and keeps no other back', async () => {
  const logged: string[] = []
  const snapshot = { ...sampleSnapshot(), ...site({ search: 'operational', website: 'operational' }) }
  const editions = createEditions({
    ...empty,
    clock: stoppedClock(snapshot.asOf),
    readSnapshot: () => Promise.resolve(snapshot),
    latestVersion: () => Promise.resolve(snapshot.version),
    log: { error: (_, message) => logged.push(message) },
  })
  const drawn: string[] = []
  const declare = (path: string, draw: (open: number) => string): void =>
    void editions.declare({
      pattern: path,
      prefix: '',
      route: {
        url: path,
        hot: [path],
        render: ({ openIncidents }) => ({ contentType: 'text/plain', body: draw(openIncidents.length) }),
      },
    })
  declare('/frail', (open) => {
    if (open > 0) throw new Error('Only good days.')
    return 'good'
  })
  declare('/page', (open) => {
    drawn.push(`${open} open`)
    return `${open} open`
  })
  await editions.refresh()
  const shown = editions.find('/page')
  await editions.rehearse()
  await editions.rehearse()
  expect(drawn).toEqual(['0 open', ...Array<string>(3).fill('1 open')])
  expect(logged).toEqual(['/frail could not be rendered if something happened now.'])
  expect(editions.find('/page')).toBe(shown)
  expect(editions.problem()).toBeNull()
})

test('an empty site is rehearsed once it has a system', async () => {
  const [bare, watched] = [sampleSnapshot(), { ...sampleSnapshot(), ...site({ search: 'operational' }) }]
  let snapshot = { ...bare, components: [], listed: [] } as typeof bare
  const editions = createEditions({
    ...empty,
    clock: stoppedClock(bare.asOf),
    readSnapshot: () => Promise.resolve(snapshot),
    latestVersion: () => Promise.resolve(snapshot.version),
    log: { error: () => undefined },
  })
  const drawn: number[] = []
  editions.declare({
    pattern: '/page',
    prefix: '',
    route: {
      url: '/page',
      hot: ['/page'],
      render: ({ openIncidents }) => {
        drawn.push(openIncidents.length)
        return { contentType: 'text/plain', body: 'page' }
      },
    },
  })
  await editions.refresh()
  await editions.rehearse()
  snapshot = { ...watched, version: snapshot.version + 1 }
  await editions.refresh()
  drawn.length = 0
  await editions.rehearse()
  expect(drawn).toEqual([1, 1, 1])
})

test('all that the product publishes bears a rehearsal, and is as it was', async () => {
  const it = await world()
  const logged: string[] = []
  const log = pino({ level: 'error' }, { write: (line: string) => logged.push(line) })
  await it.change({ kind: 'command', name: 'test' }, (change) => createComponent(change, { name: 'Search' }))
  const { app, publication } = await buildApp({ ...it, log })
  onTestFinished(() => app.close())
  await app.ready()
  await publication.refresh()
  const documents = new Map<string, Document>()
  publication.follow(({ changed }) => changed.forEach((document, path) => documents.set(path, document)))
  const before = new Map(documents)
  await publication.rehearse()
  expect(logged).toEqual([])
  expect(documents).toEqual(before)
})
