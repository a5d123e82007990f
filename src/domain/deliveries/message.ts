import type { Instant } from '../../lib/clock.ts'
import type { Told } from './told.ts'

/** Who gets a message: subscribers, ways to call an operator (`alert_channels`), or an account by its own address. */
export const audiences = ['subscriber', 'operator', 'account'] as const
export type Audience = (typeof audiences)[number]

/**
 * What a message says. `told`: something happened on the page; the others are letters to one recipient.
 * Secrets are in none of them: links are signed when they are sent.
 */
export type Payload =
  | { readonly kind: 'told'; readonly told: Told }
  /** Asks whether it was they who subscribed. */
  | { readonly kind: 'confirm' }
  /** Somebody signed up again: here is where it can be changed. */
  | { readonly kind: 'known' }
  /** Proves that the way works. */
  | { readonly kind: 'test'; readonly by: string }
  | {
      readonly kind: 'alert'
      readonly alert: string
      readonly name: string
      readonly data: Readonly<Record<string, string>>
    }
  /** A letter to an account, with a link whose secret is sealed. */
  | { readonly kind: 'reset' | 'invitation'; readonly sealedLink: string; readonly until: Instant }

/** Something to tell, in the order in which it happened. */
export interface Message {
  readonly number: number
  /** What belongs to one conversation: `incident:abc`. */
  readonly thread: string
  readonly at: Instant
  readonly payload: Payload
}

/** Why a delivery failed: words that are kept; what a server answered is not, because it repeats addresses. */
export const failureReasons = [
  'refused by the receiver',
  'no such address',
  'mailbox full',
  'taken for spam',
  'gone',
  'not allowed',
  'private address',
  'unreachable',
  'timed out',
  'insecure',
  'too many at once',
  'receiver failed',
  'cannot be written to',
  'our own fault',
] as const
export type FailureReason = (typeof failureReasons)[number]
