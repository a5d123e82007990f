import type { Instant } from '../../lib/clock.ts'
import type { DeclaredStatus } from '../components/component.ts'
import type { Expectations } from './expectations.ts'
import type { Outcome, Reason, Trace } from './finding.ts'
import type { ProbeKindName, ProbeSpecs } from './kinds/index.ts'
import type { Steadiness } from './verdicts/steadiness.ts'

/** What happens when a probe finds its target down. */
export const policies = ['off', 'draft', 'draft-then-publish', 'publish'] as const
export type Policy = (typeof policies)[number]

/** A check that is made regularly. */
export interface Probe<Kind extends ProbeKindName = ProbeKindName> {
  readonly id: string
  readonly componentId: string
  readonly name: string
  readonly kind: Kind
  /** Without its secrets, which stay sealed until somebody checks: see `secrets.ts`. */
  readonly spec: ProbeSpecs[Kind]
  readonly expects: Expectations
  readonly intervalSeconds: number
  readonly timeoutMs: number
  /** So many failures make it down … */
  readonly failuresNeeded: number
  /** … among so many checks; as many as are needed: in a row. */
  readonly failuresOf: number
  /** Successes in a row until it is up again. */
  readonly successesNeeded: number
  /** Seconds until a verdict that hangs in the balance is checked again; null: as is usual for the interval. */
  readonly confirmSeconds: number | null
  /** Probes without which this one cannot succeed: see `parents.ts`. */
  readonly dependsOn: readonly string[]
  /** While one of these fails: nothing is said of this one, or its system shows as affected. */
  readonly underParent: 'hold' | 'show'
  /** What a failure means for the component. */
  readonly downStatus: Exclude<DeclaredStatus, 'operational' | 'under_maintenance'>
  readonly policy: Policy
  readonly publishAfterSeconds: number
  /** The numbers of the places that check it; null: all there are. */
  readonly places: readonly number[] | null
  readonly pausedAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
}

/** One run of a probe. */
export interface Check {
  readonly probeId: string
  readonly at: Instant
  readonly outcome: Outcome
  readonly reason: Reason | null
  /** Milliseconds from start to the last byte; null where nothing was measured. */
  readonly ms: number | null
  /** A status of HTTP or gRPC, an rcode of DNS. */
  readonly code: number | null
  /** Of those that a verdict may rest on, where their kind knows it. */
  readonly trace?: Trace
  /** Made while its system was under maintenance: says nothing of how steady it is. */
  readonly maintained?: 'yes'
}

/** `paused` and maintenance stand beside it, not in it. */
export type ProbeVerdict = 'unknown' | 'up' | 'suspect' | 'down' | 'recovering'

/** What is settled, and so may be told: `slow` is up, but too late; `intermittent` fails again and again, and not for long. */
export type Settled = 'unknown' | 'up' | 'slow' | 'intermittent' | 'down'

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

/** What one place knows of a probe now. */
export interface ProbeState {
  readonly probeId: string
  /** The number of the place. */
  readonly place: number
  readonly answers: Track
  readonly speed: Track
  readonly steadiness: Steadiness
  readonly last: Check | null
  /** The last check that told us something; null: none since it began or was resumed. */
  readonly measuredAt: Instant | null
}

/** What all places together say of a probe now. */
export interface Verdict {
  readonly probeId: string
  readonly state: Settled
  /** Since when a majority says so. */
  readonly since: Instant
  /** The incident that its failures last went into. */
  readonly incidentId: string | null
  /** When the present failure was acted upon, so that it is once; null: it was not, or there is none. */
  readonly actedAt: Instant | null
}

export interface Thresholds {
  readonly failuresNeeded: number
  readonly failuresOf: number
  readonly successesNeeded: number
}
