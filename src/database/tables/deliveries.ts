import type { Generated } from 'kysely'
import type { Instant } from '../../lib/clock.ts'

/** What is told. */
export interface MessageRow {
  number: Generated<number>
  event_seq: number | null
  kind: string
  thread: string
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
  due_at: Instant
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
