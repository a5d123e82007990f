import { Buffer } from 'node:buffer'
import { readPattern } from '../../lib/patterns.ts'

/** What is said and what is heard on a connection, in turns. */
export type Step =
  /** Everything that was heard since something was last sent holds these bytes, or this pattern. */
  | { readonly step: 'expect'; readonly bytes: Buffer }
  | { readonly step: 'match'; readonly source: string; readonly flags: string }
  | { readonly step: 'send'; readonly bytes: Buffer }
  /** From here on it is encrypted. */
  | { readonly step: 'starttls' }

export interface DialogueFault {
  /** Counted from 1. */
  readonly line: number
  /** A sentence. */
  readonly fault: string
}

const mostSteps = 20

/** Reads a dialogue, a step a line: `expect 220`, `expect /^250 /m`, `send EHLO me\r\n`, `starttls`. */
export function readDialogue(text: string): readonly Step[] | DialogueFault {
  const steps: Step[] = []
  for (const [index, written] of text.split('\n').entries()) {
    const line = written.trim()
    if (line === '' || line.startsWith('#')) continue
    const step = readStep(line)
    if (typeof step === 'string') return { line: index + 1, fault: step }
    if (step.step === 'starttls' && steps.some((before) => before.step === 'starttls')) {
      return { line: index + 1, fault: 'It is encrypted already.' }
    }
    steps.push(step)
    if (steps.length > mostSteps) return { line: index + 1, fault: `A dialogue has at most ${mostSteps} steps.` }
  }
  return steps
}

function readStep(line: string): Step | string {
  const [, word = '', said = ''] = /^(\S+)\s*([^]*)$/.exec(line) ?? []
  switch (word.toLowerCase()) {
    case 'starttls':
      return said === '' ? { step: 'starttls' } : 'starttls stands alone on its line.'
    case 'send':
      return said === '' ? 'Say what to send.' : withBytes('send', said)
    case 'expect':
      return said === '' ? 'Say what to expect.' : expectation(said)
    default:
      return 'A step begins with expect, send or starttls.'
  }
}

function expectation(said: string): Step | string {
  const [, source, flags = ''] = /^\/(.+)\/([a-z]*)$/.exec(said) ?? []
  if (source === undefined) return withBytes('expect', said)
  const pattern = readPattern(source, flags)
  return 'fault' in pattern ? `What is expected ${pattern.fault}.` : { step: 'match', source, flags }
}

function withBytes(step: 'send' | 'expect', said: string): Step | string {
  const bytes = unescaped(said)
  return bytes ? { step, bytes } : 'Of what begins with a backslash, \\r \\n \\t \\0 \\\\ and \\x41 are known.'
}

const escapes: Readonly<Record<string, number>> = { r: 13, n: 10, t: 9, '0': 0, '\\': 92 }

/** Text with escapes as bytes; null where there is one that nobody knows. */
export function unescaped(text: string): Buffer | null {
  const parts: Buffer[] = []
  for (const [piece] of text.matchAll(/\\x[0-9a-f]{2}|\\.?|[^\\]+/gis)) {
    if (!piece.startsWith('\\')) parts.push(Buffer.from(piece))
    else if (piece.length === 4) parts.push(Buffer.from(piece.slice(2), 'hex'))
    else {
      const byte = escapes[piece.slice(1)]
      if (byte === undefined) return null
      parts.push(Buffer.from([byte]))
    }
  }
  return Buffer.concat(parts)
}

/** Protocols whose first words are known, with the port that each listens on. */
export const greetings = {
  smtp: { port: 25, text: 'expect /^220 /m\nsend EHLO candor.invalid\\r\\n\nexpect /^250 /m\nsend QUIT\\r\\n' },
  submission: {
    port: 587,
    // prettier-ignore
    text: [
      'expect /^220 /m', 'send EHLO candor.invalid\\r\\n', 'expect /^250[ -]STARTTLS/mi', 'expect /^250 /m',
      'send STARTTLS\\r\\n', 'expect /^220 /m', 'starttls', 'send EHLO candor.invalid\\r\\n', 'expect /^250 /m', 'send QUIT\\r\\n',
    ].join('\n'),
  },
  imap: {
    port: 143,
    text: 'expect /^\\* OK/m\nsend a1 CAPABILITY\\r\\n\nexpect /^a1 OK/m\nsend a2 LOGOUT\\r\\n',
  },
  pop3: { port: 110, text: 'expect /^\\+OK/m\nsend QUIT\\r\\n\nexpect /^\\+OK/m' },
  ssh: { port: 22, text: 'expect /^SSH-2\\.0-/m' },
} as const satisfies Readonly<Record<string, { readonly port: number; readonly text: string }>>

export type Greeting = keyof typeof greetings
