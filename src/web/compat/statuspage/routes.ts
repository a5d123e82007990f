import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { readIncident } from '../../../domain/incidents/queries.ts'
import { readMaintenance } from '../../../domain/maintenances/queries.ts'
import type { Incident } from '../../../domain/incidents/incident.ts'
import type { MaintenanceStage } from '../../../domain/maintenances/maintenance.ts'
import type { Snapshot } from '../../../domain/status/snapshot-types.ts'
import { Unavailable } from '../../../lib/errors.ts'
import { jsonInTurns } from '../../../lib/json-in-turns.ts'
import { everyone } from '../../shared/access.ts'
import type { Rendered } from '../../shared/document.ts'
import { OverLimit } from '../../shared/limits.ts'
import { forAllOrigins } from '../../shared/page-headers.ts'
import type { Params } from '../../shared/paths.ts'
import type { Publication, Read } from '../../shared/publication.ts'
import { type Shapes, shapesOf } from './shapes.ts'

export interface StatuspageOptions {
  readonly publication: Publication
  /** Where the page stands, without a slash at its end. */
  readonly url: string
}

type Make = (shapes: Shapes, snapshot: Snapshot) => object

/** The Statuspage public API v2, for the clients that read it already. No key, no cookie, from any origin. */
export const statuspage: FastifyPluginAsync<StatuspageOptions> = async (face, { publication, url }) => {
  // Widgets read it in browsers of other origins. Detectors of such pages look for the version header, whatever it says:
  // which release this is, strangers are not told.
  const open = { ...forAllOrigins, 'x-statuspage-version': 'v2' }
  const json = async (document: object): Promise<Rendered> => ({
    contentType: 'application/json; charset=utf-8',
    body: await jsonInTurns(document),
    headers: { ...open, 'cache-control': kept },
  })
  const one = async (snapshot: Snapshot, { id = '' }: Params, read: Read): Promise<Rendered | null> => {
    const found = await anyOf(read, id, shapesOf(snapshot, url))
    return found && json(found)
  }
  face.setErrorHandler((error, request, reply) => {
    if (error instanceof OverLimit) return reply.code(error.statusCode).headers(open).send({ error: error.message })
    request.log.error(error)
    void reply.headers({ ...open, 'cache-control': 'no-store' })
    if (!(error instanceof Unavailable)) return reply.code(500).send({ error: 'Internal error', request: request.id })
    return reply.code(503).header('retry-after', String(error.retryAfterSeconds)).send({ error: error.message })
  })
  publication.serve(face, { url: '/incidents/:id.json', render: one })
  await face.register(
    async (api) => {
      for (const [path, make] of Object.entries(documents)) {
        const render = (snapshot: Snapshot): Promise<Rendered> => json(make(shapesOf(snapshot, url), snapshot))
        publication.serve(api, { url: path, hot: [path], render })
      }
      publication.serve(api, { url: '/incidents/:id.json', render: one })
      publication.missing(api, async () => ({ ...(await json({ error: 'Not found' })), status: 404, headers: open }))
      allowOthers(api)
    },
    { prefix: '/api/v2' },
  )
}

/** What the API itself asks caches to do. */
const kept = 'max-age=10, public, s-maxage=10, stale-while-revalidate=20, stale-if-error=3600'

const documents: Readonly<Record<string, Make>> = {
  '/summary.json': ({ page, status, components, incident, maintenance }, { openIncidents, openMaintenances }) => ({
    page,
    components,
    incidents: newestWordFirst(openIncidents).map(incident),
    scheduled_maintenances: openMaintenances.map(maintenance),
    status,
  }),
  '/status.json': ({ page, status }) => ({ page, status }),
  '/components.json': ({ page, components }) => ({ page, components }),
  '/incidents.json': ({ page, incident }, { recentIncidents }) => ({ page, incidents: recentIncidents.map(incident) }),
  '/incidents/unresolved.json': ({ page, incident }, { openIncidents }) => ({
    page,
    incidents: newestWordFirst(openIncidents).map(incident),
  }),
  '/scheduled-maintenances.json': ({ page, maintenance }, { recentMaintenances }) => ({
    page,
    scheduled_maintenances: recentMaintenances.map(maintenance),
  }),
  '/scheduled-maintenances/upcoming.json': (shapes, snapshot) => maintenances(shapes, snapshot, ['scheduled']),
  '/scheduled-maintenances/active.json': (shapes, snapshot) =>
    maintenances(shapes, snapshot, ['in_progress', 'verifying']),
}

function maintenances(
  { page, maintenance }: Shapes,
  { openMaintenances }: Snapshot,
  stages: readonly MaintenanceStage[],
): object {
  return {
    page,
    scheduled_maintenances: openMaintenances.filter(({ stage }) => stages.includes(stage)).map(maintenance),
  }
}

function newestWordFirst(incidents: readonly Incident[]): Incident[] {
  const word = (incident: Incident): string => incident.latestUpdateAt ?? incident.createdAt
  return incidents.toSorted((a, b) => (word(a) < word(b) ? 1 : word(a) > word(b) ? -1 : 0))
}

/** One incident or maintenance, however old. */
async function anyOf(read: Read, id: string, { page, incident, maintenance }: Shapes): Promise<object | null> {
  // Not every text is one that a database can be asked for.
  if (!/^[\w-]{1,64}$/.test(id)) return null
  const found = await read([id], readIncident, id)
  if (found) return { page, incident: incident(found) }
  const planned = await read([id], readMaintenance, id)
  return planned && { page, incident: maintenance(planned) }
}

/** What a browser asks before a request with `If-None-Match`. */
function allowOthers(api: FastifyInstance): void {
  api.options('/*', { config: { access: everyone } }, async (_request, reply) =>
    reply
      .code(204)
      .headers({
        ...forAllOrigins,
        'access-control-allow-methods': 'GET, HEAD, OPTIONS, POST, DELETE',
        'access-control-allow-headers': 'accept, content-type, if-none-match, if-modified-since, cache-control',
        'access-control-max-age': '86400',
      })
      .send(),
  )
}
