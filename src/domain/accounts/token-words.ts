import { crc32 } from 'node:zlib'

/** Tells a leaked token from other text: in a log, in a repository, to a scanner. */
const prefix = 'candor_'
/** Tokens from before there was a checksum: the secret alone. */
const bareLength = 43
const sumLength = 6

/** A token as it is handed over: what it is, the secret, and a checksum of both that scanners and we can tell a typo by. */
export function tokenOfBytes(secret: string): string {
  return `${prefix}${secret}${sumOf(secret)}`
}

/** Whether this can be a token at all: what was mistyped or made up is refused without asking the database. */
export function mayBeToken(text: string): boolean {
  const [, rest = ''] = /^candor_([\w-]{20,100})$/.exec(text) ?? []
  return (
    rest.length === bareLength ||
    (rest.length > sumLength && sumOf(rest.slice(0, -sumLength)) === rest.slice(-sumLength))
  )
}

function sumOf(secret: string): string {
  return (crc32(`${prefix}${secret}`) % 36 ** sumLength).toString(36).padStart(sumLength, '0')
}
