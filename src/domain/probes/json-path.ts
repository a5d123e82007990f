/**
 * Paths into JSON: the singular queries of RFC 9535 and nothing more, as `$.checks[0].status`, `$['a b'].c`, `$[-1]`. The
 * rest of JSONPath brings filters and regular expressions, and with them patterns that stop the prober for good.
 */
export type JsonPath = readonly (string | number)[]

const segment =
  /\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|\[(-?\d{1,9})\]|\['((?:[^'\\]|\\['\\])*)'\]|\["((?:[^"\\]|\\["\\])*)"\]/y

/** Reads a path of at most 32 steps, or answers null. */
export function parseJsonPath(text: string): JsonPath | null {
  if (!text.startsWith('$') || text.length > 500) return null
  const steps: (string | number)[] = []
  segment.lastIndex = 1
  let end = 1
  while (end < text.length) {
    const match = segment.exec(text)
    if (!match || steps.length === 32) return null
    end = segment.lastIndex
    const [, name, index, single, double] = match
    if (name !== undefined) steps.push(name)
    else if (index !== undefined) steps.push(Number(index))
    else steps.push((single ?? double ?? '').replace(/\\(.)/g, '$1'))
  }
  return steps
}

/** What stands there, in a list of one; an empty list where there is nothing: a missing key is not a null. */
export function valueAt(json: unknown, path: JsonPath): [] | [unknown] {
  let value = json
  for (const step of path) {
    if (typeof step === 'number') {
      if (!Array.isArray(value)) return []
      const index = step < 0 ? value.length + step : step
      if (index < 0 || index >= value.length) return []
      value = (value as unknown[])[index]
    } else {
      if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, step)) return []
      value = (value as Record<string, unknown>)[step]
    }
  }
  return [value]
}
