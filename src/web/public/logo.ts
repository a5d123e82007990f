import { readLogo } from '../../domain/site/queries.ts'
import type { DocumentRoute } from '../shared/publication.ts'

/** The site's logo, at an address that changes with it. */
export const logoRoute: DocumentRoute = {
  url: '/logo/:name',
  async render({ site }, { name }, read) {
    if (!name || name !== site.look.logo?.name) return null
    const file = await read([site.id], readLogo, name)
    if (!file) return null
    return {
      contentType: file.contentType,
      body: file.bytes,
      headers: {
        'cache-control': 'public, max-age=31536000, immutable',
        // Whatever an SVG holds, opened by itself it does nothing: no script, no style, no address of ours.
        'content-security-policy':
          "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
        // Mails show it too.
        'cross-origin-resource-policy': 'cross-origin',
      },
    }
  },
  all: ({ site }) => (site.look.logo ? [`/logo/${site.look.logo.name}`] : []),
}
