import type { FastifyPluginAsync } from 'fastify'
import { happened } from '../../domain/history/happened.ts'
import { incidentsOfMonth, readIncident } from '../../domain/incidents/queries.ts'
import { maintenancesOfMonth, readMaintenance } from '../../domain/maintenances/queries.ts'
import { recordedOf, trackRecord } from '../../domain/record/queries.ts'
import { firstMonth } from '../../domain/site/first-month.ts'
import type { Snapshot } from '../../domain/status/snapshot-types.ts'
import { isDay } from '../../lib/days.ts'
import type { Rendered } from '../shared/document.ts'
import type { Reader } from '../../domain/site/reader.ts'
import { readerAt, serveInLanguages } from '../shared/languages.ts'
import { forAllOrigins } from '../shared/page-headers.ts'
import { plainAddress } from '../shared/plain-request.ts'
import type { Params } from '../shared/paths.ts'
import type { Publication, Read } from '../shared/publication.ts'
import { addresses } from '../public/addresses.ts'
import { llms } from './llms.ts'
import { recordTwin } from './record.ts'
import { frontTwin, historyTwin, incidentTwin, maintenanceTwin } from './twins.ts'

export interface MarkdownOptions {
  readonly publication: Publication
  /** Where the page stands, without a slash at its end. */
  readonly url: string
}

interface Twin {
  text(snapshot: Snapshot, reader: Reader, params: Params, read: Read): string | null | Promise<string | null>
  readonly all: All
}

type All = (snapshot: Snapshot, read: Read) => Iterable<string> | AsyncIterable<string>

/** Pages as Markdown, for programs that read text and people who pipe it, in the language of their address. */
export const markdownFace: FastifyPluginAsync<MarkdownOptions> = async (face, { publication, url }) => {
  for (const [path, { text, all }] of Object.entries(twinsAt(url))) {
    serveInLanguages(publication, face, {
      url: path,
      async render(snapshot, named, params, read) {
        const reader = readerAt(named, snapshot)
        const body = await text(snapshot, reader, params, read)
        return body === null ? null : markdown(body, reader)
      },
      all,
    })
  }
  // What was asked for as a page is not the page: no cache may keep it for those who read pages.
  face.addHook('onSend', (request, reply, _payload, done) => {
    if (plainAddress(request.originalUrl) !== request.url && reply.statusCode < 400) {
      void reply.headers({
        'cache-control': 'private, no-cache',
        'content-location': request.url,
        vary: 'Accept, Accept-Encoding',
      })
    }
    done()
  })
}

function twinsAt(url: string): Readonly<Record<string, Twin>> {
  return {
    '/index.md': { text: (snapshot, reader) => frontTwin(snapshot, reader, url), all: () => ['/index.md'] },
    '/llms.txt': { text: (snapshot, reader) => llms(snapshot, reader, url), all: () => ['/llms.txt'] },
    '/record.md': {
      async text(snapshot, reader, _params, read) {
        const { site, today, hour } = snapshot
        const record = await read(recordedOf, trackRecord, { site, today, now: hour })
        return recordTwin(record, snapshot, reader, url)
      },
      all: () => ['/record.md'],
    },
    '/incidents/:id.md': {
      async text(snapshot, reader, { id = '' }, read) {
        const incident = await read([id], readIncident, id)
        return incident && incidentTwin(incident, snapshot, reader, url)
      },
      all: beside(addresses.incidents),
    },
    '/maintenances/:id.md': {
      async text(snapshot, reader, { id = '' }, read) {
        const maintenance = await read([id], readMaintenance, id)
        return maintenance && maintenanceTwin(maintenance, snapshot, reader, url)
      },
      all: beside(addresses.maintenances),
    },
    '/history/:month.md': {
      async text(snapshot, reader, { month = '' }, read) {
        const { site, today } = snapshot
        const first = await read(happened, firstMonth, site)
        if (!isDay(`${month}-01`) || month > today.slice(0, 7) || month < first) return null
        const incidents = await read(happened, incidentsOfMonth, month, site.zone)
        const maintenances = await read(happened, maintenancesOfMonth, month, site.zone)
        return historyTwin({ month, first, incidents, maintenances }, snapshot, reader, url)
      },
      all: beside(addresses.months),
    },
  }
}

/** Where the twins of these pages are. */
function beside(pages: All): All {
  return async function* (snapshot, read) {
    for await (const path of pages(snapshot, read)) yield `${path}.md`
  }
}

function markdown(body: string, { locale }: Reader): Rendered {
  return {
    contentType: 'text/markdown; charset=utf-8',
    body,
    headers: {
      ...forAllOrigins,
      'content-language': locale,
      // The page is what searches should find.
      'x-robots-tag': 'noindex',
    },
  }
}
