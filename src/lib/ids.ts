import { randomBytes, randomInt } from 'node:crypto'

/** Where identity and chance come from. Tests count instead. */
export interface Ids {
  /** Twelve characters of `[a-z0-9]`, the shape that readers of the v2 API expect. */
  next(): string
  /** 256 bits of chance, as 43 characters of base64url: for links, sessions and tokens. */
  secret(): string
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'

export const randomIds: Ids = {
  next: () => Array.from({ length: 12 }, () => alphabet[randomInt(alphabet.length)]).join(''),
  secret: () => randomBytes(32).toString('base64url'),
}

/** Sixteen bits of chance, as the questions of DNS carry them so that no stranger can answer in another's name. */
export function questionNumber(): number {
  return randomInt(65_536)
}
