/** What a supplier says of itself, worst last. */
export const supplierStates = ['well', 'maintenance', 'trouble', 'outage'] as const
export type SupplierState = (typeof supplierStates)[number]

/** How pages of one make are read: which document says it, and what it says. */
export interface Shape {
  /** The document to ask for; null where the address does not lead to one of this make. */
  addressOf(page: URL, part: string | null): URL | null
  /** Whether this JSON is such a document. */
  recognises(json: unknown): boolean
  /** What it says of a part, or of everything; null: it knows no such part. */
  stateOf(json: unknown, part: string | null): SupplierState | null
}

type Fields = Readonly<Record<string, unknown>>

/** Version 2 of Statuspage's public API, which many others serve, Candor among them. */
const statuspage: Shape = {
  addressOf: (page) => documentAt(page, '/api/v2/summary.json'),
  recognises: (json) => typeof textAt(json, 'status', 'indicator') === 'string',
  stateOf(json, part) {
    if (part === null) return indicators.get(textAt(json, 'status', 'indicator') ?? '') ?? null
    const named = listAt(json, 'components').filter((component) => isNamed(component, part))
    return worst(named.map((component) => states.get(component['status']) ?? null))
  },
}

/**
 * What pages of incident.io tell without a key: only what is wrong. So a part that it does not name is well, or is none.
 * See docs.incident.io/status-pages/embedding.
 */
const incidentIo: Shape = {
  addressOf: (page) => documentAt(page, '/api/v1/summary'),
  recognises: (json) => Array.isArray((json as Fields | null)?.['ongoing_incidents']),
  stateOf(json, part) {
    const touches = (event: Fields): boolean =>
      part === null || listAt(event, 'affected_components').some((component) => isNamed(component, part))
    const incidents = listAt(json, 'ongoing_incidents')
      .filter((incident) => incident['status'] !== 'resolved')
      .filter(touches)
    const maintained = listAt(json, 'in_progress_maintenances').some(touches)
    return worst([
      'well',
      maintained ? 'maintenance' : 'well',
      ...incidents.map((incident) => states.get(impactOf(incident, part)) ?? 'trouble'),
    ])
  },
}

/** The open Trust API: one status for each instance. */
const trust: Shape = {
  addressOf(page, part) {
    const key = /\/instances\/([^/]+)/.exec(page.pathname)?.[1] ?? (part === null ? null : encodeURIComponent(part))
    if (key === null) return null
    const url = new URL(page.origin)
    // Its people visit one host and its programs ask another.
    if (url.hostname === 'status.salesforce.com') url.hostname = 'api.status.salesforce.com'
    url.pathname = `/v1/instances/${key}/status`
    return url
  },
  recognises: (json) => textAt(json, 'key') !== null && textAt(json, 'status') !== null,
  stateOf(json) {
    const status = textAt(json, 'status') ?? ''
    if (status === 'OK' || status.startsWith('INFORMATIONAL')) return 'well'
    if (status.startsWith('MAJOR_INCIDENT')) return 'outage'
    if (status.startsWith('MINOR_INCIDENT')) return 'trouble'
    return status.includes('MAINTENANCE') ? 'maintenance' : null
  },
}

export const shapes = { statuspage, incident_io: incidentIo, trust } as const

/** Maps, because the words are theirs: an object would also know `constructor`. */
const indicators: ReadonlyMap<unknown, SupplierState> = new Map([
  ['none', 'well'],
  ['maintenance', 'maintenance'],
  ['minor', 'trouble'],
  ['major', 'outage'],
  ['critical', 'outage'],
])

/** The words of both makes for a component. */
const states: ReadonlyMap<unknown, SupplierState> = new Map([
  ['operational', 'well'],
  ['under_maintenance', 'maintenance'],
  ['degraded_performance', 'trouble'],
  ['partial_outage', 'outage'],
  ['major_outage', 'outage'],
  ['full_outage', 'outage'],
])

/** An incident may do less to one part than it does to another. */
function impactOf(incident: Fields, part: string | null): unknown {
  const own = part === null ? null : listAt(incident, 'affected_components').find((it) => isNamed(it, part))
  return own?.['current_status'] ?? incident['current_worst_impact']
}

/** An address that is one of its documents already is taken as it is. */
function documentAt(page: URL, path: string): URL {
  const url = new URL(page)
  url.search = ''
  if (url.pathname.endsWith(path)) return url
  url.pathname = url.pathname.replace(/(?<!\/)\/+$/, '') + path
  return url
}

function isNamed({ id, name }: Fields, part: string): boolean {
  return id === part || (typeof name === 'string' && name.trim().toLowerCase() === part.toLowerCase())
}

/** Two parts of one name are as well as the worse of them; null where there is none, or none that can be understood. */
function worst(found: readonly (SupplierState | null)[]): SupplierState | null {
  return supplierStates.findLast((state) => found.includes(state)) ?? null
}

function textAt(json: unknown, ...path: readonly string[]): string | null {
  const value = path.reduce<unknown>((at, name) => (at as Fields | null | undefined)?.[name], json)
  return typeof value === 'string' ? value : null
}

function listAt(json: unknown, name: string): Fields[] {
  const value = (json as Fields | null)?.[name]
  return Array.isArray(value) ? value.filter((it): it is Fields => typeof it === 'object' && it !== null) : []
}
