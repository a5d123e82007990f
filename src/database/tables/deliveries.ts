import type { Generated } from 'kysely'
import type { Instant } from '../../lib/clock.ts'

/** What is told. */
export interface MessageRow {
  number: Generated<number>
  event_seq: number | null
  kind: string
  thread: string
  /** The update that it brings. */
  word: string | null
  /** The most severe that was told of it; null of letters. */
  severity: string | null
  at: Instant
  due_at: Instant
  /** JSON. */
  payload: string
  cursor: Generated<string>
  /** When every recipient had a delivery. */
  handed_out_at: Instant | null
  taken_back_at: Instant | null
  recipients: Generated<number>
  accepted: Generated<number>
  failed: Generated<number>
}

/** One message for one recipient. */
export interface DeliveryRow {
  message: number
  audience: 'subscriber' | 'operator' | 'account'
  recipient: string
  channel: string
  thread: string
  /** When it is looked at next. */
  due_at: Instant
  /** When it was first due; null: nobody has claimed it yet. */
  first_due_at: Instant | null
  claimed_by: string | null
  claimed_until: Instant | null
  attempts: Generated<number>
  lead: number | null
  done_at: Instant | null
  outcome: 'accepted' | 'failed' | 'dropped' | null
  reason: string | null
  code: string | null
}

/** How far a follower of events has come. */
export interface FollowedRow {
  name: string
  seq: number
}

export interface DeliveryTables {
  messages: MessageRow
  deliveries: DeliveryRow
  followed: FollowedRow
}
