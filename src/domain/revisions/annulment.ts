import type { Instant } from '../../lib/clock.ts'
import type { Reason } from './revision.ts'

/** A time that our checks held for an outage, and that was none: it no longer counts, and stays to be read. */
export interface Annulment extends Reason {
  readonly id: string
  /** Null: of the whole incident. */
  readonly componentId: string | null
  readonly from: Instant
  readonly until: Instant
  readonly at: Instant
  /** The public name of who annulled it. */
  readonly author: string | null
}

/** From when to when; null: until no end. */
export type Stretch = readonly [from: Instant, until: Instant | null]

/** What is left of an interval without a stretch of it, in order: nothing, one piece or two. */
export function without([from, until]: Stretch, [goneFrom, goneUntil]: Stretch): Stretch[] {
  const before: Stretch = [from, until === null || goneFrom < until ? goneFrom : until]
  const after: Stretch | null = goneUntil === null ? null : [goneUntil > from ? goneUntil : from, until]
  return [before, ...(after ? [after] : [])].filter(([begins, ends]) => ends === null || begins < ends)
}
