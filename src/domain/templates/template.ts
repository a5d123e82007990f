import type { Instant } from '../../lib/clock.ts'
import type { Locale, Translations } from '../site/site.ts'

/** For what: a first word, a later one, or planned work. */
export const templateUses = ['incident', 'update', 'maintenance'] as const
export type TemplateUse = (typeof templateUses)[number]

/** Words that were thought about on a calm day, with places for what is only known on the other days. No logic. */
export interface Template {
  readonly id: string
  readonly use: TemplateUse
  /** Of the template itself: operators choose by it. */
  readonly name: string
  readonly locale: Locale
  /** Of what is said; null: it is made as without a template. */
  readonly title: string | null
  readonly body: string
  readonly translations: Translations<'title' | 'body'>
  readonly createdAt: Instant
  readonly updatedAt: Instant
}
