import type { Instant } from '../../lib/clock.ts'

/** What was promised to readers, by when, and what became of it. */
export interface PromiseRow {
  id: string
  incident_id: string
  kind: 'update' | 'review' | 'final-review'
  /** The update that made it; null: it follows from the site's terms. */
  made_by: string | null
  made_at: Instant
  due_at: Instant
  /** When operators were reminded of it. */
  reminded_at: Instant | null
  /** Written once. */
  outcome: 'kept' | 'missed' | 'let-go' | null
  /** When it was kept or let go; of a missed one, the instant at which it was due. */
  decided_at: Instant | null
  /** The update or review that was promised; null where the clock decided and nothing has come yet. */
  decided_by: string | null
  /** When what was promised came, in time or late. */
  came_at: Instant | null
}
