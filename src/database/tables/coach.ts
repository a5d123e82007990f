import type { Instant } from '../../lib/clock.ts'

/** A word that this site's customers do not use. */
export interface JargonRow {
  id: string
  word: string
  /** What to say to them. Null: nothing in particular. */
  instead: string | null
  /** Null: in texts of every language. */
  locale: string | null
  created_at: Instant
}
