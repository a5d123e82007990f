import type { Assertion } from './assertions/assertion.ts'

/** What a probe of whatever kind expects of an answer, beyond that there is one. */
export interface Expectations {
  /** Above it the answer is slow, not down. */
  readonly latencyLimitMs: number | null
  /** All of them must hold. */
  readonly assertions: readonly Assertion[]
}
