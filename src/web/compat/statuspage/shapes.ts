import type { Component, ComponentStatus, Group } from '../../../domain/components/component.ts'
import { worse } from '../../../domain/components/component.ts'
import type { Affected, Incident, Update } from '../../../domain/incidents/incident.ts'
import type { Maintenance } from '../../../domain/maintenances/maintenance.ts'
import { withReview } from '../../../domain/reviews/told.ts'
import { changedAt } from '../../../domain/status/changed-at.ts'
import { overall } from '../../../domain/status/overall.ts'
import type { PublicComponent, Snapshot } from '../../../domain/status/snapshot-types.ts'
import type { Instant } from '../../../lib/clock.ts'
import type {
  AffectedDocument,
  ComponentDocument,
  ForeignStatus,
  IncidentDocument,
  MaintenanceDocument,
  PageDocument,
  StatusDocument,
  UpdateDocument,
} from './documents.ts'
import { timestampsIn } from './timestamps.ts'

/** One snapshot in the words of the Statuspage API v2. Pure: the same snapshot gives the same bytes. */
export interface Shapes {
  readonly page: PageDocument
  readonly status: StatusDocument
  /** Groups are elements too. */
  readonly components: readonly ComponentDocument[]
  incident(incident: Incident): IncidentDocument
  maintenance(maintenance: Maintenance): MaintenanceDocument
}

/** `url`: where the page stands, without a slash at its end. */
export function shapesOf(snapshot: Snapshot, url: string): Shapes {
  const at = timestampsIn(snapshot.site.zone)
  const pageId = snapshot.site.id
  // Made for the document that shows them first, and then for all: with thousands of them it is most of the work.
  const components = (): readonly ComponentDocument[] => listOf(snapshot, at)

  const named = (ids: readonly string[]): ComponentDocument[] => {
    const wanted = new Set(ids)
    return wanted.size === 0 ? [] : components().filter(({ id, group }) => !group && wanted.has(id))
  }
  const shortlink = (thing: Incident | Maintenance, folder: string): string =>
    thing.shortlink ?? `${url}/${folder}/${thing.id}`

  return {
    page: {
      id: pageId,
      name: snapshot.site.name,
      url,
      time_zone: snapshot.site.zone,
      updated_at: at(changedAt(snapshot)),
    },
    get status() {
      return statusOf(snapshot.components)
    },
    get components() {
      return components()
    },
    incident: (incident) => ({
      id: incident.id,
      name: incident.name,
      status: incident.review && incident.overAt ? 'postmortem' : incident.stage,
      created_at: at(incident.createdAt),
      updated_at: at(incident.updatedAt),
      monitoring_at: incident.monitoringAt && at(incident.monitoringAt),
      resolved_at: incident.toldOverAt && at(incident.toldOverAt),
      impact: incident.severity,
      shortlink: shortlink(incident, 'incidents'),
      started_at: at(incident.beganAt),
      page_id: pageId,
      incident_updates: updateDocuments(withReview(incident), incident.id, at),
      components: named(incident.impacts.map((impact) => impact.componentId)),
      reminder_intervals: null,
    }),
    maintenance: (maintenance) => ({
      id: maintenance.id,
      name: maintenance.name,
      status: maintenanceStatus(maintenance.stage),
      created_at: at(maintenance.createdAt),
      updated_at: at(maintenance.updatedAt),
      monitoring_at: maintenance.verifyingAt && at(maintenance.verifyingAt),
      resolved_at: endOf(maintenance, at),
      impact: maintenance.severity,
      shortlink: shortlink(maintenance, 'maintenances'),
      started_at: at(maintenance.announcedAt ?? maintenance.createdAt),
      page_id: pageId,
      incident_updates: updateDocuments(maintenance.updates, maintenance.id, at),
      components: named(maintenance.componentIds),
      scheduled_for: at(maintenance.plannedFrom),
      scheduled_until: at(maintenance.plannedUntil),
      reminder_intervals: null,
    }),
  }
}

/** The API has no word for what was not measured. */
function foreign(status: ComponentStatus): ForeignStatus {
  return status === 'unknown' ? 'operational' : status
}

function statusOf(components: readonly PublicComponent[]): StatusDocument {
  const { state, description } = overall(components.map((component) => component.status))
  return { indicator: state === 'unknown' ? 'none' : state, description }
}

type At = (instant: Instant) => string

interface List {
  readonly groups: Snapshot['groups']
  readonly site: Snapshot['site']
  readonly documents: readonly ComponentDocument[]
}

/** The list of these very components: editions share what has not changed. */
const lists = new WeakMap<Snapshot['components'], List>()

function listOf({ site, groups, components }: Snapshot, at: At): readonly ComponentDocument[] {
  const known = lists.get(components)
  if (known?.groups === groups && known.site === site) return known.documents
  const documents = componentDocuments({ site, groups, components }, at)
  lists.set(components, { site, groups, documents })
  return documents
}

/** By position, groups and their children intermixed; positions begin again in each group, so names break ties. */
function componentDocuments(
  { site, groups, components }: Pick<Snapshot, 'site' | 'groups' | 'components'>,
  at: At,
): ComponentDocument[] {
  // One walk: with thousands of instances, looking through all components for each of them takes half a second.
  const byGroup = Map.groupBy(components, ({ groupId }) => groupId)
  const childrenOf = (group: Group): PublicComponent[] => (byGroup.get(group.id) ?? []).toSorted(byPosition)
  return [
    ...components.map((component) => leafDocument(component, site.id, at)),
    ...groups.map((group) => groupDocument(group, childrenOf(group), site.id, at)),
  ].toSorted(byPosition)
}

function byPosition(a: Ordered, b: Ordered): number {
  return a.position - b.position || compare(a.name, b.name) || compare(a.id, b.id)
}

type Ordered = Pick<Component, 'position' | 'name' | 'id'>

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function leafDocument(component: PublicComponent, pageId: string, at: At): ComponentDocument {
  return {
    id: component.id,
    name: component.name,
    status: foreign(component.status),
    created_at: at(component.createdAt),
    updated_at: at(component.updatedAt),
    position: component.position,
    description: component.description,
    showcase: component.barsHiddenAt === null,
    start_date: component.startDate,
    group_id: component.groupId,
    page_id: pageId,
    group: false,
    only_show_if_degraded: component.shown === 'degraded',
  }
}

/** A group takes the status of its worst child. */
function groupDocument(group: Group, children: readonly PublicComponent[], pageId: string, at: At): ComponentDocument {
  return {
    id: group.id,
    name: group.name,
    status: foreign(children.map((child) => child.status).reduce(worse, 'operational')),
    created_at: at(group.createdAt),
    updated_at: at(group.updatedAt),
    position: group.position,
    description: group.description,
    showcase: false,
    start_date: null,
    group_id: null,
    page_id: pageId,
    group: true,
    only_show_if_degraded: false,
    components: children.map((child) => child.id),
  }
}

/** Newest first, as they come. */
function updateDocuments(updates: readonly Update[], incidentId: string, at: At): UpdateDocument[] {
  return updates.map((update, index) => ({
    id: update.id,
    status: stageOf(updates, index),
    body: update.body,
    incident_id: incidentId,
    created_at: at(update.createdAt),
    updated_at: at(update.updatedAt),
    display_at: at(update.displayedAt ?? update.createdAt),
    affected_components: affectedDocuments(update.affected),
    deliver_notifications: update.delivered === 'yes',
    custom_tweet: null,
    tweet_id: null,
  }))
}

/** The API does not know updates without a stage: they repeat the one before. */
function stageOf(updates: readonly Update[], index: number): string {
  const said = updates.slice(index).find((update) => update.stage !== 'update')
  return said ? maintenanceStatus(said.stage) : 'investigating'
}

/** The API has no word for work that was called off: it is over. */
function maintenanceStatus(stage: string): string {
  return stage === 'cancelled' ? 'completed' : stage
}

function endOf({ endedAt, cancelledAt }: Maintenance, at: At): string | null {
  const end = endedAt ?? cancelledAt
  return end && at(end)
}

function affectedDocuments(affected: readonly Affected[] | null): AffectedDocument[] | null {
  if (!affected || affected.length === 0) return null
  return affected.map(({ id, name, from, to }) => ({
    code: id,
    name,
    old_status: foreign(from),
    new_status: foreign(to),
  }))
}
