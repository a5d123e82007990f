import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** What a page asks of a passkey, as its JSON; the rest of it does not matter here. */
interface Asked {
  readonly challenge: string
  readonly rp?: { readonly id: string }
  readonly rpId?: string
  readonly user?: { readonly id: string }
}

/** How an answer can be other than it should be. */
export interface Twist {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly type?: string
  /** Left out: whoever holds it proved that it is they. */
  readonly verified?: false
  readonly counter?: number
}

export interface Authenticator {
  create(asked: Asked, twist?: Twist): string
  get(asked: Asked, twist?: Twist): string
}

/** A passkey of software, ES256, which answers as a browser on `origin` would. It counts its uses, unless it is synced. */
export function authenticator(origin: string, { counts = true }: { counts?: boolean } = {}): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = randomBytes(32)
  let counter = 0
  let owner = ''

  const clientData = (type: string, asked: Asked, twist: Twist) =>
    Buffer.from(
      JSON.stringify({
        type: twist.type ?? type,
        challenge: twist.challenge ?? asked.challenge,
        origin: twist.origin ?? origin,
        crossOrigin: false,
      }),
    )
  const head = (rpId: string, twist: Twist, flags: number) => {
    counter += counts ? 1 : 0
    const bytes = Buffer.alloc(37)
    sha256(rpId).copy(bytes)
    bytes.writeUInt8(flags | 0x01 | (twist.verified === false ? 0 : 0x04), 32)
    bytes.writeUInt32BE(twist.counter ?? counter, 33)
    return bytes
  }
  const answer = (response: object) => {
    const name = id.toString('base64url')
    return JSON.stringify({ id: name, rawId: name, type: 'public-key', clientExtensionResults: {}, response })
  }

  return {
    create(asked, twist = {}) {
      owner = asked.user?.id ?? ''
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      const cose = Buffer.concat([
        Buffer.from('a5010203262001215820', 'hex'),
        Buffer.from(x, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y, 'base64url'),
      ])
      const length = Buffer.from([0, id.length])
      const data = [head(twist.rpId ?? asked.rp?.id ?? '', twist, 0x40), Buffer.alloc(16), length, id, cose]
      return answer({
        clientDataJSON: clientData('webauthn.create', asked, twist).toString('base64url'),
        attestationObject: attestation(Buffer.concat(data)).toString('base64url'),
        transports: ['internal'],
      })
    },
    get(asked, twist = {}) {
      const data = head(twist.rpId ?? asked.rpId ?? '', twist, 0)
      const client = clientData('webauthn.get', asked, twist)
      return answer({
        clientDataJSON: client.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', Buffer.concat([data, sha256(client)]), privateKey).toString('base64url'),
        userHandle: owner,
      })
    },
  }
}

/** CBOR: `{ fmt: 'none', attStmt: {}, authData }`. */
function attestation(data: Buffer): Buffer {
  const length = Buffer.from([0x59, data.length >> 8, data.length & 0xff])
  const text = (word: string) => Buffer.concat([Buffer.from([0x60 + word.length]), Buffer.from(word)])
  const parts = [Buffer.from([0xa3]), text('fmt'), text('none'), text('attStmt'), Buffer.from([0xa0]), text('authData')]
  return Buffer.concat([...parts, length, data])
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest()
}
