import { X509Certificate, createPrivateKey } from 'node:crypto'
import { Invalid } from '../../../lib/errors.ts'

/** A certificate and the key that belongs to it, as PEM, one after the other. */
export function readPemIdentity(text: string | null): string | null {
  if (text === null) return null
  const { cert, key } = identityIn(text)
  if (cert === '' || key === '') throw wrong('Give the certificate and its key, one after the other, as PEM.')
  if (key.includes('ENCRYPTED')) throw wrong('The key is locked with a password: give it without one.')
  let fits: boolean
  try {
    fits = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    // OpenSSL's words help nobody here.
    throw wrong('This is not a certificate and a key as PEM: a line may be missing.')
  }
  if (!fits) throw wrong('The key does not belong to the certificate.')
  return text
}

/** The two halves: the certificates, from our own to the one that is known; and the key. */
export function identityIn(text: string): { readonly cert: string; readonly key: string } {
  // Every beginning looks for its end: the text has at most 40 000 characters.
  const blocks = text.match(/-----BEGIN ([A-Z0-9 ]{1,40})-----[\s\S]*?-----END \1-----/g) ?? []
  const isKey = (block: string): boolean => /^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(block)
  const isCertificate = (block: string): boolean => block.startsWith('-----BEGIN CERTIFICATE-----')
  return { cert: blocks.filter(isCertificate).join('\n'), key: blocks.find(isKey) ?? '' }
}

function wrong(message: string): Invalid {
  return new Invalid(message, 'identity')
}
