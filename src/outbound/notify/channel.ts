import type { Outcome } from '../../domain/deliveries/outcomes.ts'
import type { ChannelKind, Target } from '../../domain/subscribers/channel.ts'
import type { Egress } from '../../lib/egress.ts'
import type { Means } from './means.ts'
import type { Letter } from './letter.ts'

export type { Outcome }

/** With what a channel sends. */
export interface SendingParts {
  readonly egress: Egress
  readonly means: Means
  /** Aborted when the process stops. */
  readonly signal: AbortSignal
}

/** A way to tell somebody. Stateless but for connections that it keeps, which `close` ends. */
export interface Channel {
  readonly kind: ChannelKind
  /** Several words that wait may go out as one: for people. Machines get each. */
  readonly joins: 'yes' | 'no'
  /** Where it leads, for taking turns and for pausing what is broken: a host, or the same word for all. */
  destination(target: Target): string
  send(letter: Letter, target: Target, parts: SendingParts): Promise<Outcome>
  close?(): Promise<void>
}
