import type { ColumnType } from 'kysely'
import type { Instant } from '../../lib/clock.ts'

export interface AccountRow {
  id: string
  email: string
  name: string
  role: string
  password_hash: string
  disabled_at: Instant | null
  created_at: Instant
  updated_at: Instant
}

export interface InvitationRow {
  id: string
  email: string
  role: string
  secret_hash: string
  invited_by: string
  expires_at: Instant
  accepted_at: Instant | null
  created_at: Instant
}

export interface SessionRow {
  secret_hash: string
  /** Names it in a list; it opens nothing. */
  id: string
  account_id: string
  /** In words: `Firefox on Linux`. */
  browser: string
  /** Of the address that it began from, the network only. */
  network: string
  via: string
  /** When they last proved that it is they; null: before this was kept. */
  proved_at: Instant | null
  created_at: Instant
  seen_at: ColumnType<Instant, Instant, Instant>
  expires_at: Instant
}

export interface TokenRow {
  id: string
  name: string
  scope: string
  secret_hash: string
  created_by: string | null
  used_at: Instant | null
  expires_at: Instant | null
  revoked_at: Instant | null
  created_at: Instant
  /** The network that it was last used from, coarsely. */
  used_from: string | null
  /** The secret before this one, while both work. */
  former_hash: string | null
  former_until: Instant | null
  former_used_at: Instant | null
  /** When the secret was changed last. */
  changed_at: Instant | null
}
