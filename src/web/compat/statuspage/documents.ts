/**
 * The documents of the Statuspage public API v2, with their keys in the recorded order: an object written in this order
 * is serialised in it, and clients that compare bytes see no difference.
 */
export interface PageDocument {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly time_zone: string
  readonly updated_at: string
}

export interface StatusDocument {
  readonly indicator: string
  readonly description: string
}

export interface ComponentDocument {
  readonly id: string
  readonly name: string
  readonly status: ForeignStatus
  readonly created_at: string
  readonly updated_at: string
  readonly position: number
  readonly description: string | null
  readonly showcase: boolean
  readonly start_date: string | null
  readonly group_id: string | null
  readonly page_id: string
  readonly group: boolean
  readonly only_show_if_degraded: boolean
  /** Only there when `group` is true. */
  readonly components?: readonly string[]
}

export type ForeignStatus =
  'operational' | 'under_maintenance' | 'degraded_performance' | 'partial_outage' | 'major_outage'

export interface UpdateDocument {
  readonly id: string
  readonly status: string
  readonly body: string
  readonly incident_id: string
  readonly created_at: string
  readonly updated_at: string
  readonly display_at: string
  readonly affected_components: readonly AffectedDocument[] | null
  readonly deliver_notifications: boolean
  readonly custom_tweet: null
  readonly tweet_id: null
}

export interface AffectedDocument {
  readonly code: string
  readonly name: string
  readonly old_status: ForeignStatus
  readonly new_status: ForeignStatus
}

export interface IncidentDocument {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly created_at: string
  readonly updated_at: string
  readonly monitoring_at: string | null
  readonly resolved_at: string | null
  readonly impact: string
  readonly shortlink: string
  readonly started_at: string
  readonly page_id: string
  readonly incident_updates: readonly UpdateDocument[]
  readonly components: readonly ComponentDocument[]
  readonly reminder_intervals: null
}

export interface MaintenanceDocument extends Omit<IncidentDocument, 'reminder_intervals'> {
  readonly scheduled_for: string
  readonly scheduled_until: string
  readonly reminder_intervals: null
}
