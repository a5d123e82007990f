import type { Instant } from '../../lib/clock.ts'

/** What programs keep with an incident or a maintenance, for themselves: readers never see it. */
export interface MetadataRow {
  subject_id: string
  /** JSON. */
  data: string
  updated_at: Instant
}
