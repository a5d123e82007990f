import type { Instant } from '../../lib/clock.ts'

export type PromiseKind = 'update' | 'review' | 'final-review'
export type PromiseOutcome = 'kept' | 'missed' | 'let-go'

/** What readers were promised, by when, and what became of it. An outcome is decided once, and stays. */
export interface MadePromise {
  readonly id: string
  readonly incidentId: string
  readonly kind: PromiseKind
  /** The update that made it; null: it follows from the site's terms. */
  readonly madeBy: string | null
  readonly madeAt: Instant
  readonly dueAt: Instant
  /** Null: not due yet, and not kept yet. */
  readonly outcome: PromiseOutcome | null
  /** When it was kept or let go; of a missed one, the instant at which it was due. */
  readonly decidedAt: Instant | null
  /** The update or review that was promised; null while it has not come. */
  readonly decidedBy: string | null
  /** When what was promised came, in time or late. */
  readonly cameAt: Instant | null
}
