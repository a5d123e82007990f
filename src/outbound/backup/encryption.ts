import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto'
import type { Identity, Recipient } from 'age-encryption'
import { Invalid } from '../../lib/errors.ts'
import { randomIds } from '../../lib/ids.ts'
import { damaged } from '../../database/archive/read.ts'
import type { Sink } from './packing.ts'

/** For whom an archive is written. Never both: age allows a passphrase only by itself. */
export type Readers =
  // Every guess costs 2^work; left out: what age takes, 256 MB and most of a second.
  { readonly passphrase: string; readonly work?: number } | { readonly recipients: readonly string[] }

/** What an archive may be opened with. */
export interface Openers {
  readonly passphrase: string | null
  /** `AGE-SECRET-KEY-1…` */
  readonly identities: readonly string[]
}

/** The first bytes of a file of age. */
export const ageHead = Buffer.from('age-encryption.org/v1\n')

/** Encrypts in the format of age, so that the program `age` opens it as well. */
export async function encryptedInto(sink: Sink, readers: Readers): Promise<Sink> {
  const age = await import('age-encryption')
  const encrypter = new age.Encrypter()
  if ('passphrase' in readers) encrypter.addRecipient(passphraseRecipient(readers, age.Stanza))
  else for (const recipient of readers.recipients) addRecipient(encrypter, recipient)
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const encrypted = await encrypter.encrypt(readable)
  const done = (async () => {
    for await (const piece of encrypted) await sink.write(piece)
  })()
  done.catch(() => undefined)
  const writer = writable.getWriter()
  writer.closed.catch(() => undefined)
  return {
    async write(piece) {
      await Promise.race([writer.write(piece), done])
    },
    async end() {
      await Promise.race([writer.close(), done])
      await done
      await sink.end()
    },
  }
}

/** What is in a file of age, piece by piece. */
export async function* decrypted(pieces: AsyncIterable<Uint8Array>, openers: Openers): AsyncGenerator<Uint8Array> {
  const age = await import('age-encryption')
  const decrypter = new age.Decrypter()
  if (openers.passphrase === null && openers.identities.length === 0) {
    throw new Invalid(
      'This archive is encrypted. Give the passphrase (CANDOR_BACKUP_PASSPHRASE or --passphrase-file) or the key (--identity-file).',
    )
  }
  if (openers.passphrase !== null) decrypter.addIdentity(passphraseIdentity(openers.passphrase))
  for (const identity of openers.identities) addIdentity(decrypter, identity)
  let clear: ReadableStream<Uint8Array>
  try {
    clear = await decrypter.decrypt(ReadableStream.from(pieces))
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    throw /no identity matched/i.test(words)
      ? new Invalid('This archive opens neither with this passphrase nor with this key. Nothing was changed.')
      : damaged('its beginning cannot be read')
  }
  const reader = clear.getReader()
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw damaged('what is encrypted is not what it was, or its end is missing')
    })
    if (done) return
    yield value
  }
}

function addRecipient(encrypter: { addRecipient(one: string): void }, recipient: string): void {
  try {
    encrypter.addRecipient(recipient)
  } catch {
    throw new Invalid(`${recipient} is no recipient of age: it begins with age1.`)
  }
}

function addIdentity(decrypter: { addIdentity(one: string): void }, identity: string): void {
  try {
    decrypter.addIdentity(identity)
  } catch {
    throw new Invalid('This is no key of age: it begins with AGE-SECRET-KEY-1.')
  }
}

const usualWork = 18
const mostWork = 20
const label = 'age-encryption.org/v1/scrypt'

/** As the library does it, but not on the loop that answers readers: scrypt of Node runs beside it. */
function passphraseRecipient(
  { passphrase, work = usualWork }: { readonly passphrase: string; readonly work?: number },
  Stanza: new (args: string[], body: Uint8Array) => Awaited<ReturnType<Recipient['wrapFileKey']>>[number],
): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = Buffer.from(randomIds.secret(), 'base64url').subarray(0, 16)
      const key = await keyOf(passphrase, salt, work)
      const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 })
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
      return [new Stanza(['scrypt', unpadded(salt), String(work)], new Uint8Array(body))]
    },
  }
}

function passphraseIdentity(passphrase: string): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const [stanza, ...others] = stanzas
      if (stanza?.args[0] !== 'scrypt' || others.length > 0) return null
      const [, salt = '', factor = ''] = stanza.args
      if (!/^[1-9]\d?$/.test(factor) || Number(factor) > mostWork || stanza.body.length !== 32) return null
      const key = await keyOfFile(passphrase, Buffer.from(salt, 'base64'), Number(factor))
      const body = Buffer.from(stanza.body)
      const decipher = createDecipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 })
      decipher.setAuthTag(body.subarray(16))
      try {
        return new Uint8Array(Buffer.concat([decipher.update(body.subarray(0, 16)), decipher.final()]))
      } catch {
        return null
      }
    },
  }
}

/** An archive is read more than once while it is restored; each key costs most of a second. */
let last: { readonly name: string; readonly key: Promise<Buffer> } | null = null

function keyOfFile(passphrase: string, salt: Buffer, factor: number): Promise<Buffer> {
  const name = JSON.stringify([passphrase, unpadded(salt), factor])
  if (last?.name !== name) last = { name, key: keyOf(passphrase, salt, factor) }
  return last.key
}

function keyOf(passphrase: string, salt: Buffer, factor: number): Promise<Buffer> {
  const cost = 2 ** factor
  return new Promise((resolve, reject) => {
    const salted = Buffer.concat([Buffer.from(label), salt])
    scrypt(passphrase, salted, 32, { N: cost, r: 8, p: 1, maxmem: 1024 * cost + 2 ** 24 }, (error, key) =>
      error ? reject(error) : resolve(key),
    )
  })
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/(?<!=)=+$/, '')
}
