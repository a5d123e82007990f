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
  | 'unreachable'
  | 'tls'
  | 'status'
  | 'body'
  | 'json'
  | 'latency'
  | 'redirects'
  | 'too_large'
  | 'protocol'
  | 'blocked'
  | 'resolver'
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

/** What "Test now" shows beside the check itself; never a byte of what was answered. */
export interface CheckDetail extends Omit<Check, 'probeId' | 'at'> {
  readonly phases: Phases | null
  readonly certificate: Certificate | null
  readonly redirects: number
}

/** Milliseconds of each phase of the last hop; `tls` is null on plain HTTP. */
export interface Phases {
  readonly dns: number
  readonly connect: number
  readonly tls: number | null
  readonly firstByte: number
  readonly body: number
}

export interface Certificate {
  readonly subject: string
  readonly issuer: string
  readonly validUntil: string
  /** Why it is not trusted; null: it is. */
  readonly fault: string | null
}

/** `paused` and maintenance stand beside it, not in it. */
export type ProbeVerdict = 'unknown' | 'up' | 'suspect' | 'down' | 'recovering'

/** What is settled, and so may be told: `slow` is up, but too late. */
export type Settled = 'unknown' | 'up' | 'slow' | 'down'

/** One question, settled by enough answers in a row: is it down? is it slow? */
export interface Track {
  readonly state: ProbeVerdict
  /** Since when, back-dated to the first sample that says so. */
  readonly since: Instant
  /** The samples that still count, oldest first. */
  readonly recent: readonly Sample[]
}

export interface Sample {
  readonly at: Instant
  readonly is: 'good' | 'bad'
}

/** What is known of a probe now. */
export interface ProbeState {
  readonly probeId: string
  readonly answers: Track
  readonly speed: Track
  readonly last: Check | null
  /** The last check that told us something; null: none since it began or was resumed. */
  readonly measuredAt: Instant | null
  /** The incident that its failures last went into. */
  readonly incidentId: string | null
  /** When the present failure was acted upon, so that it is once; null: it was not, or there is none. */
  readonly actedAt: Instant | null
}

export interface Thresholds {
  readonly failuresNeeded: number
  readonly successesNeeded: number
}

/** Seconds until a verdict that hangs in the balance is checked again. */
export function confirmSeconds(intervalSeconds: number): number {
  return Math.min(intervalSeconds / 2, 15)
}

/**
 * The longest that a failure can go unnoticed: it begins right after a check, and each of the checks that confirm it runs
 * into its time limit. Printed beside the form.
 */
export function slowestDetectionSeconds(
  probe: Pick<Probe, 'intervalSeconds' | 'timeoutMs' | 'failuresNeeded'>,
): number {
  const timeout = probe.timeoutMs / 1000
  const between = Math.max(confirmSeconds(probe.intervalSeconds), timeout)
  return Math.ceil(probe.intervalSeconds + (probe.failuresNeeded - 1) * between + timeout)
}
