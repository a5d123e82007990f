import type { Instant } from '../../lib/clock.ts'

/** JSON as text. */
type Json = string

export interface ProbeRow {
  id: string
  component_id: string
  name: string
  kind: string
  spec: Json
  expects: Json
  interval_seconds: number
  timeout_ms: number
  failures_needed: number
  successes_needed: number
  /** What a failure means for the component. */
  down_status: string
  policy: string
  publish_after_seconds: number
  /** Numbers of the places that check it; null: all. */
  places: Json | null
  paused_at: Instant | null
  removed_at: Instant | null
  created_at: Instant
  updated_at: Instant
}

/** Headers, passwords and keys of a probe, sealed. */
export interface ProbeSecretRow {
  probe_id: string
  sealed: string
}

/** What one place knows of a probe now: rewritten by the flush, never read by a page's request. */
export interface ProbeStateRow {
  probe_id: string
  /** The number of the place; 0: this machine. */
  place: number
  /** What is settled: `unknown`, `up`, `slow` or `down`. */
  state: string
  /** Back-dated to the first check that found it so. */
  since: Instant
  /** How far each of the two questions is settled, and the checks that still count. */
  answers: Json
  speed: Json
  /** The last check that told us something. */
  measured_at: Instant | null
  last_at: Instant | null
  last_outcome: string | null
  last_reason: string | null
  last_ms: number | null
  last_code: number | null
}

/** What all places together say of a probe. */
export interface ProbeVerdictRow {
  probe_id: string
  /** `unknown`, `up`, `slow` or `down`. */
  state: string
  since: Instant
  /** The incident that its failures last went into. */
  incident_id: string | null
  /** When the present failure was acted upon. */
  acted_at: Instant | null
}

/** One run of a probe, for two hours. Integer seconds: the one table with rows by the million. */
export interface CheckRow {
  t: number
  probe_id: string
  place: number
  outcome: number
  ms: number
  code: number
}

export interface CheckRollUpRow {
  probe_id: string
  checks: number
  failed: number
  slow: number
  inconclusive: number
  ms_sum: number
  ms_max: number
  /** Twelve logarithmic buckets of latency, each a little-endian uint32. */
  histogram: Uint8Array
}
