import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** What is kept of a secret of 256 bits: enough to know it again, useless to whoever steals it. Never for passwords. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** A word that only somebody who holds `key` can say about `text`. */
export function sign(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

/** Compares in a time that does not tell where the two differ. */
export function isSame(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(left, right)
}
