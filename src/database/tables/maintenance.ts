import type { Instant } from '../../lib/clock.ts'

/** JSON as text. */
type Json = string

/** Planned work that repeats; each occurrence is a maintenance of its own. */
export interface MaintenanceSeriesRow {
  id: string
  name: string
  body: string
  locale: string
  translations: Json
  /** RRULE of RFC 5545, without its name. */
  rule: string
  /** The zone whose wall clock it follows: that of the site when it was announced. */
  zone: string
  /** From when on it is counted, on that clock: `2026-12-01T02:00`. */
  first_at: string
  /** How long each takes. */
  seconds: number
  /** Ids. */
  components: Json
  runs_by: 'clock' | 'hand'
  author: string | null
  /** The last occurrence that was announced, on the wall clock. */
  announced_through: string | null
  ended_at: Instant | null
  created_at: Instant
  updated_at: Instant
}

/** What the second schema added to a maintenance. */
export interface MaintenanceInFull {
  series_id: string | null
  /** Which one of its series, on the series' wall clock; stays when its window is moved. */
  occurrence: string | null
  /** The planned end when the work began: what came later was an extension. */
  original_until: Instant | null
  /** When readers were told of the window as it is planned now. */
  window_said_at: Instant | null
  /** The moment that the last reminder was about: `planned_from` less a day, for one of a day before. */
  reminded_at: Instant | null
}

/** What it added to a notice. */
export interface NoticeInFull {
  /** Stands above everything since. */
  pinned_at: Instant | null
  /** When its words were last changed while readers saw it. */
  changed_at: Instant | null
}
