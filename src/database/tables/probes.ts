import type { Generated } from 'kysely'
import type { Instant } from '../../lib/clock.ts'

/** JSON as text. */
type Json = string

export interface ProbeRow {
  id: string
  /** What stands for it where rows come by the million. Never given twice. */
  number: number
  component_id: string
  name: string
  kind: string
  spec: Json
  expects: Json
  interval_seconds: number
  timeout_ms: number
  failures_needed: number
  /** Among so many checks. */
  failures_of: Generated<number>
  successes_needed: number
  confirm_seconds: Generated<number | null>
  /** Ids of probes. */
  depends_on: Generated<Json>
  under_parent: Generated<string>
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

/** One secret of a probe: a password, a key, the value of a header. */
export interface ProbeSecretRow {
  probe_id: string
  /** The field, and within it the name: `bearer`, `headers.authorization`. */
  name: string
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
  steadiness: Json
  /** The last check that told us something. */
  measured_at: Instant | null
  last_at: Instant | null
  last_outcome: string | null
  last_reason: string | null
  last_ms: number | null
  last_code: number | null
  /** Where its time went and whose certificate it met; null where no verdict may rest on it. */
  last_trace: Json | null
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

/** One run of a probe, until its hour is packed. Whole seconds, and numbers for probes: the one table with rows by the million. */
export interface CheckRow {
  t: number
  /** The number of the probe, and of the place: 0 is this machine. */
  probe: number
  place: number
  outcome: number
  ms: number
  code: number
}

/** All checks of an hour, as `domain/probes/checks/packed.ts` packs them. */
export interface CheckSampleRow {
  hour: number
  probe: number
  place: number
  packed: Uint8Array
}

/**
 * What checks amount to, as `domain/probes/checks/roll-ups.ts` packs it: in `check_hours` by the hour, in `check_days` by the day,
 * so many of them in a row.
 */
export interface CheckRollUpRow {
  span: number
  probe: number
  place: number
  packed: Uint8Array
}
