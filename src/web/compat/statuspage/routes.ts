import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import type { Db } from '../../../database/database.ts'
import { readIncident } from '../../../domain/incidents/queries.ts'
import { readMaintenance } from '../../../domain/maintenances/queries.ts'
import type { Incident } from '../../../domain/incidents/incident.ts'
import type { Maintenance, MaintenanceStage } from '../../../domain/maintenances/maintenance.ts'
import type { Snapshot } from '../../../domain/status/snapshot-types.ts'
import type { Rendered } from '../../shared/document.ts'
import type { Publication } from '../../shared/publication.ts'
import { type Shapes, shapesOf } from './shapes.ts'

export interface StatuspageOptions {
  readonly publication: Publication
  readonly db: Db
  /** Where the page stands, without a slash at its end. */
  readonly url: string
  /** What this installation says its version is. */
  readonly version: string
}

type Make = (shapes: Shapes, snapshot: Snapshot) => object

/** The Statuspage public API v2, for the clients that read it already. No key, no cookie, from any origin. */
export const statuspage: FastifyPluginAsync<StatuspageOptions> = async (face, options) => {
  const { publication } = options
  const render = one(options)
  publication.serve(face, { url: '/incidents/:id.json', render })
  await face.register(
    async (api) => {
      for (const [url, make] of Object.entries(documents)) {
        publication.serve(api, {
          url,
          hot: [url],
          render: (snapshot) => json(options, make(shapes(snapshot, options), snapshot)),
        })
      }
      publication.serve(api, { url: '/incidents/:id.json', render })
      publication.missing(api, () => ({
        ...json(options, { error: 'Not found' }),
        status: 404,
        headers: open(options),
      }))
      allowOthers(api)
    },
    { prefix: '/api/v2' },
  )
}

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
function one(options: StatuspageOptions) {
  return async (snapshot: Snapshot, { id = '' }: Readonly<Record<string, string>>): Promise<Rendered | null> => {
    const { page, incident, maintenance } = shapes(snapshot, options)
    const found = await readIncident(options.db, id)
    if (found) return json(options, { page, incident: incident(found) })
    const planned: Maintenance | null = await readMaintenance(options.db, id)
    return planned && json(options, { page, incident: maintenance(planned) })
  }
}

/** All documents of one snapshot are made of the same shapes. */
const made = new WeakMap<Snapshot, Shapes>()

function shapes(snapshot: Snapshot, { url }: StatuspageOptions): Shapes {
  const known = made.get(snapshot) ?? shapesOf(snapshot, url)
  made.set(snapshot, known)
  return known
}

function json(options: StatuspageOptions, document: object): Rendered {
  return {
    contentType: 'application/json; charset=utf-8',
    body: JSON.stringify(document),
    headers: {
      ...open(options),
      'cache-control': 'max-age=10, public, s-maxage=10, stale-while-revalidate=20, stale-if-error=3600',
    },
  }
}

/** Widgets read it in browsers of other origins; detectors look for the version header. */
function open({ version }: StatuspageOptions): Record<string, string> {
  return { 'access-control-allow-origin': '*', 'x-statuspage-version': version }
}

/** What a browser asks before a request with `If-None-Match`. */
function allowOthers(api: FastifyInstance): void {
  api.options('/*', async (_request, reply) =>
    reply
      .code(204)
      .headers({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, HEAD, OPTIONS',
        'access-control-allow-headers': 'accept, content-type, if-none-match, if-modified-since, cache-control',
        'access-control-max-age': '86400',
      })
      .send(),
  )
}
