import type { Instant } from '../../lib/clock.ts'
import type { DayName } from '../../lib/days.ts'
import type { Locale, Translations } from '../site/site.ts'

/**
 * The heads of every review, in the reader's words and in this order: what you saw, what happened, why, why it took as
 * long as it did, whether data was lost or exposed, what was done, what will be done.
 */
export const heads = ['saw', 'happened', 'why', 'duration', 'data', 'done', 'next'] as const
export type Head = (typeof heads)[number]

/** What stands under a head, as Markdown, and since when it stands there. */
export interface HeadText {
  readonly text: string
  readonly at: Instant
}

/** A translation of it; `of` is the `at` of the words that it translates: where the two differ, it lags. */
interface HeadTranslation {
  readonly text: string
  readonly of: Instant
}

export type HeadTexts = Partial<Record<Head, HeadText>>
export type HeadTranslations = Partial<Record<Locale, Partial<Record<Head, HeadTranslation>>>>

/** What was learned from an incident, as readers know it. */
export interface Review {
  readonly id: string
  readonly incidentId: string
  readonly locale: Locale
  readonly heads: HeadTexts
  readonly translations: HeadTranslations
  /** The public name of who signs it. */
  readonly author: string | null
  /** When it was published as what is known so far; null where the first one was final. */
  readonly preliminaryAt: Instant | null
  /** When it was published as the last word. */
  readonly finalAt: Instant | null
  readonly correctedAt: Instant | null
  readonly updatedAt: Instant
  /** The one that is due first in front. */
  readonly actions: readonly Action[]
}

export type ActionState = 'open' | 'done' | 'dropped'

/** Something that will be done because of an incident, by a day: a promise like others. */
export interface Action {
  readonly id: string
  readonly incidentId: string
  readonly title: string
  readonly locale: Locale
  readonly translations: Translations<'title' | 'word'>
  /** The public name of who sees to it. */
  readonly owner: string | null
  readonly dueOn: DayName
  /** What was promised first: moving a day does not make the old one unsaid. */
  readonly firstDueOn: DayName
  readonly state: ActionState
  /** What was done, or why it will not be. */
  readonly word: string | null
  readonly settledAt: Instant | null
  readonly overdueAt: Instant | null
  readonly updatedAt: Instant
}

/** What is written and not published, of a first review or of a correction. */
export interface ReviewDraft {
  readonly heads: Partial<Record<Head, string>>
  readonly translations: Translations<Head>
  readonly author: string | null
  readonly actions: readonly DraftedAction[]
}

export interface DraftedAction {
  readonly title: string
  /** Null: not decided yet, and to be decided before it is published. */
  readonly dueOn: DayName | null
  readonly owner: string | null
}

/** Its whole day has passed, in the site's zone. */
export function isOverdue({ state, dueOn }: Pick<Action, 'state' | 'dueOn'>, today: DayName): boolean {
  return state === 'open' && dueOn < today
}
