import { type KeyObject, createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto'

/** A key of Ed25519. Whoever has the public half can tell what the private one signed. */
export interface SigningKey {
  /** Its 32 bytes as base64url: they are its name too. */
  readonly publicKey: string
  /** The signature of these words, as base64url. */
  sign(text: string): string
}

/** What PKCS #8 (RFC 8410) writes before the 32 bytes of a private key. */
const prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The key that follows from a secret, for this use and no other: the same secret, the same key. */
export function signingKey(secret: string, use: string): SigningKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', use, 32))
  const privateKey = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' })
  return {
    publicKey: publicHalf(privateKey),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('base64url'),
  }
}

function publicHalf(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  if (x === undefined) throw new Error('A key of Ed25519 has a public half.')
  return x
}
