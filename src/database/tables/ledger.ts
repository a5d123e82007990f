import type { Instant } from '../../lib/clock.ts'

/** One line of the chain of what was disclosed. Rows are only ever added. */
export interface LedgerRow {
  /** From 1, without a gap. */
  seq: number
  /** Never before that of the entry before, whatever the clock did. */
  at: Instant
  kind: string
  subject: string
  /** What was published, as canonical JSON. */
  entry: string
  /** SHA-256, in hexadecimal, of the whole line without its hash; the line names the hash before. */
  hash: string
  /** How many bytes all lines have up to and with this one: where the next one begins. */
  ends: number
}
