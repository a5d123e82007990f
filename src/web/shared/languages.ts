import type { FastifyInstance } from 'fastify'
import { type Reader, readerOf } from '../../domain/site/reader.ts'
import { type Locale, locales } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Made, Paths, Read } from './document-route.ts'
import type { Params } from './paths.ts'
import type { Publication } from './publication.ts'

/** How the addresses of a language begin, as one pattern for all of them: `/fa/history`. */
export const spoken = `/:locale(${locales.join('|')})`

/** How addresses begin that stand below `/`, in the site's own language, and below `/<locale>/` in each: two routes each. */
export const starts: readonly string[] = ['', spoken]

/** The language that an address of one of these routes names; null: the site's own. */
export function localeIn(params: unknown): Locale | null {
  return (params as { readonly locale?: Locale }).locale ?? null
}

/** Who reads at such an address. */
export function readerAt(named: Locale | null, snapshot: Snapshot): Reader {
  return readerOf(snapshot, named ?? snapshot.site.locale)
}

/** A family of documents that there is in every language. */
export interface LanguageRoute {
  /** Below `/` and below `/<locale>/`. */
  readonly url: string
  /** As of a `DocumentRoute`; `named` is the language that the address names. */
  render(snapshot: Snapshot, named: Locale | null, params: Params, read: Read): Made
  /** In the site's own language it is made before anybody asks. */
  readonly hot?: boolean
  /** As of a `DocumentRoute`, in one language, as if it were below `/`. */
  all?(snapshot: Snapshot, read: Read, named: Locale | null): Paths
}

/** Serves what is declared once at both. */
export function serveInLanguages(
  publication: Pick<Publication, 'serve'>,
  face: FastifyInstance,
  { url, render, hot, all }: LanguageRoute,
): void {
  for (const start of starts) {
    const languages = start === '' ? [null] : locales
    publication.serve(face, {
      url: start + url,
      render: (snapshot, params, read) => render(snapshot, localeIn(params), params, read),
      ...(hot && start === '' && { hot: [url] }),
      ...(all && { all: (snapshot, read) => inEach(languages, (named) => all(snapshot, read, named)) }),
    })
  }
}

async function* inEach(
  languages: readonly (Locale | null)[],
  all: (named: Locale | null) => Paths,
): AsyncGenerator<string> {
  for (const named of languages) {
    for await (const path of all(named)) yield named === null ? path : `/${named}${path}`
  }
}
