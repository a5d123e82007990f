import type { Instant } from '../../lib/clock.ts'
import type { Revision } from '../revisions/revision.ts'
import type { Locale, Translations } from '../site/site.ts'

/** A message tied to neither an incident nor a maintenance. */
export interface Notice {
  readonly id: string
  readonly name: string
  readonly body: string
  readonly locale: Locale
  readonly translations: Translations<'name' | 'body'>
  readonly shownFrom: Instant
  readonly shownUntil: Instant | null
  /** Since when it stands above everything else; null: it does not. */
  readonly pinnedAt: Instant | null
  /** When its words were last changed while readers saw it. */
  readonly changedAt: Instant | null
  readonly createdAt: Instant
  readonly updatedAt: Instant
  /** What its words were before, oldest first. */
  readonly revisions: readonly Revision[]
}
