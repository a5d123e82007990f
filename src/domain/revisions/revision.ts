import type { Instant } from '../../lib/clock.ts'

export type Revised = 'update' | 'incident' | 'impact' | 'review' | 'maintenance' | 'notice'

/** What a thing was before a correction and since: only the fields that changed, by their names in the domain. */
export type Facts = Readonly<Record<string, unknown>>

/** One correction of something that was public. */
export interface Revision {
  readonly id: string
  readonly of: Revised
  readonly subject: string
  /** The incident, maintenance or notice on whose page it is read. */
  readonly owner: string
  readonly at: Instant
  /** The public name of who corrected it. */
  readonly author: string | null
  /** Null: a typing error. */
  readonly reason: string | null
  /** Null: there was nothing before. */
  readonly before: Facts | null
  /** Null: it was taken back. */
  readonly after: Facts | null
  /** Whether readers are told. */
  readonly shown: 'yes' | 'no'
}
