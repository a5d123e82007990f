import { canonicalJson } from '../../lib/canonical-json.ts'
import type { Instant } from '../../lib/clock.ts'
import type { SigningKey } from '../../lib/signing.ts'
import type { End } from './chain.ts'

/** Where the ledger ended at an instant, signed: whoever keeps it can tell later whether anything before was changed. */
export interface Head {
  readonly type: 'candor ledger head'
  readonly seq: number
  readonly hash: string
  /** When it was so. */
  readonly at: Instant
  /** The public half of the key that signs. */
  readonly key: string
  /** Of the canonical JSON of all the others. */
  readonly signature: string
}

export function signedHead({ seq, hash }: Pick<End, 'seq' | 'hash'>, at: Instant, key: SigningKey): Head {
  const head = { type: 'candor ledger head', seq, hash, at, key: key.publicKey } as const
  return { ...head, signature: key.sign(canonicalJson(head)) }
}

/** What the old key signs so that a new one follows it, at this place of this ledger: `prev` is the hash before. */
export function handOver(previous: SigningKey, key: string, prev: string): string {
  return previous.sign(canonicalJson({ type: 'candor ledger key', previous: previous.publicKey, key, prev }))
}
