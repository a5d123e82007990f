import type { Generated } from 'kysely'
import type { Instant } from '../../lib/clock.ts'

/** Who is told. */
export interface SubscriberRow {
  id: string
  channel: string
  /** JSON, sealed for this subscriber. */
  target_sealed: string
  /** Keyed. */
  address_hash: string
  locale: string
  zone: string
  everything: 'yes' | 'no'
  /** JSON: a list of words. */
  kinds: string
  severity_from: string
  extent: 'every' | 'ends'
  /** `22:00`, in their zone; both or neither. */
  quiet_from: string | null
  quiet_until: string | null
  source: string
  created_at: Instant
  consented_at: Instant | null
  confirmed_at: Instant | null
  paused_at: Instant | null
  disabled_at: Instant | null
  disabled_because: string | null
  asked: Generated<number>
  asked_since: Instant | null
  failures: Generated<number>
  failing_since: Instant | null
  /** JSON: a scope that waits to be confirmed. */
  wanted: string | null
  wanted_at: Instant | null
  /** Of a webhook: while it is signed with the secret before as well. */
  secret_changed_at: Instant | null
  links: Generated<number>
}

/** What one wants to hear of who does not want everything. */
export interface SubscriberScopeRow {
  subscriber_id: string
  /** A group means those that come into it later as well. */
  kind: 'component' | 'group' | 'incident'
  target_id: string
}

/** Somebody asked, and was not answered yet. */
export interface SubscriberAskRow {
  id: string
  /** JSON, sealed for this ask. */
  sealed: string
  at: Instant
}

/** Somebody chose, and says in a chat that it is theirs. */
export interface SubscriberCodeRow {
  /** Keyed. */
  code_hash: string
  /** JSON, sealed for this code. */
  sealed: string
  at: Instant
}

/** A bot that hears people, by its name. */
export interface BotRow {
  channel: string
  name: string
}

/** Somebody who must not be brought back by a list. */
export interface SuppressionRow {
  address_hash: string
  reason: string
  at: Instant
}

export interface SubscriberTables {
  subscribers: SubscriberRow
  subscriber_scopes: SubscriberScopeRow
  subscriber_asks: SubscriberAskRow
  subscriber_codes: SubscriberCodeRow
  bots: BotRow
  suppressions: SuppressionRow
}
