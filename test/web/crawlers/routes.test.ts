import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { expect, test } from 'vitest'
import { createGroup } from '../../../src/domain/components/groups.ts'
import { northwind } from '../northwind.ts'

test('every page that the site map names is there, and the desk is not for searches', async () => {
  const here = await northwind()
  await here.does((it) => createGroup(it, { name: 'EU 42', instanceKey: 'EU 42' }))
  const { app } = await here.app()
  const { body, headers } = await app.inject('/sitemap.xml')
  expect(headers['content-type']).toBe('application/xml; charset=utf-8')
  expect(XMLValidator.validate(body)).toBe(true)
  const { urlset } = new XMLParser().parse(body) as { urlset: { url: { loc: string }[] } }
  const paths = urlset.url.map(({ loc }) => new URL(loc).pathname)
  expect(new Set(paths).size).toBe(paths.length)
  expect(paths).toEqual(
    expect.arrayContaining([
      '/',
      '/fa/',
      '/maintenances',
      '/components/search',
      '/history/2026-10',
      '/api',
      '/subscribe',
    ]),
  )
  expect(paths).toEqual(expect.arrayContaining(['/instances', '/instances/EU%2042']))
  expect(paths.filter((path) => path.startsWith('/incidents/'))).toHaveLength(2)
  for (const path of paths) expect((await app.inject(path)).statusCode, path).toBe(200)

  const robots = (await app.inject('/robots.txt')).body
  expect(robots).toContain('Sitemap: http://status.example/sitemap.xml')
  expect(robots).toContain('Disallow: /admin')
})
