import type { Delivery, DeliveryCounts, DeliveryState } from '../../../domain/deliveries/log.ts'
import type { FailureReason } from '../../../domain/deliveries/message.ts'
import type { SaidMessage } from '../../../domain/deliveries/said.ts'
import type { MailCheck } from '../../../domain/deliveries/mail-check.ts'
import type { SubscriberState } from '../../../domain/subscribers/queries.ts'
import type { ListReport } from '../../../domain/subscribers/importing.ts'
import type { ChannelKind } from '../../../domain/subscribers/channel.ts'
import type { Instant } from '../../../lib/clock.ts'
import type { FormState } from '../../shared/forms.ts'
import type { Choice } from '../choices.ts'

/** A form that says something. */
export interface Whom {
  /** Who will hear of it, in a sentence; null: nothing can be said of it yet. */
  readonly whom: string | null
}

/** A message that nobody has got yet: it can be taken back. */
export interface Held {
  readonly number: number
  readonly name: string
  readonly path: string
  readonly dueAt: Instant
  /** `312 subscribers` */
  readonly whom: string
}

/** What the page of an incident or a maintenance says of those who were told. */
export interface Telling {
  readonly held: readonly Held[]
  /** By the id of the word that they brought. */
  readonly messages: ReadonlyMap<string, readonly SaidMessage[]>
}

/** A page on which words were said. */
export interface WithTelling {
  readonly telling: Telling
}

/** What the pages about subscribers are given. */
export interface SubscriberViews {
  'admin/deliveries/one': DeliveriesPage
  'admin/whom': Whom
  'admin/subscribers/list': SubscribersPage
  'admin/subscribers/one': SubscriberPage
  'admin/subscribers/found': FoundPage
  'admin/subscribers/bring': BringPage
  'admin/channels': ChannelsPage
}

/** Who got a message, and who did not. */
export interface DeliveriesPage {
  readonly message: SaidMessage
  /** What it brought: `The update of 14:30`. */
  readonly what: string
  readonly path: string
  readonly counts: DeliveryCounts
  /** Some wait because it did not get through at first. */
  readonly isHeldUp: boolean
  readonly states: readonly { readonly state: DeliveryState; readonly label: string }[]
  readonly shown: DeliveryState | null
  /** Of those that failed: for which reason those are that are shown, and how many there are for each. */
  readonly reason: FailureReason | null
  readonly why: readonly { readonly reason: FailureReason; readonly count: number; readonly words: string }[]
  readonly deliveries: readonly DeliveryLine[]
  /** Where the list goes on; null: nowhere. */
  readonly next: string | null
}

export interface DeliveryLine {
  readonly delivery: Delivery
  /** Whom: their address for whoever may know it, else by what way. */
  readonly whom: string
  readonly href: string | null
  readonly words: string
}

interface SubscribersPage {
  readonly total: number
  readonly byChannel: readonly {
    readonly channel: ChannelKind
    readonly label: string
    /** Its settings are there. */
    readonly works: boolean
    /** In the order of `states`. */
    readonly counts: readonly number[]
  }[]
  readonly states: readonly Choice[]
  /** Those that somebody uses. */
  readonly channels: readonly Choice[]
  /** Those by whose addresses somebody can be looked for. */
  readonly finds: readonly Choice[]
  readonly sought: { readonly channel: string | null; readonly state: string | null }
  readonly hasMail: boolean
  readonly subscribers: readonly {
    readonly id: string
    readonly whom: string
    readonly label: string
    readonly state: SubscriberState
    readonly stateLabel: string
    readonly since: Instant
    readonly everything: boolean
  }[]
  readonly next: string | null
}

interface SubscriberPage {
  readonly state: FormState
  readonly id: string
  readonly whom: string
  readonly label: string
  readonly isSigned: boolean
  /** That was just made: shown this once. */
  readonly secret: string | null
  readonly standing: SubscriberState
  readonly sentences: readonly string[]
  readonly follows: readonly string[]
  readonly wishes: readonly string[]
  /** An operator paused it. */
  readonly isResumable: boolean
  readonly letters: readonly {
    readonly at: Instant
    /** Of a message to several. */
    readonly number: number | null
    readonly what: string
    readonly words: string
    readonly isFailed: boolean
  }[]
}

/** An address that was looked for, and is not told. */
interface FoundPage {
  readonly state: FormState
  readonly finds: readonly Choice[]
  readonly looked: { readonly label: string; readonly suppressed: string | null; readonly at: Instant | null } | null
  /** How many are never told, and why. */
  readonly counts: readonly string[]
}

interface BringPage {
  readonly state: FormState
  readonly report: ListReport | null
  /** The list was only looked at. */
  readonly isDry: boolean
}

interface ChannelsPage {
  readonly state: FormState
  readonly channels: readonly {
    readonly label: string
    readonly works: boolean
    /** What is there, or what to set. */
    readonly words: string
    readonly settings: readonly string[]
  }[]
  readonly hasMail: boolean
  readonly check: MailCheck | null
  readonly inbound: readonly { readonly label: string; readonly address: string }[]
}
