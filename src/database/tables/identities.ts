import type { Instant } from '../../lib/clock.ts'

/** How people come in other than with a password of their own. */
export interface IdentityTables {
  identities: IdentityRow
  account_resets: AccountResetRow
}

/** Somebody of an account, as a provider knows them: the pair of issuer and subject, never an address. */
interface IdentityRow {
  id: string
  account_id: string
  issuer: string
  subject: string
  created_at: Instant
  used_at: Instant
  /** The provider took away every group that comes in; one that comes back opens the account again. */
  shut_at: Instant | null
}

interface AccountResetRow {
  secret_hash: string
  account_id: string
  /** What happens to second factors. */
  factors: 'kept' | 'removed'
  expires_at: Instant
  created_at: Instant
}
