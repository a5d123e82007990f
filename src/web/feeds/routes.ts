import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Locale } from '../../domain/site/site.ts'
import { happened } from '../../domain/history/happened.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import { incidentsOfComponent, readIncident } from '../../domain/incidents/queries.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { maintenancesOfComponent } from '../../domain/maintenances/queries.ts'
import { recordedOf, trackRecord } from '../../domain/record/queries.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import type { Instant } from '../../lib/clock.ts'
import { addDays, startOfDay } from '../../lib/days.ts'
import type { Rendered } from '../shared/document.ts'
import { serveInLanguages } from '../shared/languages.ts'
import type { Publication } from '../shared/publication.ts'
import type { Place } from './calendar.ts'
import { entriesOf, entriesOfComponent, entriesOfIncident } from './entries.ts'
import { recordCsv, recordJson, uptimeCsv } from './record-data.ts'
import { summary } from './summary.ts'

export interface FeedsOptions {
  readonly publication: Publication
  /** Where the page stands, without a slash at its end. */
  readonly url: string
}

type Format = (snapshot: Snapshot, locale: Locale, url: string) => Promise<Rendered>

const recordFiles: Readonly<Record<string, typeof recordJson>> = {
  '/record.json': recordJson,
  '/record.csv': recordCsv,
  '/record/uptime.csv': uptimeCsv,
}

// Feeds are written by a library that is a tenth of a start: it is loaded for the first feed, which comes after the page.
const formats: Readonly<Record<string, Format>> = {
  '/history.atom': async (...of) => (await import('./formats.ts')).atom(entriesOf(...of)),
  '/history.rss': async (...of) => (await import('./formats.ts')).rss(entriesOf(...of)),
  '/feed.json': async (...of) => (await import('./formats.ts')).jsonFeed(entriesOf(...of)),
  '/calendar.ics': async (...of) => (await import('./calendar.ts')).calendar(...of),
}

const farAhead = '9999-01-01T00:00:00.000Z' as Instant

/** What happened, for programs that read feeds: in the site's language, and under `/<locale>/` in each. */
export const feeds: FastifyPluginAsync<FeedsOptions> = async (face, { publication, url }) => {
  for (const [path, format] of Object.entries(formats)) {
    serveInLanguages(publication, face, {
      url: path,
      hot: true,
      render: (snapshot, named) => format(snapshot, named ?? snapshot.site.locale, url),
      all: ({ site }, _read, named) => (named === site.locale ? [] : [path]),
    })
  }
  serveParts(face, { publication, url })
  publication.serve(face, {
    url: '/summary.json',
    hot: ['/summary.json'],
    render: (snapshot) => summary(snapshot, url),
  })
  for (const [path, draw] of Object.entries(recordFiles)) {
    publication.serve(face, {
      url: path,
      all: () => [path],
      async render(snapshot, _params, read) {
        const { site, today, hour } = snapshot
        const record = await read(recordedOf, trackRecord, { site, today, now: hour })
        return draw(record, snapshot, url)
      },
    })
  }
}

/** Of one system and of one incident. */
function serveParts(face: FastifyInstance, { publication, url }: FeedsOptions): void {
  for (const [file, format] of Object.entries(formatsOfParts)) {
    serveInLanguages(publication, face, {
      url: `/components/:slug/${file}`,
      async render(snapshot, named, { slug }, read) {
        const component = snapshot.listed.find((one) => one.slug === slug)
        if (!component) return null
        // What is planned, however far ahead, and what became of the last quarter.
        const { site, today } = snapshot
        const since = startOfDay(addDays(today, -90), site.zone)
        const of = [component.id, since, farAhead] as const
        const maintenances = await read(['maintenance', 'update'], maintenancesOfComponent, ...of)
        const incidents = file === 'calendar.ics' ? [] : await read(happened, incidentsOfComponent, ...of)
        const place = { snapshot, locale: named ?? site.locale, url }
        return format.ofComponent(component, { incidents, maintenances }, place)
      },
      all: ({ listed, site }, _read, named) =>
        named === site.locale ? [] : listed.map(({ slug }) => `/components/${encodeURIComponent(slug)}/${file}`),
    })
    serveInLanguages(publication, face, {
      url: `/incidents/:id/${file}`,
      async render(snapshot, named, { id = '' }, read) {
        const incident = await read(happened, readIncident, id)
        return incident && format.ofIncident(incident, { snapshot, locale: named ?? snapshot.site.locale, url })
      },
      // Pages of those that are over do not lead to them: nothing follows.
      all: ({ openIncidents, site }, _read, named) =>
        named === site.locale ? [] : openIncidents.map(({ id }) => `/incidents/${id}/${file}`),
    })
  }
}

interface PartFormat {
  ofComponent(
    component: Snapshot['listed'][number],
    happened: { readonly incidents: readonly Incident[]; readonly maintenances: readonly Maintenance[] },
    place: Place,
  ): Promise<Rendered>
  ofIncident(incident: Incident, place: Place): Promise<Rendered>
}

function feedOf(name: 'atom' | 'rss' | 'jsonFeed'): PartFormat {
  return {
    ofComponent: async (component, all, { snapshot, locale, url }) =>
      (await import('./formats.ts'))[name](entriesOfComponent(component, all, snapshot, locale, url)),
    ofIncident: async (incident, { snapshot, locale, url }) =>
      (await import('./formats.ts'))[name](entriesOfIncident(incident, snapshot, locale, url)),
  }
}

const formatsOfParts: Readonly<Record<string, PartFormat>> = {
  'history.atom': feedOf('atom'),
  'history.rss': feedOf('rss'),
  'feed.json': feedOf('jsonFeed'),
  'calendar.ics': {
    ofComponent: async (component, { maintenances }, place) =>
      (await import('./calendar.ts')).calendarOfComponent(component, maintenances, place),
    ofIncident: async (incident, place) => (await import('./calendar.ts')).calendarOfIncident(incident, place),
  },
}
