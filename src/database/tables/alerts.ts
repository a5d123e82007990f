import type { Instant } from '../../lib/clock.ts'

/** One way in which an operator wants to be called. */
export interface AlertChannelRow {
  id: string
  account_id: string
  channel: string
  /** As its owner calls it. */
  name: string
  target_sealed: string
  /** JSON: a list of words. */
  kinds: string
  after_minutes: number
  /** When a test arrived, as its owner said; null: nobody knows whether it works. */
  proven_at: Instant | null
  disabled_at: Instant | null
  disabled_because: string | null
  created_at: Instant
}

/** Something that operators were called for. */
export interface AlertRow {
  id: string
  kind: string
  subject: string
  at: Instant
  /** JSON. */
  data: string
  settled_at: Instant | null
  settled_by: string | null
}

export interface AlertTables {
  alert_channels: AlertChannelRow
  alerts: AlertRow
}
