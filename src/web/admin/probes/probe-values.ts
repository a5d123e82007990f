import { Invalid } from '../../../lib/errors.ts'
import type { Schema } from '../../../lib/fields.ts'

/** Stands in a form for a value that is kept sealed. */
export const keptMark = '•••'

/** What was typed, in the words of the commands; `undefined` where an answer is left out. */
export function inputOf(name: string, schema: Schema, typed: string | readonly string[]): unknown {
  const accepted = schema.anyOf?.[0] ?? schema
  if (accepted.items?.properties) return pairsOf(name, one(name, typed))
  if (accepted.items) return typeof typed === 'string' ? linesOf(typed) : typed
  const text = one(name, typed)
  return text === '' && 'optional' in schema ? undefined : text
}

/** How the form shows what is kept: lists a line each, or on one line; names and values as `Name: value`. */
export function typedOf(value: unknown, schema?: Schema): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) {
    const between = (schema?.anyOf?.[0] ?? schema)?.reads === 'line' ? ' ' : '\n'
    return value.map((item) => (isPair(item) ? lineOf(item) : String(item))).join(between)
  }
  if (typeof value === 'object') {
    return Object.entries(value as Readonly<Record<string, unknown>>)
      .map(([name, text]) => lineOf({ name, value: text }))
      .join('\n')
  }
  return String(value as string | number | boolean)
}

interface Pair {
  readonly name: string
  readonly value: unknown
}

function isPair(item: unknown): item is Pair {
  return typeof item === 'object' && item !== null && 'name' in item && 'value' in item
}

function lineOf({ name, value }: Pair): string {
  return `${name}: ${value === null || value === '' ? keptMark : String(value as string | number)}`
}

function pairsOf(field: string, text: string): { name: string; value: string | null }[] {
  return linesOf(text).map((line) => {
    const at = line.indexOf(':')
    // Not the line itself: it may be a secret whose name was forgotten.
    if (at < 1) throw new Invalid('Write each line as “Name: value”; one of these has no colon.', field)
    const value = line.slice(at + 1).trim()
    return { name: line.slice(0, at).trim(), value: value === keptMark ? null : value }
  })
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '')
}

function one(name: string, typed: string | readonly string[]): string {
  if (typeof typed !== 'string') throw new Invalid(`The field “${name}” was given more than once.`, name)
  return typed
}
