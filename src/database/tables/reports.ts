import type { Instant } from '../../lib/clock.ts'

/**
 * One reader, one thing, one day. The token is made with a secret that is gone when the day is over, and the row with it:
 * it tells that somebody said so already, and nothing else.
 */
export interface ReportRow {
  token: string
  /** Null: about something that is not listed as wrong. */
  incident_id: string | null
  component_id: string | null
  /** The minute. */
  at: Instant
}

/** How many reports came in an hour; an empty id stands for none. */
export interface ReportHourRow {
  incident_id: string
  component_id: string
  hour: Instant
  reports: number
}

/** A draft that readers raised, and what it stands on. */
export interface ReportBurstRow {
  component_id: string
  at: Instant
  incident_id: string
  reports: number
  minutes: number
}
