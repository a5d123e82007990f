import { createECDH } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { isPushKey } from '../../domain/subscribers/push-hosts.ts'
import type { Target } from '../../domain/subscribers/channel.ts'
import type { PushMeans } from './means.ts'

/** All of it in one record, as push services demand. */
const recordSize = 4096

/**
 * Encrypts for one browser as RFC 8291 says, with what it gave for it: its public key, and a secret that the push service
 * does not know. So nobody on the way can read it. Null: its key is none.
 */
export async function encryptPush(text: Buffer, { p256dh = '', auth = '' }: Target): Promise<Buffer | null> {
  const { encrypt } = await import('http_ece')
  if (!isPushKey(p256dh)) return null
  const privateKey = createECDH('prime256v1')
  privateKey.generateKeys()
  return encrypt(text, {
    version: 'aes128gcm',
    privateKey,
    dh: p256dh,
    authSecret: auth,
    rs: recordSize,
  })
}

/** They may hold for a day; clocks differ, and a letter may be on its way for a while. */
const lifetime = '12h'
const tokens = new LRUCache<string, string>({ max: 200, ttl: 6 * 3600 * 1000 })

/** Says to the push service at this address who we are: RFC 8292. Signed once in a while, not for each letter. */
export async function vapidHeader(endpoint: string, keys: PushMeans): Promise<string> {
  const { origin } = new URL(endpoint)
  const known = `${origin} ${keys.publicKey} ${keys.subject}`
  const token = tokens.get(known) ?? (await signedToken(origin, keys))
  tokens.set(known, token, { noUpdateTTL: true })
  return `vapid t=${token}, k=${keys.publicKey}`
}

async function signedToken(origin: string, { publicKey, privateKey, subject }: PushMeans): Promise<string> {
  const { SignJWT, importJWK } = await import('jose')
  const point = Buffer.from(publicKey, 'base64url')
  const key = await importJWK(
    {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
      d: privateKey,
    },
    'ES256',
  )
  const token = new SignJWT(subject === null ? {} : { sub: subject })
  return token
    .setProtectedHeader({ typ: 'JWT', alg: 'ES256' })
    .setAudience(origin)
    .setExpirationTime(lifetime)
    .sign(key)
}
