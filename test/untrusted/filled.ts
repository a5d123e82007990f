import type { Schema } from '../../src/lib/fields.ts'

/** A text for a field of this kind, at most so long. */
export type Text = (kind: 'line' | 'prose', most: number) => string

/**
 * An input with a text in every field that takes one, however deep it stands, and nothing in the others but what is
 * given: a field that somebody adds to an input is filled by itself.
 */
export function filled(schema: Schema, text: Text, given: Readonly<Record<string, unknown>> = {}): never {
  const made: Record<string, unknown> = { ...given }
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (name in given) continue
    const value = valueOf(field, text)
    if (value !== undefined) made[name] = value
  }
  return made as never
}

function valueOf(field: Schema, text: Text): unknown {
  const node = field.anyOf?.[0] ?? field
  if (node.reads === 'line' || node.reads === 'prose') return text(node.reads, node.maxLength ?? 60)
  if (node.properties) {
    const made: object = filled(node, text)
    // One that needs more than words is somebody else's to give.
    return node.required?.every((name) => name in made) === false ? undefined : made
  }
  if (node.items) {
    const item = valueOf(node.items, text)
    return item === undefined ? undefined : [item]
  }
  return undefined
}
