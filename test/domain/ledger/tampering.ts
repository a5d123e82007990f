import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { signingKey } from '../../../src/lib/signing.ts'
import { signedHead } from '../../../src/domain/ledger/head.ts'

export interface Line {
  at: string
  entry: Record<string, unknown>
  hash: string
  kind: string
  prev: string | null
  seq: number
  subject: string
}

export interface Copy {
  readonly lines: string[]
  head: Record<string, unknown>
}

function hashOf(line: Line): string {
  const { hash, ...hashed } = line
  return (
    hash &&
    createHash('sha256')
      .update(canonicalize(hashed) ?? '')
      .digest('hex')
  )
}

/** Changes the entry of this number, and makes its hash anew or not. */
export function change(lines: string[], seq: number, how: (line: Line) => void, hash: 'kept' | 'anew' = 'kept'): void {
  const line = JSON.parse(lines[seq - 1] ?? '') as Line
  how(line)
  if (hash === 'anew') line.hash = hashOf(line)
  lines[seq - 1] = canonicalize(line) ?? ''
}

/** Makes all hashes anew, as somebody with the whole file would. */
export function rechain(lines: string[]): void {
  let prev: string | null = null
  lines.forEach((text, index) => {
    const line = JSON.parse(text) as Line
    Object.assign(line, { prev, seq: index + 1 })
    line.hash = hashOf(line)
    prev = line.hash
    lines[index] = canonicalize(line) ?? ''
  })
}

export const stranger = signingKey('a stranger', 'candor ledger')

export function headBy(lines: string[], key = stranger): Record<string, unknown> {
  const last = JSON.parse(lines.at(-1) ?? '') as Line
  return { ...signedHead(last, '2026-11-21T13:00:00.000Z' as never, key) }
}
