/** A field of what was changed, as it was and as it is since; null: there was or is nothing in it. */
export interface Difference {
  readonly field: string
  readonly before: string | null
  readonly after: string | null
}

const longest = 400

/**
 * What these fields were and are, for the log; of what has fields itself, those that differ. Only for what may stand
 * there for good: no secrets, no addresses.
 */
export function differences<Fields extends string>(
  fields: readonly Fields[],
  before: Readonly<Record<Fields, unknown>>,
  after: Readonly<Record<Fields, unknown>>,
): Difference[] {
  return fields.flatMap((field) => differing(field, before[field], after[field]))
}

function differing(field: string, before: unknown, after: unknown): Difference[] {
  const [was, is] = [partsOf(before), partsOf(after)]
  if (!was || !is) return [{ field, before: inText(before), after: inText(after) }]
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  return names
    .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .flatMap((name) => differing(`${field}.${name}`, was[name], is[name]))
}

/** A thing with fields of its own, or the text in which it is stored. */
function partsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value === 'string' && value.startsWith('{')) {
    try {
      return partsOf(JSON.parse(value) as unknown)
    } catch {
      // A text that begins like one.
      return null
    }
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
}

function inText(value: unknown): string | null {
  if (value === null || value === undefined || value === '') return null
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text
}
