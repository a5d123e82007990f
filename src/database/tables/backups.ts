import type { Instant } from '../../lib/clock.ts'

/** One backup, or the attempt at one. */
export interface BackupRow {
  /** When it was due; of one made by hand, when it began. */
  due_at: Instant
  began_at: Instant
  /** Null: under way, or its process died. */
  ended_at: Instant | null
  /** Where it is, with its name. */
  place: string
  bytes: number | null
  /** Why there is none. */
  problem: string | null
}
