import type { Instant } from '../../lib/clock.ts'
import type { DeclaredStatus } from '../components/component.ts'

/** What happens when a probe finds its target down. */
export const policies = ['off', 'draft', 'draft-then-publish', 'publish'] as const
export type Policy = (typeof policies)[number]

export const probeKinds = ['http'] as const
export type ProbeKindName = (typeof probeKinds)[number]

/** What an HTTP probe asks, and what it accepts as an answer. */
export interface HttpSpec {
  readonly url: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** `200-299,401`. */
  readonly expectedStatus: string
  readonly contains: string | null
  readonly containsNot: string | null
  /** `$.checks[0].status` and the value that must stand there, as JSON or plain text. */
  readonly jsonPath: string | null
  readonly jsonEquals: string | null
  /** Above it the answer is slow, not down. */
  readonly latencyLimitMs: number | null
  readonly followRedirects: 'yes' | 'no'
  readonly verifyTls: 'yes' | 'no'
}

/** A check that is made regularly. */
export interface Probe {
  readonly id: string
  readonly componentId: string
  readonly name: string
  readonly kind: ProbeKindName
  readonly spec: HttpSpec
  readonly intervalSeconds: number
  readonly timeoutMs: number
  /** Failures in a row until the verdict is down. */
  readonly failuresNeeded: number
  /** Successes in a row until it is up again. */
  readonly successesNeeded: number
  /** What a failure means for the component. */
  readonly downStatus: Exclude<DeclaredStatus, 'operational' | 'under_maintenance'>
  readonly policy: Policy
  readonly publishAfterSeconds: number
  readonly pausedAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** What one check found. `inconclusive` is our own fault and counts neither for nor against. */
export type Outcome = 'pass' | 'slow' | 'fail' | 'inconclusive'

/** Why, in words that catalogues know; never text of the other side. */
export type Reason =
  | 'timeout'
  | 'dns'
  | 'refused'
  | 'reset'
  | 'tls'
  | 'status'
  | 'body'
  | 'json'
  | 'latency'
  | 'redirects'
  | 'too_large'
  | 'protocol'
  | 'blocked'
  | 'overrun'
  | 'stopped'
  | 'prober'

/** One run of a probe. */
export interface Check {
  readonly probeId: string
  readonly at: Instant
  readonly outcome: Outcome
  readonly reason: Reason | null
  /** Milliseconds from start to the last byte; null where nothing was measured. */
  readonly ms: number | null
  /** The answer's HTTP status. */
  readonly code: number | null
}

/** `paused` and maintenance stand beside it, not in it. */
export type ProbeVerdict = 'unknown' | 'up' | 'suspect' | 'down' | 'recovering'

export interface ProbeState {
  readonly probeId: string
  readonly state: ProbeVerdict
  readonly since: Instant
  readonly streak: number
  readonly streakBeganAt: Instant | null
  readonly last: Check | null
}
