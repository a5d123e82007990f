export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [name: string]: Json
}

/**
 * The one way to write a value as JSON (RFC 8785), so that whoever hashes it hashes the same bytes. Numbers and strings
 * are written as ECMAScript does, members in the order of their UTF-16 code units. What has no such form is refused.
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return stringOf(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error(`JSON has no way to write ${value}.`)
    return JSON.stringify(value)
  }
  if (value === null || typeof value === 'boolean') return JSON.stringify(value)
  if (isList(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`
  if (typeof value !== 'object') throw new Error(`JSON has no way to write a value of type ${typeof value}.`)
  const names = Object.keys(value).toSorted()
  return `{${names.map((name) => `${stringOf(name)}:${canonicalJson(value[name] as Json)}`).join(',')}}`
}

function stringOf(text: string): string {
  if (!text.isWellFormed()) throw new Error('Half of a character that UTF-16 writes as two cannot be written as JSON.')
  return JSON.stringify(text)
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
