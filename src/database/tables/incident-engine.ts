import type { Generated } from 'kysely'
import type { Instant } from '../../lib/clock.ts'

/** JSON as text. */
type Json = string

/** What the engine knows of an incident beside what is said. */
export interface EngineColumns {
  /** When its failure came back, newest last: a few instants. */
  came_back: Generated<Json>
  /** Since when it is said that it comes and goes. */
  intermittent_at: Generated<Instant | null>
  /** When the whole of it was found to be a false alarm. */
  annulled_at: Generated<Instant | null>
}

/** A time that was said to be an outage and was none. Never changed, never deleted. */
export interface AnnulmentRow {
  id: string
  incident_id: string
  /** Null: the whole incident. */
  component_id: string | null
  from_at: Instant
  until_at: Instant
  at: Instant
  /** The public name of who annulled it. */
  author: string | null
  reason: string
  /** Of the reason. */
  translations: Generated<Json>
}

/** What was measured around an incident, kept when the checks themselves are forgotten. */
export interface IncidentEvidenceRow {
  incident_id: string
  probe_id: string
  moment: 'begin' | 'recovery'
  taken_at: Instant
  /** Bounded: see `domain/probes/engine/kept-evidence.ts`. */
  evidence: Json
}

/** A probe whose failures open nothing for a while. */
export interface ProbeMuteRow {
  probe_id: string
  muted_at: Instant
  /** Null: until somebody changes the probe. */
  until_at: Instant | null
  author: string
}
