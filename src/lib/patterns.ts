import { createRequire } from 'node:module'
import { LRUCache } from 'lru-cache'
import type * as Re2 from 're2js'

/** A pattern that somebody wrote, to be looked for in what a stranger sent. */
export interface Pattern {
  /** `too_long`: more text than is looked through, so nothing is known. */
  findIn(text: string): 'yes' | 'no' | 'too_long'
}

export interface PatternFault {
  /** The end of a sentence that begins with what the pattern is. */
  readonly fault: string
}

const longest = 500
/** Instructions of its program. The time of a search is at most their number times the length of the text. */
const mostInstructions = 300
/** Keeps the worst search that can be written under half a second; small patterns look through a mebibyte. */
const mostSteps = 16 * 1024 * 1024

const compiled = new LRUCache<string, Pattern | PatternFault>({ max: 500 })

/**
 * Reads a pattern as RE2 understands it: in linear time, so without look-around and back-references. Never a `RegExp`,
 * which an unlucky pattern and an unkind answer would keep busy for ever. `flags` are any of `ims`.
 */
export function readPattern(source: string, flags = ''): Pattern | PatternFault {
  const key = `${flags}/${source}`
  const known = compiled.get(key) ?? compile(source, flags)
  compiled.set(key, known)
  return known
}

const flagNames: Readonly<Record<string, 'CASE_INSENSITIVE' | 'MULTILINE' | 'DOTALL'>> = {
  i: 'CASE_INSENSITIVE',
  m: 'MULTILINE',
  s: 'DOTALL',
}

/** Loaded by the first pattern: most pages have none, and it is two megabytes in each thread. */
const load = createRequire(import.meta.url)

function compile(source: string, flags: string): Pattern | PatternFault {
  if (source === '') return { fault: 'is an empty pattern, which is found everywhere' }
  if (source.length > longest) return { fault: `is a pattern of more than ${longest} characters` }
  const { RE2JS } = load('re2js') as typeof Re2
  let bits = 0
  for (const flag of flags) {
    const name = flagNames[flag]
    if (name === undefined) return { fault: `has the flag “${flag}”, and only i, m and s are known` }
    bits |= RE2JS[name]
  }
  let program: Re2.RE2JS
  try {
    program = RE2JS.compile(source, bits)
  } catch (error) {
    return { fault: `is not a pattern: ${reasonOf(error)}` }
  }
  const instructions = program.programSize()
  if (instructions > mostInstructions) return { fault: 'is a pattern that repeats too much' }
  const mostText = Math.floor(mostSteps / instructions)
  return {
    findIn: (text) => (text.length > mostText ? 'too_long' : program.test(text) ? 'yes' : 'no'),
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : ''
  return /^invalid named capture: `\(\?<[=!]|^invalid escape sequence: `\\[1-9]|^invalid or unsupported Perl syntax/.test(
    message,
  )
    ? 'look-ahead, look-behind and back-references cannot be used'
    : message.slice(0, 120)
}
