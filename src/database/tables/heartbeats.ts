import type { Instant } from '../../lib/clock.ts'

/** JSON as text. */
type Json = string

/** What is known of something that calls us. Rewritten by each of its signs of life, never read by a page for readers. */
export interface ProbeHeartbeatRow {
  probe_id: string
  /** Of its address; null: it has none yet. */
  token_hash: string | null
  /** By when it must be heard of; null: not before it called for the first time, nor while it is paused. */
  next_deadline: Instant | null
  /** The last sign of life that all is well. */
  pinged_at: Instant | null
  /** When the run that is under way began. */
  started_at: Instant | null
  /** Of the last run that said when it began. */
  took_ms: number | null
  /** The last thing that it wrote along, cut short, for operators alone. */
  log: string | null
  logged_at: Instant | null
  /** Signs of life that no verdict knows yet, and since when the first of them waits. */
  untaken: Json
  untaken_at: Instant | null
}
