import type { Instant } from '../../lib/clock.ts'

/** The answer to a request that may be sent again, by the key that its token gave it. */
export interface RequestOnceRow {
  token_id: string
  key_hash: string
  request_hash: string
  /** JSON. */
  answer: string
  at: Instant
}
