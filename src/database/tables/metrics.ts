import type { Instant } from '../../lib/clock.ts'

/** A figure that somebody else measures and sends in. */
export interface MetricRow {
  id: string
  number: number
  name: string
  /** JSON as text. */
  translations: string
  suffix: string
  decimals: number
  /** Null: it is the site's. */
  component_id: string | null
  shown: 'yes' | 'no'
  created_at: Instant
  updated_at: Instant
  removed_at: Instant | null
}

/** The values of five minutes, a second and a number each; counted from 1970. */
export interface MetricSlotRow {
  metric: number
  slot: number
  packed: Uint8Array
}

/** What the values of an hour, or of a day, amount to; counted from 1970. */
export interface MetricSumRow {
  metric: number
  count: number
  sum: number
  low: number
  high: number
}
