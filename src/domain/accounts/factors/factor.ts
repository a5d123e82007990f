import type { Instant } from '../../../lib/clock.ts'

/** What people prove themselves with beside a password. */
export type FactorKind = 'app' | 'passkey'

/** A key pair that a device or a password manager holds; we know its public half. */
export interface Passkey {
  readonly id: string
  /** What its owner calls it. */
  readonly name: string
  readonly usedAt: Instant | null
  readonly createdAt: Instant
}

/** Everything that one person has. */
export interface Factors {
  /** Since when an app shows codes for them; null: none does. */
  readonly appSince: Instant | null
  readonly appUsedAt: Instant | null
  readonly passkeys: readonly Passkey[]
  /** Recovery codes that were not used yet. */
  readonly codesLeft: number
}

export function hasFactor({ appSince, passkeys }: Factors): boolean {
  return appSince !== null || passkeys.length > 0
}
