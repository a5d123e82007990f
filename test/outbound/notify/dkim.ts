import { createHash, createVerify } from 'node:crypto'

export interface DkimVerdict {
  readonly isGood: boolean
  readonly covered: readonly string[]
  readonly tags: ReadonlyMap<string, string>
}

/** RFC 6376 with relaxed canonicalisation, written from the RFC: it shares nothing with what signs. */
export function verifyDkim(raw: string, publicKey: string): DkimVerdict {
  const split = raw.indexOf('\r\n\r\n')
  const headers = raw
    .slice(0, split)
    .split(/\r\n(?![ \t])/)
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase().trim(), line.slice(line.indexOf(':') + 1)] as const)
  const signature = headers.find(([name]) => name === 'dkim-signature')?.[1] ?? ''
  const tags = new Map(
    signature.split(';').map((tag) => {
      const at = tag.indexOf('=')
      return [tag.slice(0, at).trim(), tag.slice(at + 1).replaceAll(/\s+/g, '')] as const
    }),
  )
  const covered = (tags.get('h') ?? '').toLowerCase().split(':')
  // Each name in h= takes the last of its headers that is not taken yet.
  const left = [...headers]
  const lines = covered.map((name) => {
    const at = left.findLastIndex(([key]) => key === name)
    const value = at < 0 ? '' : (left.splice(at, 1)[0]?.[1] ?? '')
    return `${name}:${relaxed(value)}\r\n`
  })
  const unsigned = relaxed(signature.replace(/(\bb=)[^;]*/, '$1'))
  const body = raw
    .slice(split + 4)
    .split('\r\n')
    .map((line) => line.replaceAll(/[ \t]+/g, ' ').replace(/ $/, ''))
    .join('\r\n')
    .replace(/(?:\r\n)*$/, '\r\n')
  const isBodyGood = createHash('sha256').update(body, 'latin1').digest('base64') === tags.get('bh')
  const isSignatureGood = createVerify('sha256')
    .update(`${lines.join('')}dkim-signature:${unsigned}`, 'latin1')
    .verify(publicKey, tags.get('b') ?? '', 'base64')
  return { isGood: isBodyGood && isSignatureGood, covered, tags }
}

function relaxed(value: string): string {
  return value
    .replaceAll('\r\n', '')
    .replaceAll(/[ \t]+/g, ' ')
    .trim()
}
