import type { Instant } from '../../../lib/clock.ts'
import type { Outcome, Reason } from '../finding.ts'
import type { HeartbeatSpec } from '../kinds/heartbeat.ts'

/** What something says when it calls. An exit code says whether it went well: 0, and only that, is well. */
export type Signal =
  { readonly says: 'success' | 'start' | 'fail' | 'log' } | { readonly says: 'exit'; readonly code: number }

/** Reads the last part of an address, or answers null; nothing behind the token is a success. */
export function readSignal(word: string): Signal | null {
  if (word === '' || word === 'success') return { says: 'success' }
  if (word === 'start' || word === 'fail' || word === 'log') return { says: word }
  const code = /^\d{1,3}$/.test(word) ? Number(word) : Number.NaN
  return code <= 255 ? { says: 'exit', code } : null
}

/** What is known of one, with what its probe expects. */
export interface Heartbeat {
  readonly probeId: string
  readonly name: string
  readonly spec: HeartbeatSpec
  readonly pausedAt: Instant | null
  /** Whether it has an address that it can call. */
  readonly hasAddress: 'yes' | 'no'
  readonly nextDeadline: Instant | null
  readonly pingedAt: Instant | null
  readonly startedAt: Instant | null
  readonly tookMs: number | null
  readonly log: string | null
  readonly loggedAt: Instant | null
  readonly untaken: readonly Sign[]
}

/** One thing that was heard, or was not: a check that nobody made. */
export interface Sign {
  readonly at: Instant
  readonly outcome: Outcome
  readonly reason: Reason | null
  /** The exit code, where it is not 0. */
  readonly code: number | null
}

/** Characters that are kept of what something writes along. */
export const longestLog = 10_000
