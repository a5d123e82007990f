import type { Instant } from '../../lib/clock.ts'

/** Where checks are made from. Number 0 is this machine; numbers are never given twice. */
export interface PlaceRow {
  number: number
  name: string
  /** What its requests are signed with, sealed. Null: this machine signs nothing. */
  sealed_key: string | null
  /** Of the Candor that runs there. */
  version: string | null
  heard_at: Instant | null
  /** How far its clock was ahead of ours when last heard. */
  clock_ms: number | null
  /** How many processes have spoken for it; and the last batch of the present one that was taken. */
  session: number
  last_batch: number
  created_at: Instant
  /** Since when it is told the secrets of what it checks; null: it is not. */
  trusted_at: Instant | null
  revoked_at: Instant | null
}
