import type { Instant } from '../../lib/clock.ts'

/** What was learned from an incident: one for each. Its published words, and beside them those that are not published yet. */
export interface ReviewRow {
  id: string
  incident_id: string
  locale: string
  /** JSON: `{ "saw": { "text", "at" } }`; empty until it is published. */
  heads: string
  /** JSON: `{ "fr": { "saw": { "text", "of" } } }`; `of` is the `at` of the words that it translates. */
  translations: string
  author: string | null
  preliminary_at: Instant | null
  final_at: Instant | null
  corrected_at: Instant | null
  /** JSON of what is not published: heads, translations, author and actions. */
  draft: string | null
  drafted_at: Instant | null
  /** The public name of who wrote the draft last. */
  drafted_by: string | null
  created_at: Instant
  updated_at: Instant
}

/** Something that will be done because of an incident, as readers were told. */
export interface ActionRow {
  id: string
  incident_id: string
  title: string
  locale: string
  translations: string
  owner: string | null
  /** A day in the site's zone. */
  due_on: string
  /** What was promised first, however often it was moved since. */
  first_due_on: string
  state: 'open' | 'done' | 'dropped'
  /** What was done, or why it will not be. */
  word: string | null
  settled_at: Instant | null
  /** When the clock saw that its day had passed. */
  overdue_at: Instant | null
  created_at: Instant
  updated_at: Instant
}
