import type { ComponentStatus } from '../../domain/components/component.ts'
import type { Payload } from '../../domain/deliveries/message.ts'
import type { Told } from '../../domain/deliveries/told.ts'
import type { Locale } from '../../domain/site/site.ts'
import type { Instant } from '../../lib/clock.ts'

/**
 * What is said to one recipient, in their language and zone, before a channel lays it out. Texts are plain but for `body`,
 * which is Markdown; each channel escapes for its own form.
 */
export interface Letter {
  /** `told` of what happened on the page; the others are letters to one recipient. */
  readonly kind: Payload['kind']
  /** The same at every attempt: receivers drop repeats by it. */
  readonly key: string
  /** `incident:abc`; what has the same is one conversation. */
  readonly thread: string
  /** Of this conversation, it is the first that this recipient gets. */
  readonly isFirst: boolean
  readonly locale: Locale
  readonly dir: 'ltr' | 'rtl'
  readonly site: { readonly id: string; readonly name: string; readonly url: string }
  /** One line: subject of a mail, title of a push. */
  readonly subject: string
  /** What a list of mails shows beside the subject. */
  readonly preheader: string
  readonly heading: string
  /** Null: the heading is in the letter's own language. */
  readonly headingLang: Locale | null
  /** A word above the heading: `Incident · Identified`. */
  readonly label: string
  /** Colours it. Null: not about the state of anything. */
  readonly tone: ComponentStatus | null
  /** Critical: rings through quiet hours and do-not-disturb. */
  readonly urgency: 'low' | 'normal' | 'critical'
  /** Newest last; several where some fell within a minute. */
  readonly words: readonly LetterWord[]
  /** What is affected of what they subscribed to, and how; '': nothing happens to it yet. */
  readonly affected: readonly { readonly name: string; readonly status: ComponentStatus; readonly says: string }[]
  readonly affectedTitle: string
  /** When more will be said, or why that is not known. */
  readonly promise: string | null
  /** When it began and how long it lasted, or for when it is planned. */
  readonly facts: string | null
  /** What it is about on the page, or what is to be done. */
  readonly button: { readonly says: string; readonly url: string } | null
  /** Below: why they get this, and where it can be changed or ended. */
  readonly why: string | null
  readonly links: readonly { readonly says: string; readonly url: string }[]
  /** For the one click of RFC 8058; null in letters that are no subscription's. */
  readonly leave: { readonly url: string; readonly mailto: string | null } | null
  /** As it happened, for machines; empty in letters. Newest last. */
  readonly told: readonly Told[]
}

/** A word, when it was said, and in which language it stands here. What is no news has neither label nor time: both ''. */
export interface LetterWord {
  readonly label: string
  readonly at: Instant
  /** In the reader's zone, with its name. */
  readonly when: string
  /** Markdown. */
  readonly body: string
  /** Null: the letter's own. */
  readonly lang: Locale | null
}
