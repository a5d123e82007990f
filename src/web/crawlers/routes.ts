import type { FastifyPluginAsync } from 'fastify'
import { locales } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { addresses } from '../public/addresses.ts'
import { forAllOrigins } from '../shared/page-headers.ts'
import type { Publication, Read } from '../shared/publication.ts'
import { xmlText } from '../shared/xml.ts'

export interface CrawlersOptions {
  readonly publication: Publication
  /** Where the page stands, without a slash at its end. */
  readonly url: string
}

/** Where searches find everything, and what is not for them. */
export const crawlers: FastifyPluginAsync<CrawlersOptions> = async (face, { publication, url }) => {
  publication.serve(face, {
    url: '/robots.txt',
    render: () => ({
      contentType: 'text/plain; charset=utf-8',
      body: `User-agent: *\nDisallow: /admin\n\nSitemap: ${url}/sitemap.xml\n`,
      headers: forAllOrigins,
    }),
    all: () => ['/robots.txt'],
  })
  publication.serve(face, {
    url: '/sitemap.xml',
    async render(snapshot, _params, read) {
      const entries = (await pages(snapshot, read)).map((path) => `<url><loc>${xmlText(url + path)}</loc></url>\n`)
      return {
        contentType: 'application/xml; charset=utf-8',
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries.join('')}</urlset>\n`,
        headers: forAllOrigins,
      }
    },
    all: () => ['/sitemap.xml'],
  })
}

/** More than this no crawler reads of one site map. */
const most = 50_000

/** In the site's own language: each page leads to itself in the others. */
async function pages(snapshot: Snapshot, read: Read): Promise<string[]> {
  const { locale: own } = snapshot.site
  const { components, instances, months, recordMonths, incidents, maintenances, notices } = addresses
  const found = [
    '/',
    ...locales.filter((locale) => locale !== own).map((locale) => `/${locale}/`),
    '/maintenances',
    '/record',
    '/embed',
    '/ledger',
    '/api',
    '/subscribe',
    ...(instances(snapshot).length > 0 ? ['/instances'] : []),
  ]
  for (const kind of [components, instances, months, recordMonths, incidents, maintenances, notices]) {
    for await (const path of kind(snapshot, read)) {
      if (found.length === most) return found
      found.push(path)
    }
  }
  return found
}
