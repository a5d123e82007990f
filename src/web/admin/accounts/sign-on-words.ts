import type { Arrival } from '../../../domain/accounts/identities.ts'
import type { ProviderFault } from '../../../domain/accounts/provider.ts'

/** Why somebody who came from the provider is not in, each with its own words. */
export type NotIn = Extract<Arrival, { outcome: 'refused' }>['why'] | ProviderFault['outcome'] | 'lost' | 'confirm'

export const statusOfNotIn: Readonly<Record<NotIn, number>> = {
  'no-group': 403,
  disabled: 403,
  'not-invited': 403,
  'no-address': 403,
  silent: 503,
  declined: 403,
  wrong: 400,
  lost: 400,
  confirm: 200,
}
