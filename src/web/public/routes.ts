import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Config } from '../../config.ts'
import type { Db } from '../../database/database.ts'
import { impactsOfComponent } from '../../domain/components/queries.ts'
import { happened } from '../../domain/history/happened.ts'
import { incidentsOfComponent, incidentsOfMonth, neighboursOf, readIncident } from '../../domain/incidents/queries.ts'
import { maintenancesOfComponent, maintenancesOfMonth, readMaintenance } from '../../domain/maintenances/queries.ts'
import { noticesOfMonth, readNotice } from '../../domain/notices/queries.ts'
import { toldEvidence } from '../../domain/probes/engine/public-evidence.ts'
import { revisionsOf, revisionsOfComponent } from '../../domain/revisions/queries.ts'
import { type Locale, locales } from '../../domain/site/site.ts'
import { givenBy, offeredChannels } from '../../domain/subscribers/channel.ts'
import { countedSince } from '../../domain/status/days.ts'
import { longRecord } from '../../domain/status/long-record.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Clock } from '../../lib/clock.ts'
import { addDays, dayOf, isDay, startOfDay } from '../../lib/days.ts'
import type { Rendered } from '../shared/document.ts'
import type { Paths } from '../shared/document-route.ts'
import { type Reader, readerOf } from '../../domain/site/reader.ts'
import { localeIn, readerAt, serveInLanguages, spoken } from '../shared/languages.ts'
import { publishedHeaders } from '../shared/page-headers.ts'
import { type Params, pathOf } from '../shared/paths.ts'
import type { Publication, Read } from '../shared/publication.ts'
import { renderer } from '../shared/views.ts'
import { addresses } from './addresses.ts'
import { chartPages, measuredOf } from './charts-routes.ts'
import { componentModel } from './component-page.ts'
import { dayModel } from './day-page.ts'
import { disagreementFacts } from './disagreement.ts'
import { embedModel } from './embed-page.ts'
import { firstMonth } from '../../domain/site/first-month.ts'
import { frontModel } from './front.ts'
import { historyModel } from './history-page.ts'
import { incidentModel } from './incident-page.ts'
import { maintenanceModel, maintenancesModel } from './maintenance-page.ts'
import { hasBegun, noticeModel } from './notice-page.ts'
import { emptyModel, missingModel } from './pages.ts'
import { reportModel, reportedModel } from './report-page.ts'
import { iconRoute } from './icon.ts'
import { ledgerPages } from './ledger-routes.ts'
import { logoRoute } from './logo.ts'
import type { PushButton } from './push.ts'
import { stylesOf } from './look.ts'
import { instancePages, serveFind } from './instances-routes.ts'
import { recordPages } from './record-routes.ts'
import { subscribePages } from './subscribing/documents.ts'
import { serveSearch } from './search.ts'
import type { PublicViews } from './views.ts'

export interface PublicOptions {
  readonly publication: Publication
  /** For searches, which no document can answer. */
  readonly db: Db
  readonly clock: Clock
  readonly config: Config
  readonly push: PushButton
  /** Pages that another face draws, among ours. */
  more?(face: FastifyInstance, url: string): Readonly<Record<string, Page>>
}

type Draw = (snapshot: Snapshot, reader: Reader, params: Params, read: Read) => Promise<string | null>

/** The pages people read, in every language: the site's own at `/`, the others below `/<locale>/`. */
export const publicFace: FastifyPluginAsync<PublicOptions> = async (face, options) => {
  const pages: Readonly<Record<string, Page>> = {
    ...pagesOf(face, options),
    ...options.more?.(face, options.config.url),
  }

  for (const [path, { draw, hot, all }] of Object.entries(pages)) {
    serveInLanguages(options.publication, face, {
      url: path,
      hot: hot === true,
      // In the site's own they only lead on.
      ...(all && { all: (snapshot, read, named) => (named === snapshot.site.locale ? [] : all(snapshot, read)) }),
      async render(snapshot, named, params, read) {
        // Languages may change places: their addresses lead on, but no cache is told that it is for good.
        if (named === snapshot.site.locale) return redirect(pathOf(path, params))
        const reader = readerAt(named, snapshot)
        const body = await draw(snapshot, reader, params, read)
        return body === null ? null : page(body, reader.locale, snapshot, options.config.url)
      },
    })
  }
  // As people type it. No file of the mirror: there a folder has that name, and servers lead into it by themselves.
  options.publication.serve(face, {
    url: spoken,
    render: (snapshot, params) => redirect(readerAt(localeIn(params), snapshot).href('/')),
  })
  options.publication.serve(face, logoRoute)
  options.publication.serve(face, iconRoute)
  serveFind(face, {
    publication: options.publication,
    view: renderer<PublicViews>(face),
    url: options.config.url,
    page: (body, locale, snapshot) => page(body, locale, snapshot, options.config.url),
  })
  serveSearch(face, {
    publication: options.publication,
    db: options.db,
    clock: options.clock,
    url: options.config.url,
    draw: async (model, locale, snapshot) =>
      page(await renderer<PublicViews>(face)('public/search', model), locale, snapshot, options.config.url),
  })
  const missing = async (snapshot: Snapshot, locale: Locale): Promise<Rendered> => {
    const reader = readerOf(snapshot, locale)
    const body = await renderer<PublicViews>(face)('public/missing', missingModel(snapshot, reader, options.config.url))
    return page(body, locale, snapshot, options.config.url)
  }
  options.publication.missing(face, (snapshot, path) => {
    const first = path.split('/')[1]
    return missing(snapshot, locales.find((one) => one === first) ?? snapshot.site.locale)
  })
  // A server of the mirror's files has to find it under a name.
  options.publication.serve(face, {
    url: '/404.html',
    all: () => ['/404.html'],
    render: async (snapshot) => ({ ...(await missing(snapshot, snapshot.site.locale)), status: 404 }),
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

const alone = { before: null, after: null }

interface Page {
  readonly draw: Draw
  readonly hot?: true
  /** Every path of the family, in the site's own language. */
  all?(snapshot: Snapshot, read: Read): Paths
}

function pagesOf(face: FastifyInstance, { config, push }: PublicOptions): Record<string, Page> {
  const { url } = config
  const view = renderer<PublicViews>(face)
  const front: Draw = (snapshot, reader) =>
    snapshot.site.setUpAt === null && snapshot.components.length === 0
      ? view('public/empty', emptyModel(snapshot, reader, url))
      : view('public/front', frontModel(snapshot, reader, url))

  const history: Draw = async (snapshot, reader, { month = snapshot.today.slice(0, 7) }, read) => {
    const first = await read(happened, firstMonth, snapshot.site)
    if (!isDay(`${month}-01`) || month > snapshot.today.slice(0, 7) || month < first) return null
    const incidents = await read(happened, incidentsOfMonth, month, snapshot.site.zone)
    const maintenances = await read(happened, maintenancesOfMonth, month, snapshot.site.zone)
    const written = await read(['notice'], noticesOfMonth, month, snapshot.site.zone)
    const notices = written.filter((one) => hasBegun(one, snapshot))
    return view(
      'public/history',
      historyModel({ month, first, incidents, maintenances, notices }, snapshot, reader, url),
    )
  }

  const incident: Draw = async (snapshot, reader, { id = '' }, read) => {
    const known = await either(read([id], readIncident, id), () =>
      snapshot.recentIncidents.find((one) => one.id === id),
    )
    if (!known) return null
    // Without the database it still says what it is about.
    const { before, after } = await read([id], neighboursOf, { beganAt: known.beganAt, id }).catch(() => alone)
    // The last one waits for the next; and a neighbour may be called something else one day.
    await read([before?.id ?? id, after?.id ?? 'incident'], async () => null)
    const { review } = known
    const revisions = review ? await read([id], revisionsOf, review.id).catch(() => []) : []
    // A probe that is paused or gone looks no more, and the page must not say that it does.
    const of = known.overAt === null ? [id, 'probe'] : [id]
    const measured = await read(of, toldEvidence, id).catch(() => [])
    const facts = { incident: known, before, after, revisions, measured }
    return view('public/incident', incidentModel(facts, snapshot, reader, url))
  }

  const maintenance: Draw = async (snapshot, reader, { id = '' }, read) => {
    const known = await either(read([id], readMaintenance, id), () =>
      snapshot.recentMaintenances.find((one) => one.id === id),
    )
    return known && view('public/maintenance', maintenanceModel(known, snapshot, reader, url))
  }

  const notice: Draw = async (snapshot, reader, { id = '' }, read) => {
    const known = await either(read([id], readNotice, id), () => snapshot.recentNotices.find((one) => one.id === id))
    return known && hasBegun(known, snapshot) ? view('public/notice', noticeModel(known, snapshot, reader, url)) : null
  }

  const component: Draw = async (snapshot, reader, { slug }, read) => {
    const { components, site, today, minute } = snapshot
    const known = components.find((one) => one.slug === slug)
    if (!known) return null
    const from = startOfDay(addDays(today, -89), site.zone)
    const until = startOfDay(addDays(today, 1), site.zone)
    const incidents = await read(happened, incidentsOfComponent, known.id, from, until)
    const { zone } = site
    const measured = await measuredOf(known.id, snapshot, read, ['day', 'week'])
    const months = { first: `${Number(today.slice(0, 4)) - 1}${today.slice(4, 7)}-01`, today, zone, now: minute }
    const year = await read(
      happened,
      longRecord,
      { id: known.id, startDate: known.startDate, createdAt: known.createdAt },
      months,
    )
    const disagreement = await disagreementFacts(known.id, snapshot, read)
    const facts = { component: known, incidents, measured, year, disagreement }
    return view('public/component', componentModel(facts, snapshot, reader, url))
  }

  const day: Draw = async (snapshot, reader, { slug, date = '' }, read) => {
    const { listed, site, today } = snapshot
    const known = listed.find((one) => one.slug === slug)
    if (!known || !isDay(date) || date > today || date < dayOf(countedSince(known, site.zone), site.zone)) return null
    const [from, until] = [startOfDay(date, site.zone), startOfDay(addDays(date, 1), site.zone)]
    const impacts = await read([known.id], impactsOfComponent, known.id, from, until)
    const incidents = await read([known.id], incidentsOfComponent, known.id, from, until)
    const maintenances = await read([known.id], maintenancesOfComponent, known.id, from, until)
    // They may be called something else one day.
    await read(
      [...incidents, ...maintenances].map(({ id }) => id),
      async () => null,
    )
    const revisions = await read([known.id], revisionsOfComponent, known.id)
    const facts = { component: known, day: date, impacts, incidents, maintenances, revisions }
    return view('public/day', dayModel(facts, snapshot, reader, url))
  }

  return {
    '/': { draw: front, hot: true, all: () => ['/'] },
    '/history': { draw: history, all: () => ['/history'] },
    '/history/:month': { draw: history, all: addresses.months },
    '/incidents/:id': { draw: incident, all: addresses.incidents },
    '/maintenances': {
      all: () => ['/maintenances'],
      draw: (snapshot, reader) => view('public/maintenances', maintenancesModel(snapshot, reader, url)),
    },
    '/embed': {
      all: () => ['/embed'],
      draw: (snapshot, reader) => view('public/embed', embedModel(snapshot, reader, url)),
    },
    '/report': {
      all: ({ site }) => (site.reports.asked === 'yes' ? ['/report'] : []),
      draw: async (snapshot, reader) =>
        snapshot.site.reports.asked === 'yes' ? view('public/report', reportModel(snapshot, reader, url)) : null,
    },
    '/reported': {
      all: () => ['/reported'],
      draw: (snapshot, reader) => view('public/reported', reportedModel(snapshot, reader, url)),
    },
    '/maintenances/:id': { draw: maintenance, all: addresses.maintenances },
    '/notices/:id': { draw: notice, all: addresses.notices },
    ...instancePages({ view, url }),
    ...ledgerPages({ view, url }),
    ...recordPages({ view, url }),
    ...subscribePages({ view, url, push, offered: offeredChannels(givenBy(config)) }),
    '/components/:slug': { draw: component, all: addresses.components },
    ...chartPages({ view, url }),
    '/components/:slug/:date': { draw: day, all: addresses.days },
  }
}

function page(body: string, locale: Locale, { site }: Snapshot, url: string): Rendered {
  const headers = publishedHeaders(
    url,
    stylesOf(site.look, 'all').map(({ source }) => source),
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
