import type { Instant } from '../../lib/clock.ts'

/** What an operator says to a disagreement between what was declared and what was measured. Never rewritten. */
export interface ExplanationRow {
  id: string
  component_id: string
  body: string
  locale: string
  /** JSON as text. */
  translations: string
  author: string | null
  said_at: Instant
}
