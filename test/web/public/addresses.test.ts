import supertest from 'supertest'
import { expect, test } from 'vitest'
import { changeComponent } from '../../../src/domain/components/commands.ts'
import { openIncident } from '../../../src/domain/incidents/commands.ts'
import { addresses } from '../../../src/web/public/addresses.ts'
import { northwind } from '../northwind.ts'

test('every page there is has an address that answers', async () => {
  const here = await northwind()
  const { app, publication } = await here.app()
  await publication.refresh()
  const snapshot = await here.readSnapshot()
  const paths: string[] = []
  for (const all of Object.values(addresses)) {
    for await (const path of all(snapshot, (_, query, ...asked) => query(here.db, ...asked))) paths.push(path)
  }
  expect(new Set(paths).size).toBe(paths.length)
  const matching = (pattern: RegExp): string[] => paths.filter((path) => pattern.test(path))
  expect(matching(/^\/history\//)).toEqual(['/history/2026-11', '/history/2026-10'])
  expect(matching(/^\/incidents\/id\d+$/)).toHaveLength(2)
  expect(matching(/^\/maintenances\/id\d+$/)).toHaveLength(4)
  expect(matching(/^\/components\/[^/]+$/)).toHaveLength(4)
  // Days on which something happened, and today: bars lead to the others, which say that nothing did.
  expect(matching(/^\/components\/search\/2026-/)).toEqual(
    ['2026-10-29', '2026-11-21'].map((day) => `/components/search/${day}`),
  )
  for (const path of paths.filter((address, index) => index % 3 === 0 || address.endsWith('-29'))) {
    await supertest(app.server).get(path).expect(200)
  }
})

test('every link of every page leads somewhere', async () => {
  const { app, publication } = await (await northwind()).app()
  await publication.refresh()
  const seen = new Set<string>()
  const waiting = ['/', '/fa/', '/history/2026-10', '/history/search', '/maintenances']
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    const { status, text, headers } = await supertest(app.server).get(path)
    expect(status, path).toBe(200)
    // A day is like every other day.
    if (!headers['content-type']?.startsWith('text/html') || /\/\d{4}-\d{2}-\d{2}$/.test(path)) continue
    for (const [, href = ''] of text.matchAll(/href="(\/[^"#]*)/g)) {
      const address = href.replaceAll('&amp;', '&')
      const isOfOne = /^\/(?:fr|pt-BR|zh-Hant)\//.test(address)
      if (!isOfOne && !(/\/\d{4}-\d{2}-\d{2}$/.test(address) && seen.size > 200)) waiting.push(address)
    }
  }
  expect(seen.size).toBeGreaterThan(50)
})

test('an incident leads to no day before its system counted', async () => {
  const here = await northwind()
  const { search, does } = here
  await does((it) => changeComponent(it, search, { startDate: '2026-11-15' }))
  const across = await does((it) =>
    openIncident(it, {
      name: 'Search is slow again',
      body: 'Since before it counted.',
      stage: 'investigating',
      beganAt: '2026-11-14T12:00:00Z',
      components: [{ id: search, status: 'degraded_performance' }],
    }),
  )
  const { app, publication } = await here.app()
  await publication.refresh()
  const { recentIncidents } = await here.readSnapshot()
  const before = recentIncidents.find(({ name }) => name === 'Search is slow')?.id ?? ''
  expect((await app.inject(`/incidents/${before}`)).body).not.toContain('/components/search/2026')
  expect((await app.inject(`/incidents/${across}`)).body).toContain('href="/components/search/2026-11-15"')
})
