import type {
  RecordedComponent,
  RecordedGroup,
  RecordedIncident,
  RecordedMaintenance,
  RecordedPage,
  RecordedUpdate,
  Recording,
} from '../../domain/import/recording.ts'
import type { Instant } from '../../lib/clock.ts'
import { Invalid } from '../../lib/errors.ts'
import { isZoneName } from '../../lib/fields.ts'
import { type Source, readDocument } from './documents.ts'
import { checkedInstant as at } from './foreign-fields.ts'
import { type Naming, namingOf } from './naming.ts'
import type { ForeignComponent, ForeignDocument, ForeignIncident, ForeignMaintenance } from './statuspage-documents.ts'
import { recordedUpdates } from './updates.ts'

/** Reads a recording of the Statuspage API v2 whole, before anything is written; or refuses it and names the place. */
export function readRecording(sources: readonly Source[]): Recording {
  const documents = sources.map((source) => ({ name: source.name, ...readDocument(source) }))
  for (const document of documents) refuseDoubles(document)
  const listed = newest(documents, 'components')
  const incidents = newest(documents, 'incidents')
  const maintenances = newest(documents, 'scheduled_maintenances')
  const { groups, components } = partsOf(listed, embedded([...incidents, ...maintenances]))
  const naming = namingOf(components)
  return {
    page: pageOf(documents, [...incidents, ...maintenances, ...listed]),
    groups,
    components,
    incidents: incidents.map((incident) => recordedIncident(incident, naming)),
    maintenances: maintenances.map((maintenance) => recordedMaintenance(maintenance, naming)),
    partsAreDated: 'each',
    unknownNames: naming.unknown,
  }
}

type Named = ForeignDocument & { readonly name: string }
type Kind = 'components' | 'incidents' | 'scheduled_maintenances'
type Of<K extends Kind> = NonNullable<ForeignDocument[K]>[number]

/** Documents overlap; of each thing the newest record counts, in the order in which things are first named. */
function newest<K extends Kind>(documents: readonly Named[], kind: K): Of<K>[] {
  const things = new Map<string, Of<K>>()
  for (const thing of documents.flatMap((document) => (document[kind] ?? []) as Of<K>[])) {
    const known = things.get(thing.id)
    if (!known || at(thing.updated_at) > at(known.updated_at)) things.set(thing.id, thing)
  }
  return [...things.values()]
}

function refuseDoubles(document: Named): void {
  for (const kind of ['components', 'incidents', 'scheduled_maintenances'] as const) {
    const seen = new Set<string>()
    for (const [index, { id }] of (document[kind] ?? []).entries()) {
      if (seen.has(id)) {
        const place = `${kind}[${index}].id`
        throw new Invalid(`${document.name}: ${place} stands there twice: ${id}.`, `${document.name}: ${place}`)
      }
      seen.add(id)
    }
  }
}

function maybe(text: string | null | undefined): Instant | null {
  return text ? at(text) : null
}

function pageOf(
  documents: readonly Named[],
  things: readonly { readonly page_id?: string | null | undefined }[],
): RecordedPage {
  const found = documents.find((document) => document.page)
  const zone = found?.page?.time_zone ?? null
  if (found && zone !== null && !isZoneName(zone)) {
    throw new Invalid(
      `${found.name}: page.time_zone must be a time zone such as Europe/Lisbon, not ${JSON.stringify(zone)}.`,
      `${found.name}: page.time_zone`,
    )
  }
  const ids = new Set(things.flatMap((thing) => thing.page_id ?? []))
  const onlyId = ids.size === 1 ? ([...ids][0] ?? null) : null
  return {
    id: found?.page?.id ?? onlyId,
    name: found?.page?.name ?? null,
    zone,
    updatedAt: maybe(found?.page?.updated_at),
  }
}

/** Components that incidents carry whole: the only ones there are if no document lists them. */
function embedded(things: readonly (ForeignIncident | ForeignMaintenance)[]): ForeignComponent[] {
  const found = new Map<string, ForeignComponent>()
  for (const { id, status, created_at, updated_at, ...rest } of things.flatMap((thing) => thing.components ?? [])) {
    if (!id || !status || !created_at || !updated_at) continue
    const known = found.get(id)
    if (!known || at(updated_at) > at(known.updated_at)) found.set(id, { ...rest, id, status, created_at, updated_at })
  }
  return [...found.values()]
}

function partsOf(
  listed: readonly ForeignComponent[],
  carried: readonly ForeignComponent[],
): { groups: RecordedGroup[]; components: RecordedComponent[] } {
  const names = new Set(listed.map(({ id }) => id))
  const gone = carried.filter(({ id }) => !names.has(id))
  const groups = listed.filter((component) => component.group === true)
  const groupIds = new Set(groups.map(({ id }) => id))
  const recorded = (component: ForeignComponent, isListed: RecordedComponent['listed']): RecordedComponent => ({
    ...recordedPart(component),
    groupId: component.group_id && groupIds.has(component.group_id) ? component.group_id : null,
    status: component.status,
    bars: component.showcase === false ? 'hidden' : 'shown',
    shown: component.only_show_if_degraded === true ? 'degraded' : 'always',
    startDate: component.start_date ?? null,
    listed: isListed,
  })
  return {
    groups: groups.map((group) => ({ ...recordedPart(group), instance: null })),
    components: [
      ...listed.filter((component) => component.group !== true).map((component) => recorded(component, 'listed')),
      // Without any list, what incidents carry is the list.
      ...gone.map((component) => recorded(component, listed.length === 0 ? 'listed' : 'gone')),
    ],
  }
}

function recordedPart(component: ForeignComponent): Omit<RecordedGroup, 'instance'> {
  return {
    id: component.id,
    name: component.name,
    description: component.description ?? null,
    position: component.position ?? 1,
    createdAt: at(component.created_at),
    updatedAt: at(component.updated_at),
  }
}

function recordedIncident(incident: ForeignIncident, naming: Naming): RecordedIncident {
  const updates = recordedUpdates(incident)
  const said = (stage: string): Instant | null => updates.find((update) => update.stage === stage)?.displayedAt ?? null
  const isOver = incident.status === 'resolved' || incident.status === 'postmortem'
  return {
    ...thing(incident, naming),
    updates,
    stage: incident.status,
    impacts: null,
    beganAt: maybe(incident.started_at) ?? at(incident.created_at),
    monitoringAt: maybe(incident.monitoring_at) ?? (incident.monitoring_at === undefined ? said('monitoring') : null),
    overAt: isOver ? endOf(incident, updates) : null,
  }
}

function recordedMaintenance(maintenance: ForeignMaintenance, naming: Naming): RecordedMaintenance {
  const updates = recordedUpdates(maintenance)
  const said = (stage: string): Instant | null => updates.find((update) => update.stage === stage)?.displayedAt ?? null
  const isOver = maintenance.status === 'completed'
  const hasBegun = maintenance.status !== 'scheduled'
  return {
    ...thing(maintenance, naming),
    updates,
    stage: maintenance.status,
    announcedAt: maybe(maintenance.started_at) ?? at(maintenance.created_at),
    plannedFrom: at(maintenance.scheduled_for),
    plannedUntil: at(maintenance.scheduled_until),
    beganAt: hasBegun ? (said('in_progress') ?? said('verifying') ?? at(maintenance.scheduled_for)) : null,
    verifyingAt: maybe(maintenance.monitoring_at),
    endedAt: isOver ? endOf(maintenance, updates) : null,
    cancelledAt: null,
  }
}

/**
 * When it was over. Nothing is over later than the last word on it: archives scraped from pages that print no year put
 * an end that falls on the next day years later, and bars would show years of outage.
 */
function endOf(foreign: ForeignIncident | ForeignMaintenance, updates: readonly RecordedUpdate[]): Instant {
  const resolvedAt = maybe(foreign.resolved_at)
  const lastWordAt = updates.at(-1)?.displayedAt ?? at(foreign.updated_at)
  return resolvedAt && resolvedAt < lastWordAt ? resolvedAt : lastWordAt
}

function thing(foreign: ForeignIncident | ForeignMaintenance, naming: Naming) {
  return {
    id: foreign.id,
    name: foreign.name,
    createdAt: at(foreign.created_at),
    updatedAt: at(foreign.updated_at),
    severity: foreign.impact,
    shortlink: foreign.shortlink ?? null,
    components: naming.harmed(foreign.components ?? []),
  }
}
