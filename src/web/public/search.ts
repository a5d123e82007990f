import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../database/database.ts'
import { createHistorySearch, termsOf } from '../../domain/history/search.ts'
import type { HistoryKind } from '../../domain/history/texts.ts'
import { incidentsById } from '../../domain/incidents/queries.ts'
import { maintenancesById } from '../../domain/maintenances/queries.ts'
import type { Locale } from '../../domain/site/site.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Clock } from '../../lib/clock.ts'
import { networkBlock } from '../../lib/network-block.ts'
import { millisecondsBy, rateLimit } from '../../lib/rate-limit.ts'
import { everyone } from '../shared/access.ts'
import { type Rendered, answer, toDocument } from '../shared/document.ts'
import { readerOf } from '../../domain/site/reader.ts'
import { localeIn, starts } from '../shared/languages.ts'
import type { Publication } from '../shared/publication.ts'
import { tellLimit } from '../shared/rate-limit-headers.ts'
import type { Asked } from './search-form.ts'
import { type Results, type SearchModel, perPage, searchModel } from './search-page.ts'

export interface SearchParts {
  readonly publication: Publication
  readonly db: Db
  readonly clock: Clock
  readonly url: string
  draw(model: SearchModel, locale: Locale, snapshot: Snapshot): Promise<Rendered>
}

/** Together, whoever they are: searching is comfort, and must never cost those who read. See `docs/decisions/019`. */
const searchesPerSecond = 10
/** Of one network: a whole office may sit behind one address. */
const searchesPerMinute = 60

/**
 * `/history/search`: the one page that is not ready before it is asked for. What visitors invent is looked up in memory,
 * costs at most one read of a few rows by their ids, and is kept nowhere.
 */
export function serveSearch(face: FastifyInstance, { publication, db, clock, url, draw }: SearchParts): void {
  const search = createHistorySearch(db)
  const together = rateLimit({ name: 'together', most: searchesPerSecond, seconds: 1 }, () => performance.now())
  const networks = rateLimit({ name: 'network', most: searchesPerMinute, seconds: 60 }, millisecondsBy(clock))

  async function resultsOf(asked: Asked, page: number, snapshot: Snapshot): Promise<Results> {
    const terms = termsOf(asked.q)
    const component = snapshot.components.find(({ slug }) => slug === asked.component)
    // A name that nothing has: nothing is found by it.
    const componentId = asked.component === '' ? null : (component?.id ?? '')
    const { found, since } = await search.find({ terms, componentId, kind: asked.kind || null }, snapshot)
    const shown = found.slice((page - 1) * perPage, page * perPage)
    const idsOf = (kind: HistoryKind): string[] => shown.flatMap((one) => (one.kind === kind ? [one.id] : []))
    const things = [
      ...(await incidentsById(db, idsOf('incident'))),
      ...(await maintenancesById(db, idsOf('maintenance'))),
    ]
    const byId = new Map(things.map((thing) => [thing.id, thing]))
    return { things: shown.flatMap(({ id }) => byId.get(id) ?? []), count: found.length, page, terms, since }
  }

  async function respond(locale: Locale | null, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { snapshot } = publication
    if (!snapshot) throw new Error('Nothing has been published yet.')
    if (locale === snapshot.site.locale) {
      const query = request.url.slice(request.url.indexOf('?') >>> 0)
      return reply.header('cache-control', 'no-store').redirect(`/history/search${query}`, 302)
    }
    const reader = readerOf(snapshot, locale ?? snapshot.site.locale)
    const { asked, page } = readQuery(request.query)
    const results = tellLimit(reply, networks.take(networkBlock(request.ip))).isOver
      ? 'often'
      : together.take('').isOver
        ? 'busy'
        : await resultsOf(asked, page, snapshot).catch((error: unknown) => {
            request.log.error(error, 'The history could not be searched.')
            return 'unable' as const
          })
    const rendered = await draw(searchModel(asked, results, snapshot, reader, url), reader.locale, snapshot)
    const status = results === 'often' ? 429 : typeof results === 'string' ? 503 : 200
    const document = await toDocument('/history/search', {
      ...rendered,
      status,
      headers: { ...rendered.headers, 'cache-control': 'no-store', ...(status === 503 ? { 'retry-after': '5' } : {}) },
    })
    return answer(request, reply, document)
  }

  for (const start of starts) {
    face.get(`${start}/history/search`, { config: { access: everyone } }, (request, reply) =>
      respond(localeIn(request.params), request, reply),
    )
  }
}

function readQuery(query: unknown): { readonly asked: Asked; readonly page: number } {
  const given = query as Readonly<Record<string, unknown>>
  const text = (name: string): string => {
    const value = Array.isArray(given[name]) ? (given[name] as unknown[])[0] : given[name]
    return typeof value === 'string' ? value.slice(0, 200).trim() : ''
  }
  const kind = text('kind')
  const page = Number(text('page'))
  return {
    asked: {
      q: text('q'),
      component: text('component'),
      kind: kind === 'incident' || kind === 'maintenance' ? kind : '',
    },
    page: Number.isInteger(page) && page >= 1 && page <= 100_000 ? page : 1,
  }
}
