import type { Instant } from '../../lib/clock.ts'
import type { Severity } from '../incidents/incident.ts'
import type { Locale } from '../site/site.ts'
import type { ChannelKind, Target } from './channel.ts'

/** What one can hear of. */
export const subscribedKinds = ['incident', 'maintenance', 'review', 'notice'] as const
export type SubscribedKind = (typeof subscribedKinds)[number]

export const extents = ['every', 'ends'] as const
/** Every word, or only when it begins and when it is over. */
export type Extent = (typeof extents)[number]

/** What somebody wants to be told of. */
export interface Scope {
  /** `yes`: whatever there is and will be; the lists are then empty. */
  readonly everything: 'yes' | 'no'
  readonly components: readonly string[]
  /** With what comes into them later; instances are groups. */
  readonly groups: readonly string[]
  /** Each until it ends. */
  readonly incidents: readonly string[]
}

/** A time of day in which only what is critical comes through, `22:00` to `07:00`. */
export interface QuietHours {
  readonly from: string
  readonly until: string
}

/** What somebody chose. */
export interface Wishes {
  readonly scope: Scope
  readonly kinds: readonly SubscribedKind[]
  readonly severityFrom: Exclude<Severity, 'maintenance'>
  readonly extent: Extent
  readonly quiet: QuietHours | null
  readonly locale: Locale
  /** IANA name of the zone in which they read times. */
  readonly zone: string
}

export const subscriberSources = ['form', 'api', 'import', 'operator'] as const
export type SubscriberSource = (typeof subscriberSources)[number]

/** Why nothing is sent any more, although nobody left. */
export type DisabledBecause = 'bounced' | 'complained' | 'gone' | 'refused'

/** Somebody who is told. */
export interface Subscriber extends Wishes {
  readonly id: string
  readonly channel: ChannelKind
  /** Opened: for whoever may see it, and for sending. */
  readonly target: Target
  readonly source: SubscriberSource
  readonly createdAt: Instant
  /** When they said yes; of an imported one, as the list said. */
  readonly consentedAt: Instant | null
  /** Null: has not answered the first letter; is told nothing else, and forgotten after a day. */
  readonly confirmedAt: Instant | null
  readonly pausedAt: Instant | null
  readonly disabledAt: Instant | null
  readonly disabledBecause: DisabledBecause | null
}

/** Whether letters about the subscription itself go there: to change it, say. */
export function isWrittenTo({ confirmedAt, disabledAt }: Pick<Subscriber, 'confirmedAt' | 'disabledAt'>): boolean {
  return confirmedAt !== null && disabledAt === null
}
