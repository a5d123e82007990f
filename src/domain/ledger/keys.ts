import { type SigningKey, signingKey } from '../../lib/signing.ts'

/** The key with which a ledger begins: it follows from the secret of the installation. */
export function firstKey(secret: string): SigningKey {
  return signingKey(secret, 'candor ledger')
}
