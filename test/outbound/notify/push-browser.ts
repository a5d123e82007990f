import { type KeyObject, createDecipheriv, createECDH, createHmac, createPublicKey, verify } from 'node:crypto'

/** A browser that subscribed: its keys, and how it reads what comes. Written from RFC 8188 and 8291, with Node's own tools. */
export interface PushBrowser {
  readonly p256dh: string
  readonly auth: string
  read(body: Buffer): string
}

export function pushBrowser(privateKey: string, auth: string): PushBrowser {
  const keys = createECDH('prime256v1')
  keys.setPrivateKey(privateKey, 'base64url')
  const ours = keys.getPublicKey()
  return {
    p256dh: ours.toString('base64url'),
    auth,
    read(body) {
      const salt = body.subarray(0, 16)
      const recordSize = body.readUInt32BE(16)
      const theirs = body.subarray(21, 21 + body.readUInt8(20))
      const record = body.subarray(21 + theirs.length)
      if (record.length > recordSize) throw new Error('More than one record.')
      const shared = keys.computeSecret(theirs)
      const info = Buffer.concat([Buffer.from('WebPush: info\0'), ours, theirs])
      const key = expand(extract(Buffer.from(auth, 'base64url'), shared), info, 32)
      const secret = extract(salt, key)
      const decipher = createDecipheriv(
        'aes-128-gcm',
        expand(secret, Buffer.from('Content-Encoding: aes128gcm\0'), 16),
        expand(secret, Buffer.from('Content-Encoding: nonce\0'), 12),
      )
      decipher.setAuthTag(record.subarray(-16))
      const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
      const end = padded.findLastIndex((byte) => byte !== 0)
      if (padded[end] !== 2) throw new Error('The last record does not say that it is the last.')
      return padded.subarray(0, end).toString('utf8')
    },
  }
}

function extract(salt: Uint8Array, secret: Uint8Array): Buffer {
  return createHmac('sha256', salt).update(secret).digest()
}

/** Of HKDF, the first block: none of these keys is longer. */
function expand(key: Buffer, info: Buffer, length: number): Buffer {
  return createHmac('sha256', key)
    .update(info)
    .update(Buffer.from([1]))
    .digest()
    .subarray(0, length)
}

/** What the header of RFC 8292 says, if its signature is that of the key beside it. */
export function vapidClaims(header: string): { readonly key: string; readonly claims: Record<string, unknown> } {
  const [, head = '', body = '', signature = '', key = ''] =
    /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(header) ?? []
  const signed = Buffer.from(`${head}.${body}`)
  const how = { key: pointOf(key), dsaEncoding: 'ieee-p1363' } as const
  if (!verify('sha256', signed, how, Buffer.from(signature, 'base64url'))) throw new Error('The signature is wrong.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  if (read(head)['alg'] !== 'ES256') throw new Error('RFC 8292 knows ES256 only.')
  return { key, claims: read(body) }
}

function pointOf(key: string): KeyObject {
  const point = Buffer.from(key, 'base64url')
  const part = (from: number): string => point.subarray(from, from + 32).toString('base64url')
  return createPublicKey({ format: 'jwk', key: { kty: 'EC', crv: 'P-256', x: part(1), y: part(33) } })
}
