import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** Keeps secrets that must be used again, and so cannot be hashed, out of a stolen database. */
export interface Vault {
  /** Sealed for `purpose`, as text: what is sealed for one does not open for another. */
  seal(text: string, purpose: string): string
  /** Throws if it was changed, sealed for another purpose, or sealed with another key. */
  open(sealed: string, purpose: string): string
  /**
   * The same for the same text and purpose, and telling nothing of it without the key: to find again what is sealed, and to
   * sign what comes back to us.
   */
  mark(text: string, purpose: string): string
}

const nonceBytes = 12
const tagBytes = 16

/** AES-256-GCM under a key that is derived from the installation's own, which lies in its data folder. */
export function vault(key: string): Vault {
  const secret = Buffer.from(hkdfSync('sha256', key, '', 'candor vault', 32))
  const marking = Buffer.from(hkdfSync('sha256', key, '', 'candor marks', 32))
  return {
    seal(text, purpose) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', secret, nonce).setAAD(Buffer.from(purpose))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
    },
    open(sealed, purpose) {
      const bytes = Buffer.from(sealed, 'base64url')
      const nonce = bytes.subarray(0, nonceBytes)
      const decipher = createDecipheriv('aes-256-gcm', secret, nonce, { authTagLength: tagBytes })
      decipher.setAAD(Buffer.from(purpose)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
      const body = [decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]
      return Buffer.concat(body).toString('utf8')
    },
    // The purpose cannot run into the text: neither has a NUL.
    mark: (text, purpose) => createHmac('sha256', marking).update(`${purpose}\0${text}`).digest('base64url'),
  }
}
