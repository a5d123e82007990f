import type { Instant } from '../../lib/clock.ts'
import type { Translations } from '../site/site.ts'

/** A figure that somebody else measures and sends in. */
export interface Metric {
  readonly id: string
  /** What stands for it where its values are kept. */
  readonly number: number
  readonly name: string
  readonly translations: Translations<'name'>
  /** What stands behind each value: `ms`, `%`, `orders a minute`. */
  readonly suffix: string
  readonly decimals: number
  /** Null: it is the site's. */
  readonly componentId: string | null
  /** Whether readers see it. */
  readonly shown: 'yes' | 'no'
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** One value, at a second. */
export interface Point {
  /** Since 1970. */
  readonly second: number
  readonly value: number
}

/** What values amount to. */
export interface Amount {
  readonly count: number
  readonly sum: number
  readonly low: number
  readonly high: number
}

export function amountOf(values: readonly number[]): Amount | null {
  if (values.length === 0) return null
  const sum = values.reduce((a, b) => a + b, 0)
  return { count: values.length, sum, low: Math.min(...values), high: Math.max(...values) }
}

export function together(amounts: readonly Amount[]): Amount | null {
  const [first, ...rest] = amounts
  if (!first) return null
  return rest.reduce(
    (a, b) => ({
      count: a.count + b.count,
      sum: a.sum + b.sum,
      low: Math.min(a.low, b.low),
      high: Math.max(a.high, b.high),
    }),
    first,
  )
}
