import {
  type Schema,
  type Static,
  anything,
  choice,
  fields,
  flag,
  map,
  nullable,
  optional,
  titled,
} from '../../lib/fields.ts'
import { componentStatuses } from '../../domain/components/component.ts'

/**
 * What the calls answer, with the keys in their order: those of the API that is only read, as they were recorded, and
 * after them what the management API adds. Times are UTC, to the second.
 */
const text: Schema<string> = { type: 'string' }
const time: Schema<string> = { type: 'string', format: 'date-time' }
const number: Schema<number> = { type: 'number' }
const integer: Schema<number> = { type: 'integer' }

export function many<T>(items: Schema<T>): Schema<readonly T[]> {
  return { type: 'array', items }
}

export type PageAnswer = Static<typeof page>
export const page = titled(
  'Page',
  fields({
    id: text,
    created_at: time,
    updated_at: time,
    name: text,
    page_description: nullable(text),
    headline: nullable(text),
    branding: text,
    subdomain: nullable(text),
    domain: nullable(text),
    url: text,
    support_url: nullable(text),
    hidden_from_search: flag,
    allow_page_subscribers: flag,
    allow_incident_subscribers: flag,
    allow_email_subscribers: flag,
    allow_sms_subscribers: flag,
    allow_rss_atom_feeds: flag,
    allow_webhook_subscribers: flag,
    notifications_from_email: nullable(text),
    notifications_email_footer: nullable(text),
    twitter_username: nullable(text),
    viewers_must_be_team_members: flag,
    ip_restrictions: nullable(text),
    time_zone: text,
  }),
)

export type ComponentAnswer = Static<typeof component>
export const component = titled(
  'Component',
  fields({
    id: text,
    name: text,
    status: choice(componentStatuses),
    created_at: time,
    updated_at: time,
    position: integer,
    description: nullable(text),
    showcase: flag,
    start_date: nullable({ type: 'string', format: 'date' } satisfies Schema as Schema<string>),
    group_id: nullable(text),
    page_id: text,
    group: flag,
    only_show_if_degraded: flag,
    components: optional(many(text)),
    automation_email: nullable(text),
  }),
)

export type GroupAnswer = Static<typeof componentGroup>
export const componentGroup = titled(
  'ComponentGroup',
  fields({
    id: text,
    page_id: text,
    name: text,
    description: nullable(text),
    components: many(text),
    position: integer,
    created_at: time,
    updated_at: time,
  }),
)

const related = titled('RelatedEvent', fields({ id: text }))

export type UptimeAnswer = Static<typeof componentUptime>
export const componentUptime = titled(
  'ComponentUptime',
  fields({
    range_start: time,
    range_end: time,
    uptime_percentage: nullable(number),
    major_outage: integer,
    partial_outage: integer,
    warnings: many(text),
    id: text,
    name: text,
    related_events: optional(many(related)),
  }),
)

const affectedComponent = fields({
  code: text,
  name: text,
  old_status: choice(componentStatuses),
  new_status: choice(componentStatuses),
})

export type UpdateAnswer = Static<typeof incidentUpdate>
export const incidentUpdate = titled(
  'IncidentUpdate',
  fields({
    id: text,
    status: text,
    body: text,
    incident_id: text,
    created_at: time,
    updated_at: time,
    display_at: time,
    affected_components: nullable(many(affectedComponent)),
    deliver_notifications: flag,
    custom_tweet: nullable(text),
    tweet_id: nullable(text),
    wants_twitter_update: flag,
    twitter_updated_at: nullable(time),
  }),
)

export type IncidentAnswer = Static<typeof incident>
export const incident = titled(
  'Incident',
  fields({
    id: text,
    name: text,
    status: text,
    created_at: time,
    updated_at: time,
    monitoring_at: nullable(time),
    resolved_at: nullable(time),
    impact: text,
    shortlink: text,
    started_at: time,
    page_id: text,
    incident_updates: many(incidentUpdate),
    components: many(component),
    scheduled_for: nullable(time),
    scheduled_until: nullable(time),
    reminder_intervals: nullable(text),
    scheduled_remind_prior: flag,
    scheduled_reminded_at: nullable(time),
    scheduled_auto_in_progress: flag,
    scheduled_auto_completed: flag,
    auto_transition_to_maintenance_state: flag,
    auto_transition_to_operational_state: flag,
    auto_transition_deliver_notifications_at_start: flag,
    auto_transition_deliver_notifications_at_end: flag,
    impact_override: nullable(text),
    incident_impacts: many(anything),
    metadata: map(anything, 500),
    backfilled: flag,
    postmortem_body: nullable(text),
    postmortem_body_last_updated_at: nullable(time),
    postmortem_ignored: flag,
    postmortem_published_at: nullable(time),
    postmortem_notified_subscribers: flag,
    postmortem_notified_twitter: flag,
  }),
)

export type PostmortemAnswer = Static<typeof postmortem>
export const postmortem = titled(
  'Postmortem',
  fields({
    preview_key: nullable(text),
    body: nullable(text),
    body_updated_at: nullable(time),
    body_draft: nullable(text),
    body_draft_updated_at: nullable(time),
    published_at: nullable(time),
    notify_subscribers: flag,
    notify_twitter: flag,
    custom_tweet: nullable(text),
    created_at: time,
    updated_at: time,
  }),
)

export type TemplateAnswer = Static<typeof incidentTemplate>
export const incidentTemplate = titled(
  'IncidentTemplate',
  fields({
    id: text,
    components: many(component),
    name: text,
    title: nullable(text),
    body: text,
    group_id: nullable(text),
    update_status: nullable(text),
    should_tweet: flag,
    should_send_notifications: flag,
  }),
)

export type MetricAnswer = Static<typeof metric>
export const metric = titled(
  'Metric',
  fields({
    id: text,
    metrics_provider_id: nullable(text),
    metric_identifier: nullable(text),
    name: text,
    display: flag,
    tooltip_description: nullable(text),
    backfilled: flag,
    y_axis_min: nullable(number),
    y_axis_max: nullable(number),
    y_axis_hidden: flag,
    suffix: text,
    decimal_places: integer,
    most_recent_data_at: nullable(time),
    created_at: time,
    updated_at: time,
    last_fetched_at: nullable(time),
    backfill_percentage: nullable(integer),
    reference_name: nullable(text),
  }),
)

export const point = titled('MetricValue', fields({ timestamp: integer, value: number }))

export const embedConfig = titled(
  'StatusEmbedConfig',
  fields({
    page_id: text,
    position: nullable(text),
    incident_background_color: nullable(text),
    incident_text_color: nullable(text),
    maintenance_background_color: nullable(text),
    maintenance_text_color: nullable(text),
  }),
)

export type SubscriberAnswer = Static<typeof subscriber>
export const subscriber = titled(
  'Subscriber',
  fields({
    id: text,
    created_at: time,
    mode: text,
    email: nullable(text),
    endpoint: nullable(text),
    phone_number: nullable(text),
    skip_confirmation_notification: flag,
    quarantined_at: nullable(time),
    purge_at: nullable(time),
    confirmed: flag,
    components: nullable(many(text)),
  }),
)

const byState = fields({ active: integer, unconfirmed: integer, quarantined: integer, total: integer })

export const subscriberCount = titled('SubscriberCountByType', byType(integer))
export const subscriberHistogram = titled('SubscriberCountByTypeAndState', byType(byState))

function byType<T>(of: Schema<T>) {
  return fields({ email: of, sms: of, webhook: of, integration_partner: of, slack: of, teams: of })
}
