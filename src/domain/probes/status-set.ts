/** Which HTTP statuses are accepted: `200-299,401`. */
export type StatusSet = readonly (readonly [number, number])[]

/** Reads a set of statuses, or answers null: codes and ranges from 100 to 599, at most twenty. */
export function parseStatusSet(text: string): StatusSet | null {
  const parts = text.split(',')
  if (parts.length > 20) return null
  const ranges: [number, number][] = []
  for (const part of parts) {
    const match = /^\s*([1-5]\d\d)\s*(?:-\s*([1-5]\d\d)\s*)?$/.exec(part)
    if (!match) return null
    const from = Number(match[1])
    const to = Number(match[2] ?? match[1])
    if (to < from) return null
    ranges.push([from, to])
  }
  return ranges
}

export function isExpected(status: number, set: StatusSet): boolean {
  return set.some(([from, to]) => status >= from && status <= to)
}
