import type { Instant } from '../../lib/clock.ts'

/** An app that shows codes, which depend on the time: at most one a person. */
export interface CodeAppRow {
  account_id: string
  /** Sealed for this account. */
  sealed_seed: string
  /** The last step of thirty seconds whose code was taken: none up to it is taken again. */
  last_step: number
  /** Null: it was shown, and not proved yet that the app has it. */
  confirmed_at: Instant | null
  used_at: Instant | null
  created_at: Instant
}

export interface RecoveryCodeRow {
  account_id: string
  code_hash: string
  used_at: Instant | null
}

export interface PasskeyRow {
  id: string
  account_id: string
  /** What the browser calls it. */
  credential_id: string
  /** As base64url of its COSE form. */
  public_key: string
  counter: number
  /** JSON: how the browser may reach it. */
  transports: string
  name: string
  used_at: Instant | null
  created_at: Instant
}

/** What a passkey is asked to sign: once, for one purpose, in one browser. */
export interface ChallengeRow {
  challenge_hash: string
  purpose: string
  /** The hash of the secret in the cookie. */
  bound_to: string
  network: string
  expires_at: Instant
}

/** The password was right, the second step is still to come. It opens nothing. */
export interface HalfSignInRow {
  secret_hash: string
  account_id: string
  tries: number
  expires_at: Instant
}
