import type { Component, ComponentStatus, Group } from '../../../domain/components/component.ts'
import { worse } from '../../../domain/components/component.ts'
import type { Affected, Incident, Update } from '../../../domain/incidents/incident.ts'
import type { Maintenance } from '../../../domain/maintenances/maintenance.ts'
import { withReview } from '../../../domain/reviews/told.ts'
import type { PublicComponent, Snapshot } from '../../../domain/status/snapshot-types.ts'
import type { Instant } from '../../../lib/clock.ts'
import type {
  AffectedDocument,
  ComponentDocument,
  ForeignStatus,
  IncidentDocument,
  MaintenanceDocument,
  UpdateDocument,
} from './documents.ts'

/** How a document writes instants: v2 in the zone of the page with milliseconds, v1 in UTC without. */
export type At = (instant: Instant) => string

/** What stands around a thing when it is written down. */
export interface Around {
  readonly pageId: string
  /** Where the page stands, without a slash at its end. */
  readonly url: string
  readonly at: At
  /** The documents of these components, as they are now. */
  named(ids: readonly string[]): readonly ComponentDocument[]
}

export function incidentDocument(incident: Incident, { pageId, url, at, named }: Around): IncidentDocument {
  return {
    id: incident.id,
    name: incident.name,
    status: incident.review && incident.overAt ? 'postmortem' : incident.stage,
    created_at: at(incident.createdAt),
    updated_at: at(incident.updatedAt),
    monitoring_at: incident.monitoringAt && at(incident.monitoringAt),
    resolved_at: incident.toldOverAt && at(incident.toldOverAt),
    impact: incident.severity,
    shortlink: incident.shortlink ?? `${url}/incidents/${incident.id}`,
    started_at: at(incident.beganAt),
    page_id: pageId,
    incident_updates: updateDocuments(withReview(incident), incident.id, at),
    components: named(incident.impacts.map((impact) => impact.componentId)),
    reminder_intervals: null,
  }
}

export function maintenanceDocument(maintenance: Maintenance, { pageId, url, at, named }: Around): MaintenanceDocument {
  return {
    id: maintenance.id,
    name: maintenance.name,
    status: maintenanceStatus(maintenance.stage),
    created_at: at(maintenance.createdAt),
    updated_at: at(maintenance.updatedAt),
    monitoring_at: maintenance.verifyingAt && at(maintenance.verifyingAt),
    resolved_at: endOf(maintenance, at),
    impact: maintenance.severity,
    shortlink: maintenance.shortlink ?? `${url}/maintenances/${maintenance.id}`,
    started_at: at(maintenance.announcedAt ?? maintenance.createdAt),
    page_id: pageId,
    incident_updates: updateDocuments(maintenance.updates, maintenance.id, at),
    components: named(maintenance.componentIds),
    scheduled_for: at(maintenance.plannedFrom),
    scheduled_until: at(maintenance.plannedUntil),
    reminder_intervals: null,
  }
}

/** The API has no word for what was not measured. */
export function foreign(status: ComponentStatus): ForeignStatus {
  return status === 'unknown' ? 'operational' : status
}

/** By position, groups and their children intermixed; positions begin again in each group, so names break ties. */
export function componentDocuments(
  { groups, components }: Pick<Snapshot, 'groups' | 'components'>,
  { pageId, at }: Pick<Around, 'pageId' | 'at'>,
): ComponentDocument[] {
  // One walk: with thousands of instances, looking through all components for each of them takes half a second.
  const byGroup = Map.groupBy(components, ({ groupId }) => groupId)
  const childrenOf = (group: Group): PublicComponent[] => (byGroup.get(group.id) ?? []).toSorted(byPosition)
  return [
    ...components.map((component) => leafDocument(component, pageId, at)),
    ...groups.map((group) => groupDocument(group, childrenOf(group), pageId, at)),
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
export function updateDocuments(updates: readonly Update[], incidentId: string, at: At): UpdateDocument[] {
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
