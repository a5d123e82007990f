import { type Setting, matching } from '../lib/settings.ts'

/** How what subscribers are told is brought to them. */
export interface DeliveryConfig {
  readonly deliveryRetrySeconds: number
}

export const deliveryOtherwise: DeliveryConfig = { deliveryRetrySeconds: 60 }

export const deliverySettings: { readonly [Key in keyof DeliveryConfig]: Setting<DeliveryConfig[Key]> } = {
  deliveryRetrySeconds: {
    name: 'CANDOR_DELIVERY_RETRY',
    otherwise: '60',
    meaning:
      'So many seconds later what could not be delivered is tried again; then after twice as many, up to an hour.',
    accepts: 'a whole number from 1 to 3600',
    read: (text) => Number(matching(text, /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 3600)),
  },
}
