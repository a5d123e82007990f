import type { Schema } from '../../lib/fields.ts'

/** What fields of these names mostly hold, so that an example reads as one. */
const known: Readonly<Record<string, string>> = {
  id: 'kctbh9vrtdwd',
  name: 'Payments are slow',
  body: 'Card payments take up to a minute. We are looking into it.',
  description: 'Everything that has to do with cards.',
  url: 'https://status.example.com',
  shortlink: 'https://status.example.com/incidents/kctbh9vrtdwd',
  time_zone: 'Etc/UTC',
}

/** A value that the schema accepts: of a body what is needed, of an answer everything. */
export function exampleOf(schema: Schema, extent: 'what is needed' | 'everything', name = ''): unknown {
  const inner = (one: Schema, of: string): unknown => exampleOf(one, extent, of)
  if (schema.anyOf)
    return extent === 'everything' && /_at$|_until$|_for$/.test(name) ? null : inner(schema.anyOf[0], name)
  if (schema.either) return inner(schema.either[0], name)
  if (schema.enum) return schema.enum[0]
  if (schema.items) return [inner(schema.items, name.replace(/s$/, ''))]
  if (schema.values) return { kctbh9vrtdwd: inner(schema.values, name) }
  if (schema.properties) {
    return Object.fromEntries(
      Object.entries(schema.properties)
        .filter(([key], at) => extent === 'everything' || isNeeded(schema, key, at))
        .map(([key, one]) => [key, inner(one, key)]),
    )
  }
  if (schema.type === 'boolean') return true
  if (schema.type === 'integer' || schema.type === 'number')
    return Math.max(schema.minimum ?? 0, name === 'timestamp' ? 1_763_805_600 : 1)
  if (schema.type === 'string') return textOf(schema, name)
  return {}
}

/** Where nothing is, the first two show how it goes. */
function isNeeded({ required = [] }: Schema, key: string, at: number): boolean {
  return required.length > 0 ? required.includes(key) : at < 2
}

function textOf({ format, pattern, expected }: Schema, name: string): string {
  if (format === 'date-time') return '2026-11-21T19:05:00Z'
  if (format === 'date') return '2026-11-21'
  if (Object.hasOwn(known, name)) return known[name]!
  if (pattern !== undefined) return 'kctbh9vrtdwd'
  return expected?.split('such as ')[1] ?? 'Text'
}
