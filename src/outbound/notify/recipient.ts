import type { Audience } from '../../domain/deliveries/message.ts'
import type { LinkOwner } from '../../domain/subscribers/links.ts'
import type { ChannelKind, Target } from '../../domain/subscribers/channel.ts'
import type { Scope } from '../../domain/subscribers/subscriber.ts'
import type { Locale } from '../../domain/site/site.ts'

/** Whoever gets a message, as far as the words and the way there need it. */
export interface Recipient extends LinkOwner {
  readonly audience: Audience
  readonly channel: ChannelKind
  readonly target: Target
  readonly locale: Locale
  readonly zone: string
  /** What a subscriber chose; null: an operator or an account. */
  readonly scope: Scope | null
  /** Of this conversation they have had nothing yet. */
  readonly isFirst: boolean
}
