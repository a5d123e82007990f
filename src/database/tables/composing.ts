import type { Instant } from '../../lib/clock.ts'

/** JSON as text. */
type Json = string

/** What somebody is writing and has not said yet: one row for each person and place. */
export interface ScratchRow {
  id: string
  /** The place: `incident`, `update:<incident>`, `draft:<incident>` … */
  subject: string
  account_id: string
  form: Json
  /** Goes up with each saving, so that two windows of one person notice each other. */
  version: number
  began_at: Instant
  updated_at: Instant
}

/** An update that waits for its time or for a second person; gone once it is said or cancelled. */
export interface WaitingUpdateRow {
  id: string
  incident_id: string
  account_id: string
  /** The public name of who wrote it. */
  author: string
  word: Json
  /** The newest update when it was written. */
  seen: string | null
  /** Null: waits for a person. */
  publishes_at: Instant | null
  /** Why it did not publish itself when its time came. */
  held_because: string | null
  created_at: Instant
}

/** A first word or an update that somebody else than its author has to confirm. */
export interface ConfirmationRow {
  subject: string
  account_id: string
  author: string
  asked_at: Instant
}

export interface TemplateRow {
  id: string
  use: string
  name: string
  locale: string
  title: string | null
  body: string
  translations: Json
  created_at: Instant
  updated_at: Instant
}
