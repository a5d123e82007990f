import type { Db } from '../../database/database.ts'
import { listGroups } from '../../domain/components/queries.ts'
import { metadataOf } from '../../domain/history/metadata.ts'
import type { Told } from '../../domain/history/told.ts'
import type { Incident } from '../../domain/incidents/incident.ts'
import type { Maintenance } from '../../domain/maintenances/maintenance.ts'
import { reviewText } from '../../domain/reviews/told.ts'
import type { Site } from '../../domain/site/site.ts'
import { publicComponents } from '../../domain/status/snapshot.ts'
import type { Instant } from '../../lib/clock.ts'
import { type Around, componentDocuments, incidentDocument, maintenanceDocument } from '../compat/statuspage/things.ts'
import {
  type ComponentAnswer,
  type IncidentAnswer,
  type UpdateAnswer,
  incident as incidentSchema,
} from './documents.ts'

/** The API that is written to tells times in UTC and to the second. */
export function toTheSecond(instant: Instant): string {
  return `${instant.slice(0, 19)}Z`
}

/** The components as they are now, for all that names them. */
export interface Parts extends Omit<Around, 'named'> {
  readonly components: readonly ComponentAnswer[]
  named(ids: readonly string[]): readonly ComponentAnswer[]
}

export async function partsOf(db: Db, { site, url }: { readonly site: Site; readonly url: string }): Promise<Parts> {
  const around = { pageId: site.id, url, at: toTheSecond }
  const parts = { groups: await listGroups(db), components: await publicComponents(db) }
  const components = componentDocuments(parts, around).map(({ components: children, ...rest }): ComponentAnswer => ({
    ...rest,
    ...(children ? { components: children } : {}),
    automation_email: null,
  }))
  return {
    ...around,
    components,
    named(ids) {
      const wanted = new Set(ids)
      return components.filter(({ id, group }) => !group && wanted.has(id))
    },
  }
}

/** Incidents and maintenances in the order in which they are given. */
export async function toldAnswers(db: Db, told: readonly Told[], parts: Parts): Promise<IncidentAnswer[]> {
  const kept = await metadataOf(
    db,
    told.map(({ thing }) => thing.id),
  )
  return told.map((one) => {
    const metadata = kept.get(one.thing.id) ?? {}
    return one.kind === 'incident'
      ? { ...incidentAnswer(one.thing, parts), metadata }
      : { ...maintenanceAnswer(one.thing, parts), metadata }
  })
}

/** Components have one key more here, and are written by us. */
const none = (): never[] => []

/** What an incident of theirs has and none of ours. */
const common = {
  reminder_intervals: null,
  scheduled_remind_prior: false,
  scheduled_reminded_at: null,
  incident_impacts: [],
  metadata: {},
  postmortem_ignored: false,
  postmortem_notified_subscribers: false,
  postmortem_notified_twitter: false,
}

function incidentAnswer(incident: Incident, parts: Parts): IncidentAnswer {
  const { review, overAt, toldAt } = incident
  const { reminder_intervals: _, ...document } = incidentDocument(incident, { ...parts, named: none })
  const publishedAt = review && (review.finalAt ?? review.preliminaryAt)
  return inOrder({
    ...document,
    ...common,
    incident_updates: updateAnswers(document.incident_updates),
    components: parts.named(incident.impacts.map(({ componentId }) => componentId)),
    scheduled_for: null,
    scheduled_until: null,
    scheduled_auto_in_progress: false,
    scheduled_auto_completed: false,
    auto_transition_to_maintenance_state: false,
    auto_transition_to_operational_state: false,
    auto_transition_deliver_notifications_at_start: false,
    auto_transition_deliver_notifications_at_end: false,
    impact_override: incident.severityOverride,
    // Told when it was over already.
    backfilled: overAt !== null && toldAt !== null && overAt < toldAt,
    postmortem_body: review && reviewText(review, review.locale),
    postmortem_body_last_updated_at: review && toTheSecond(review.updatedAt),
    postmortem_published_at: publishedAt && toTheSecond(publishedAt),
  })
}

function maintenanceAnswer(maintenance: Maintenance, parts: Parts): IncidentAnswer {
  const { reminder_intervals: _, ...document } = maintenanceDocument(maintenance, { ...parts, named: none })
  const runsByClock = maintenance.runsBy === 'clock'
  return inOrder({
    ...document,
    ...common,
    incident_updates: updateAnswers(document.incident_updates),
    components: parts.named(maintenance.componentIds),
    scheduled_auto_in_progress: runsByClock,
    scheduled_auto_completed: runsByClock,
    // Always so: what is worked on is under maintenance, and no longer when the work is over.
    auto_transition_to_maintenance_state: true,
    auto_transition_to_operational_state: true,
    auto_transition_deliver_notifications_at_start: true,
    auto_transition_deliver_notifications_at_end: true,
    impact_override: null,
    backfilled: false,
    postmortem_body: null,
    postmortem_body_last_updated_at: null,
    postmortem_published_at: null,
  })
}

export function updateAnswers(
  documents: readonly Omit<UpdateAnswer, 'wants_twitter_update' | 'twitter_updated_at'>[],
): UpdateAnswer[] {
  return documents.map((document) => ({ ...document, wants_twitter_update: false, twitter_updated_at: null }))
}

const keys = Object.keys(incidentSchema.properties ?? {}) as (keyof IncidentAnswer)[]

/** With its keys as the description lists them, whichever it was made of. */
function inOrder(answer: IncidentAnswer): IncidentAnswer {
  return Object.fromEntries(keys.map((key) => [key, answer[key]])) as IncidentAnswer
}
