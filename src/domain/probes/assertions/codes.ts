/** Which codes are accepted: `200-299,401`. HTTP has them from 100 to 599, gRPC and DNS from 0. */
export type Codes = readonly (readonly [number, number])[]

const [most, highest] = [20, 4095]

/** Reads codes and ranges of them, at most twenty, or answers null. */
export function parseCodes(text: string): Codes | null {
  const parts = text.split(',')
  if (parts.length > most) return null
  const ranges: [number, number][] = []
  for (const part of parts) {
    const match = /^\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?$/.exec(part)
    if (!match) return null
    const from = Number(match[1])
    const to = Number(match[2] ?? match[1])
    if (to < from || to > highest) return null
    ranges.push([from, to])
  }
  return ranges
}

export function isIn(code: number, codes: Codes): boolean {
  return codes.some(([from, to]) => code >= from && code <= to)
}

/** Whether the ranges hold every code from one to another. */
export function isAll(codes: Codes, first: number, last: number): boolean {
  let next = first
  for (const [from, to] of codes.toSorted(([a], [b]) => a - b)) {
    if (from > next) return false
    next = Math.max(next, to + 1)
  }
  return next > last
}
