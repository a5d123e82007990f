import { type Instant, secondsBetween } from '../../lib/clock.ts'
import type { Impact } from '../components/component.ts'
import type { Locale, Translations } from '../site/site.ts'

export type Revised = 'update' | 'incident' | 'impact' | 'review' | 'maintenance' | 'notice'

/** What a thing was before a correction and since: only the fields that changed, by their names in the domain. */
export type Facts = Readonly<Record<string, unknown>>

/** Why something public is corrected, as readers are told, with the other languages in which it is said. */
export interface Reason {
  readonly reason: string
  readonly translations: Translations<'reason'>
}

/** One correction of something that was public. */
export interface Revision {
  readonly id: string
  readonly of: Revised
  readonly subject: string
  /** The incident, maintenance or notice on whose page it is read. */
  readonly owner: string
  readonly at: Instant
  /** The public name of who corrected it. */
  readonly author: string | null
  /** Null: a typing error. */
  readonly reason: string | null
  /** Of the reason. */
  readonly translations: Translations<'reason'>
  /** Null: there was nothing before. */
  readonly before: Facts | null
  /** Null: it was taken back. */
  readonly after: Facts | null
  /** Whether readers are told. */
  readonly shown: 'yes' | 'no'
  /** The annulment of a false alarm that it is part of; null: it corrects something else. */
  readonly annulment: string | null
}

/** What readers are shown of a word that was taken back. The text itself stays in the record, not on the page. */
export interface Withdrawn extends Reason {
  readonly id: string
  readonly stage: string
  readonly author: string | null
  /** In which the reason is written. */
  readonly locale: Locale
  readonly displayedAt: Instant
  readonly withdrawnAt: Instant
}

/** Of the revision of an update: the text in a language; null: there was none. Undefined: this one was not touched. */
export function textIn(facts: Facts | null, locale: string): string | null | undefined {
  const texts = facts?.['texts'] as Readonly<Record<string, string | null>> | undefined
  return texts?.[locale]
}

/** So long after something was said, in seconds, its typing errors are corrected without a word. No mail leaves before. */
export const freshSeconds = 120

/** Whether hardly anybody has read it. */
export function isFresh(saidAt: Instant | null, now: Instant): boolean {
  return saidAt !== null && secondsBetween(saidAt, now) < freshSeconds
}

/** How the text of an update in a language was corrected, oldest correction first. */
export function correctionsIn(
  { revisions }: { readonly revisions: readonly Revision[] },
  update: string,
  locale: string,
): Revision[] {
  return revisions.filter(
    ({ subject, before, after }) =>
      subject === update && typeof textIn(before, locale) === 'string' && typeof textIn(after, locale) === 'string',
  )
}

/** What a component suffered from when to when, as the revision of an impact keeps it. */
export type Interval = Pick<Impact, 'status' | 'beganAt' | 'endedAt'> & { readonly component: string }

export function intervalsIn({ before, after }: Revision): {
  readonly was: Interval | null
  readonly is: Interval | null
} {
  return { was: before as unknown as Interval | null, is: after as unknown as Interval | null }
}
