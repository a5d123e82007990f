import { readFile } from 'node:fs/promises'
import type { FastifyPluginAsync } from 'fastify'
import { locales } from '../../domain/site/site.ts'
import { messages } from '../../lib/messages.ts'
import type { Rendered } from '../shared/document.ts'
import { directionOf } from '../../domain/site/reader.ts'
import { readerAt, serveInLanguages } from '../shared/languages.ts'
import { forAllOrigins } from '../shared/page-headers.ts'
import type { Publication } from '../shared/publication.ts'
import { type Embedded, embeddedComponent, embeddedPage } from './embed.ts'

export interface EmbedOptions {
  readonly publication: Publication
  /** Where the page stands, without a slash at its end. */
  readonly url: string
}

const source = new URL('../../../views/embed/embed.js', import.meta.url)

/** How things are, on somebody else's page: one script, one element, and what it asks for. */
export const embed: FastifyPluginAsync<EmbedOptions> = async (face, { publication, url }) => {
  publication.serve(face, { url: '/embed.js', render: ({ site }) => script(site.locale), all: () => ['/embed.js'] })

  serveInLanguages(publication, face, {
    url: '/embed.json',
    render: (snapshot, named) => json(embeddedPage(snapshot, readerAt(named, snapshot), url)),
    all: () => ['/embed.json'],
  })
  serveInLanguages(publication, face, {
    url: '/components/:slug/embed.json',
    render(snapshot, named, { slug }) {
      const component = snapshot.components.find((one) => one.slug === slug)
      return component ? json(embeddedComponent(component, snapshot, readerAt(named, snapshot), url)) : null
    },
  })
}

/** The words for what we cannot say when nobody reaches us stand in the script itself, in every language. */
async function script(own: string): Promise<Rendered> {
  const unknown = Object.fromEntries(
    locales.map((locale) => [locale, { words: messages(locale)('embed.unknown'), dir: directionOf(locale) }]),
  )
  const text = await readFile(source, 'utf8')
  return {
    contentType: 'text/javascript; charset=utf-8',
    body: small(text).replace('/* words */ {}', () => JSON.stringify({ own, unknown })),
    // People wrote its address into their pages: it may be a little old, and must never be gone.
    headers: {
      ...forAllOrigins,
      'cache-control': 'public, max-age=3600, stale-while-revalidate=86400, stale-if-error=604800',
    },
  }
}

function json(embedded: Embedded): Rendered {
  return {
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(embedded),
    headers: { ...forAllOrigins, 'content-language': embedded.lang },
  }
}

/** Our own script without the lines that speak to us, and without indentation. */
function small(text: string): string {
  return text.replaceAll(/^\s*(?:\/\/.*|\/\*\*.*\*\/)?\n/gm, '').replaceAll(/^ +/gm, '')
}
