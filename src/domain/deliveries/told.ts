import type { Instant } from '../../lib/clock.ts'
import type { Event } from '../changes/events.ts'
import type { ComponentStatus } from '../components/component.ts'
import type { Severity, UpdateText } from '../incidents/incident.ts'
import type { Locale, Translations } from '../site/site.ts'
import type { SubscribedKind } from '../subscribers/subscriber.ts'

/**
 * What a message tells, as it was public when it happened: kept in the message, so that what is sent late is what was said
 * then. All of it stands on the page as well.
 */
export interface Told {
  /** What happened, by its name in the log: `incident.updated`, `update.corrected`. */
  readonly event: Event['type']
  readonly kind: SubscribedKind
  /** Whether something begins with it, goes on, or ends. Of a correction, as of the word: whoever heard that hears this. */
  readonly moment: 'begins' | 'goes on' | 'ends'
  /** The incident, maintenance or notice; of a review, its incident. */
  readonly subject: ToldSubject
  /** What was said; null where only facts changed. Of a word that was withdrawn: why it was, and when. */
  readonly word: ToldWord | null
  /** How it was worded before, where it was corrected. */
  readonly wordBefore: ToldWord | null
  /** Everything that it affects or affected. */
  readonly components: readonly ToldComponent[]
  /** What it was to affect until now: whoever follows one of these believes that it will, and hears this one word more. */
  readonly former?: readonly ToldComponent[]
}

/** What belongs to one conversation. */
export function threadOf({ noun, id }: Pick<ToldSubject, 'noun' | 'id'>): string {
  return `${noun}:${id}`
}

export interface ToldSubject {
  readonly noun: 'incident' | 'maintenance' | 'notice'
  readonly id: string
  readonly name: string
  readonly locale: Locale
  readonly translations: Translations<'name'>
  /** `none` of a notice. */
  readonly severity: Severity
  readonly stage: string
  readonly beganAt: Instant
  readonly overAt: Instant | null
  /** Of a maintenance. */
  readonly planned: { readonly from: Instant; readonly until: Instant } | null
}

export interface ToldWord {
  readonly id: string
  readonly stage: string
  /** Markdown. */
  readonly body: string
  readonly locale: Locale
  readonly translations: Translations<UpdateText>
  readonly at: Instant
  readonly nextUpdateBy: Instant | null
  readonly noPromiseReason: string | null
}

export interface ToldComponent {
  readonly id: string
  readonly groupId: string | null
  readonly name: string
  readonly translations: Translations<'name'>
  /** Null: did not change with this word. */
  readonly from: ComponentStatus | null
  readonly to: ComponentStatus
}
