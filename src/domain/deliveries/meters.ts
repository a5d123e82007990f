import { type Counter, counter } from '../../lib/meters.ts'

/** What is counted while letters are sent. By channel and outcome, never by recipient or place. */
export interface DeliveryMeters {
  readonly outcomes: Counter
  /** Letters under way, and places that are spared because they do not work. */
  now: { readonly underWay: number; readonly broken: number }
}

export function deliveryMeters(): DeliveryMeters {
  return { outcomes: counter(), now: { underWay: 0, broken: 0 } }
}
