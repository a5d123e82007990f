import { expect, test } from 'vitest'
import { readerOf } from '../../../src/domain/site/reader.ts'
import { metadataOf, liveBlog } from '../../../src/web/public/metadata.ts'
import { sampleIncident, sampleSnapshot } from '../../sample-snapshot.ts'
import { northwind } from '../northwind.ts'

const url = 'https://status.example'
const reader = readerOf(sampleSnapshot(), 'fr')

test.each([
  ['/', '/fr/picture.png', '/fr/index.md'],
  ['/incidents/abc', '/fr/incidents/abc/picture.png', '/fr/incidents/abc.md'],
  ['/maintenances/abc', '/fr/picture.png', '/fr/maintenances/abc.md'],
  ['/history/2026-11', '/fr/picture.png', '/fr/history/2026-11.md'],
  ['/components/cards', '/fr/picture.png', null],
])('a link to %s is shown with %s, and is text at %s', (path, picture, twin) => {
  expect(metadataOf(path, reader, url)).toEqual({ picture: url + picture, twin: twin && url + twin })
})

test('what a program reads of an incident cannot end the element that it stands in', () => {
  const hostile = sampleIncident('one', '</script><script>alert(1)</script>')
  const { html } = liveBlog(hostile, hostile.name, 'Northwind', reader, url)
  expect(html.match(/<\/?script/g)).toHaveLength(2)
  const data = JSON.parse(html.replace(/^<script[^>]*>|<\/script>$/g, '')) as Record<string, unknown>
  expect(data).toMatchObject({ '@type': 'LiveBlogPosting', headline: hostile.name, inLanguage: 'fr' })
})

test('pages name their picture and their twin, and what is no page names none', async () => {
  const here = await northwind()
  const { app } = await here.app()
  const [incident] = (await here.readSnapshot()).openIncidents
  const front = (await app.inject('/')).body
  expect(front).toContain('<meta property="og:image" content="http://status.example/picture.png">')
  expect(front).toContain('<link rel="alternate" type="text/markdown" href="http://status.example/index.md">')
  const one = (await app.inject(`/incidents/${incident?.id}`)).body
  expect(one).toContain(`content="http://status.example/incidents/${incident?.id}/picture.png"`)
  expect(one).toContain('<script type="application/ld+json">{"@context":"https://schema.org"')
  expect((await app.inject('/nothing')).body).not.toContain('og:image')
})
