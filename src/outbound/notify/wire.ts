import type { Claim } from '../../domain/deliveries/claim.ts'
import type { Audience, FailureReason, Message } from '../../domain/deliveries/message.ts'
import type { Became } from '../../domain/deliveries/outcomes.ts'
import type { Site } from '../../domain/site/site.ts'
import type { ChannelKind } from '../../domain/subscribers/channel.ts'
import type { Fault } from '../../lib/without-words.ts'
import type { Means } from './means.ts'

/** What the thread that sends must know for good. */
export interface SendingSettings {
  /** Of this installation: opens addresses, and signs links. */
  readonly key: string
  readonly url: string
  readonly means: Means
  readonly dnsServers: readonly string[]
  readonly egressAllow: readonly string[]
}

/** A letter on its way to the thread; `id` names it between the two. */
export interface Errand extends Pick<Claim, 'numbers' | 'audience' | 'channel' | 'addressee' | 'isFirst'> {
  readonly id: number
}

export interface Load {
  readonly site: Site
  readonly messages: readonly Message[]
  readonly errands: readonly Errand[]
}

export interface Done {
  readonly id: number
  readonly outcome: Became
}

/** Where a whole channel leads, or a part of it, nothing gets through. */
export interface Broken {
  readonly channel: ChannelKind
  readonly audience: Audience
  /** Whether everything that this channel sends to this audience goes there. */
  readonly isAll: boolean
  readonly reason: FailureReason
  readonly openings: number
  readonly seconds: number
}

export type ToWorker = ({ readonly type: 'send' } & Load) | { readonly type: 'stop'; readonly patienceMs: number }

export type FromWorker =
  | { readonly type: 'done'; readonly done: readonly Done[] }
  | ({ readonly type: 'broken' } & Broken)
  /** It hangs, and takes no room from others. */
  | { readonly type: 'slow'; readonly id: number }
  | ({ readonly type: 'fault' } & Fault)
  /** Alive, once a second. */
  | { readonly type: 'beat'; readonly broken: number }
  /** With everything that was under way. */
  | { readonly type: 'stopped' }
