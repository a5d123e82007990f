import type { Instant } from '../../lib/clock.ts'
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
  readonly createdAt: Instant
  readonly updatedAt: Instant
}
