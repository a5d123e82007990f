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
  /** Since when it is signed with another secret as well as the one before. */
  secret_changed_at: Instant | null
  created_at: Instant
}

/** Something that operators are called for. While it stands there is one for each kind and subject. */
export interface AlertRow {
  id: string
  kind: string
  subject: string
  /** The subject of what is done about it. */
  about: string
  at: Instant
  name: string
  /** JSON: texts by name. */
  data: string
  part_of: string | null
  calls_for: 'one' | 'many'
  settled_at: Instant | null
  /** Who reacted; null: nobody had to. */
  settled_by: string | null
  over_at: Instant | null
}

export interface AlertTables {
  alert_channels: AlertChannelRow
  alerts: AlertRow
}
