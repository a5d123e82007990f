import type { Delivery, DeliveryCounts, DeliveryState } from '../../domain/deliveries/log.ts'
import type { SaidMessage } from '../../domain/deliveries/said.ts'
import type { Telling } from './telling.ts'

/** A form that says something. */
export interface Whom {
  /** Who will hear of it, in a sentence; null: nothing can be said of it yet. */
  readonly whom: string | null
}

/** A page on which words were said. */
export interface WithTelling {
  readonly telling: Telling
}

/** What the pages about subscribers are given. */
export interface SubscriberViews {
  'admin/deliveries/one': DeliveriesPage
}

/** Who got a message, and who did not. */
export interface DeliveriesPage {
  readonly message: SaidMessage
  /** What it brought: `The update of 14:30`. */
  readonly what: string
  readonly path: string
  readonly counts: DeliveryCounts
  readonly states: readonly { readonly state: DeliveryState; readonly label: string }[]
  readonly shown: DeliveryState | null
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
