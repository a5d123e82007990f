import type { Alert, AlertKind } from '../../../domain/alerts/alert.ts'
import type { AlertChannel, LastSent } from '../../../domain/alerts/queries.ts'
import type { ChannelKind } from '../../../domain/subscribers/channel.ts'
import type { FormState } from '../../shared/forms.ts'
import type { Choice } from '../choices.ts'
import type { ChannelWords } from './alert-words.ts'

/** One way in which one is called. */
type Way = AlertChannel & { readonly label: string; readonly sent: LastSent | null }

export interface WaysPage {
  readonly state: FormState
  readonly ways: readonly Way[]
  readonly offers: readonly { readonly channel: ChannelKind; readonly label: string }[]
  readonly hasMail: boolean
  readonly isCallable: boolean
  /** Who is, in words. */
  readonly whoIs: string
  /** What is so while one chose nothing. */
  readonly otherwise: string
  after(minutes: number): string
  kinds(way: Way): string
  sent(way: Way): string
}

export interface WayPage {
  readonly title: string
  /** Null: a new one. */
  readonly id: string | null
  readonly channel: ChannelKind
  readonly words: ChannelWords
  readonly email: string
  /** By which a program knows that it is us, shown this once, with what was done; null: none was made now. */
  readonly secret: { readonly words: string; readonly value: string } | null
  readonly state: FormState
  readonly kinds: readonly { readonly value: AlertKind; readonly label: string }[]
  readonly delays: readonly Choice[]
  /** By which push services know us, where a browser is asked. */
  readonly push: { readonly publicKey: string; readonly origin: string } | null
}

export interface CalledPage {
  /** Where nobody chose anything. */
  readonly rule: { readonly words: string; readonly isWell: boolean } | null
  readonly gaps: readonly { readonly words: string; readonly isHard: boolean }[]
  /** What the same people are called for; no calls: nobody. */
  readonly lines: readonly { readonly things: string; readonly calls: string }[]
}

/** What people are called for now, as one of them sees it. */
export type Calling = Alert & {
  /** The name of who has it; null: nobody yet. */
  readonly by: string | null
  readonly isMine: boolean
  /** They could do something about it. */
  readonly isOpenToMe: boolean
}

/** The pages about how people are called. */
export interface AlertViews {
  'admin/alerts/ways': WaysPage
  'admin/alerts/way': WayPage
  'admin/alerts/team': CalledPage
}
