import type { Difference } from '../../../domain/changes/difference.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { Sought } from './sought.ts'
import type { Choice } from '../choices.ts'

/** What the page of the log is given. */
export interface LogPage {
  readonly entries: readonly LogEntry[]
  readonly older: number | null
  /** What is older was not looked at to its end. */
  readonly isCut: boolean
  readonly isFirst: boolean
  readonly sought: Sought
  readonly isSifted: boolean
  /** What is looked for, as it stands in an address. */
  readonly query: string
  readonly actors: readonly Choice[]
  readonly nouns: readonly Choice[]
}

export interface LogEntry {
  readonly seq: number
  readonly at: Instant
  readonly actor: string
  readonly who: string
  readonly what: string
  readonly means: string
  readonly subject: string
  readonly changes: readonly Difference[]
  /** Null: not known any more, or not to who looks. */
  readonly address: string | null
}
