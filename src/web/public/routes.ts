import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Config } from '../../config.ts'
import { impactsOfComponent } from '../../domain/components/queries.ts'
import { incidentsOfComponent, incidentsOfMonth, readIncident } from '../../domain/incidents/queries.ts'
import { maintenancesOfMonth, readMaintenance } from '../../domain/maintenances/queries.ts'
import { type Locale, locales } from '../../domain/site/site.ts'
import { countedSince } from '../../domain/status/days.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { addDays, dayOf, isDay, startOfDay } from '../../lib/days.ts'
import type { Rendered } from '../shared/document.ts'
import { type Reader, readerOf } from '../shared/i18n.ts'
import { publishedHeaders } from '../shared/page-headers.ts'
import { type Params, pathOf } from '../shared/paths.ts'
import type { Publication, Read } from '../shared/publication.ts'
import { renderer } from '../shared/views.ts'
import { componentModel } from './component-page.ts'
import { dayModel } from './day-page.ts'
import { firstMonth } from '../../domain/site/first-month.ts'
import { frontModel } from './front.ts'
import { historyModel } from './history-page.ts'
import { emptyModel, incidentModel, maintenanceModel, maintenancesModel, missingModel } from './pages.ts'
import { logoRoute } from './logo.ts'
import { stylesOf } from './look.ts'
import type { PublicViews } from './views.ts'

export interface PublicOptions {
  readonly publication: Publication
  readonly config: Pick<Config, 'url'>
}

type Draw = (snapshot: Snapshot, reader: Reader, params: Params, read: Read) => Promise<string | null>

/** The pages people read, in every language: the site's own at `/`, the others below `/<locale>/`. */
export const publicFace: FastifyPluginAsync<PublicOptions> = async (face, options) => {
  const pages = pagesOf(face, options)

  for (const [path, { draw, hot }] of Object.entries(pages)) {
    // Fastify takes no pattern that may or may not begin with one of five words: each language has its own routes.
    for (const locale of [null, ...locales]) {
      const url = locale === null ? path : `/${locale}${path}`
      options.publication.serve(face, {
        url,
        // Other languages wait for their first reader: five front pages would be most of the work after a change.
        ...(hot && locale === null ? { hot: [url] } : {}),
        async render(snapshot, params, read) {
          // Languages may change places: their addresses lead on, but no cache is told that it is for good.
          if (locale === snapshot.site.locale) return redirect(pathOf(path, params))
          const reader = readerOf(snapshot, locale ?? snapshot.site.locale)
          const body = await draw(snapshot, reader, params, read)
          return body === null ? null : page(body, reader.locale, snapshot, options.config.url)
        },
      })
    }
  }
  options.publication.serve(face, logoRoute)
  options.publication.missing(face, async (snapshot, path) => {
    const first = path.split('/')[1]
    const locale = locales.find((one) => one === first) ?? snapshot.site.locale
    const reader = readerOf(snapshot, locale)
    const view = renderer<PublicViews>(face)
    return page(
      await view('public/missing', missingModel(snapshot, reader, options.config.url)),
      locale,
      snapshot,
      options.config.url,
    )
  })
}

/** What was asked for; where the database is gone, what the snapshot knows of it. */
async function either<T>(asked: Promise<T | null>, known: () => T | undefined): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    const found = known()
    if (found) return found
    throw error
  }
}

/** All that makes or ends an impact. */
const happened = ['incident', 'maintenance', 'component', 'probe']

interface Page {
  readonly draw: Draw
  readonly hot?: true
}

function pagesOf(face: FastifyInstance, { config: { url } }: PublicOptions): Record<string, Page> {
  const view = renderer<PublicViews>(face)
  const front: Draw = (snapshot, reader) =>
    snapshot.site.setUpAt === null && snapshot.components.length === 0
      ? view('public/empty', emptyModel(snapshot, reader, url))
      : view('public/front', frontModel(snapshot, reader, url))

  const history: Draw = async (snapshot, reader, { month = snapshot.today.slice(0, 7) }, read) => {
    const first = await read(happened, (db) => firstMonth(db, snapshot.site))
    if (!isDay(`${month}-01`) || month > snapshot.today.slice(0, 7) || month < first) return null
    const incidents = await read(happened, (db) => incidentsOfMonth(db, month, snapshot.site.zone))
    const maintenances = await read(happened, (db) => maintenancesOfMonth(db, month, snapshot.site.zone))
    return view('public/history', historyModel({ month, first, incidents, maintenances }, snapshot, reader, url))
  }

  const incident: Draw = async (snapshot, reader, { id = '' }, read) => {
    const known = await either(
      read([id], (db) => readIncident(db, id)),
      () => snapshot.recentIncidents.find((one) => one.id === id),
    )
    return known && view('public/incident', incidentModel(known, snapshot, reader, url))
  }

  const maintenance: Draw = async (snapshot, reader, { id = '' }, read) => {
    const known = await either(
      read([id], (db) => readMaintenance(db, id)),
      () => snapshot.recentMaintenances.find((one) => one.id === id),
    )
    return known && view('public/maintenance', maintenanceModel(known, snapshot, reader, url))
  }

  const component: Draw = async (snapshot, reader, { slug }, read) => {
    const { components, site, today, asOf } = snapshot
    const known = components.find((one) => one.slug === slug)
    if (!known) return null
    const from = startOfDay(addDays(today, -89), site.zone)
    const incidents = await read(happened, (db) => incidentsOfComponent(db, known.id, from, asOf))
    return view('public/component', componentModel(known, incidents, snapshot, reader, url))
  }

  const day: Draw = async (snapshot, reader, { slug, date = '' }, read) => {
    const { components, site, today } = snapshot
    const known = components.find((one) => one.slug === slug)
    if (!known || !isDay(date) || date > today || date < dayOf(countedSince(known, site.zone), site.zone)) return null
    const [from, until] = [startOfDay(date, site.zone), startOfDay(addDays(date, 1), site.zone)]
    const impacts = await read(happened, (db) => impactsOfComponent(db, known.id, from, until))
    const incidents = await read(happened, (db) => incidentsOfComponent(db, known.id, from, until))
    return view('public/day', dayModel({ component: known, day: date, impacts, incidents }, snapshot, reader, url))
  }

  return {
    '/': { draw: front, hot: true },
    '/history': { draw: history },
    '/history/:month': { draw: history },
    '/incidents/:id': { draw: incident },
    '/maintenances': {
      draw: (snapshot, reader) => view('public/maintenances', maintenancesModel(snapshot, reader, url)),
    },
    '/maintenances/:id': { draw: maintenance },
    '/components/:slug': { draw: component },
    '/components/:slug/:date': { draw: day },
  }
}

function page(body: string, locale: Locale, { site }: Snapshot, url: string): Rendered {
  const headers = publishedHeaders(
    url,
    stylesOf(site.look).map(({ source }) => source),
  )
  return { contentType: 'text/html; charset=utf-8', body, headers: { ...headers, 'content-language': locale } }
}

function redirect(location: string): Rendered {
  return {
    contentType: 'text/plain; charset=utf-8',
    body: '',
    status: 302,
    headers: { location, 'cache-control': 'no-store' },
  }
}
