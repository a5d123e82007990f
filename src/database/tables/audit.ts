import type { Generated } from 'kysely'
import type { Instant } from '../../lib/clock.ts'

/** Only ever added to: the database itself refuses anything else. */
export interface EventRow {
  /** Written by the database; with one change at a time it is the true order of what happened. */
  seq: Generated<number>
  at: Instant
  /** JSON. */
  actor: string
  /** Of the operator, the token, the probe; otherwise the kind of actor. Each actor has one, and every event. */
  actor_id: Generated<string>
  type: string
  /** What `type` begins with: `incident` of `incident.opened`. */
  noun: Generated<string>
  subject: string
  /** JSON. */
  data: string
  /** JSON: the fields that were changed, as they were and as they are. Null: nothing that has fields. */
  changes: Generated<string | null>
}

/** From where something was done, apart from the event, because it is forgotten before it. */
export interface EventAddressRow {
  seq: number
  at: Instant
  address: string
}
