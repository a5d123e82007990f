import { createECDH, hkdfSync } from 'node:crypto'

/** A pair of keys on P-256, as RFC 8292 and browsers take them: base64url of the point and of the number. */
export interface PushKeys {
  readonly publicKey: string
  readonly privateKey: string
}

/** Of the numbers on the curve P-256. */
const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')

/**
 * The keys by which push services know this installation. Browsers bind a subscription to them, so they are the same as
 * long as the installation's own key is, wherever that is restored; without it no subscription could be read anyway.
 */
export function pushKeys(key: string): PushKeys {
  // Sixteen bytes more than the number has: what is left of them prefers no number.
  const seed = Buffer.from(hkdfSync('sha256', key, '', 'candor push', 48)).toString('hex')
  const number = (BigInt(`0x${seed}`) % (order - 1n)) + 1n
  const privateKey = Buffer.from(number.toString(16).padStart(64, '0'), 'hex')
  const pair = createECDH('prime256v1')
  pair.setPrivateKey(privateKey)
  return { publicKey: pair.getPublicKey('base64url'), privateKey: privateKey.toString('base64url') }
}
