import type { Instant } from '../../lib/clock.ts'

/** That an authority is owed reports on an incident. */
export interface ClockRow {
  id: string
  incident_id: string
  regime: 'gdpr' | 'nis2' | 'dora' | 'custom'
  /** The next four only of a custom one: what it is called, and how long after what. */
  name: string | null
  amount: number | null
  unit: 'hours' | 'days' | 'months' | null
  runs_from: 'aware' | 'classified' | null
  created_at: Instant
  /** When nothing more was owed; null while something is. */
  ended_at: Instant | null
}

/** One thing that somebody entered about a clock. Never changed, never deleted: a later one takes back an earlier. */
export interface ClockEntryRow {
  id: string
  clock_id: string
  /** From 1: two may be entered in one moment. */
  place: number
  at: Instant
  /** Who entered it, by name. */
  author: string
  kind: 'aware' | 'classified' | 'done' | 'undone' | 'let-go' | 'taken-up'
  /** Of `done` and `undone`: which report. */
  report: string | null
  /** When it was so; null where it is taken back. */
  happened_at: Instant | null
  note: string | null
}
