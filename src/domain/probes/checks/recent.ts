/** The last counted checks of a probe, oldest first, a letter each. */
export type Recent = string & { readonly recent: unique symbol }

const letters = { pass: 'p', slow: 's', fail: 'f' } as const
const digits = 'psf'

/** How many are kept. */
export const mostRecent = 30

export const noneRecent = '' as Recent

export function withRecent(recent: Recent, outcome: keyof typeof letters): Recent {
  return (recent + letters[outcome]).slice(-mostRecent) as Recent
}

/** Without the last `count` of them. */
export function withoutLast(recent: Recent, count: number): Recent {
  return recent.slice(0, Math.max(0, recent.length - count)) as Recent
}

export function failuresIn(recent: Recent): number {
  let count = 0
  for (const letter of recent) if (letter === letters.fail) count += 1
  return count
}

/** As it is kept, in at most twelve characters: two bits each, behind a one that marks the beginning. */
export function packed(recent: Recent): string {
  let bits = 1n
  for (const letter of recent) bits = (bits << 2n) | BigInt(digits.indexOf(letter))
  return bits.toString(36)
}

export function unpacked(text: string): Recent {
  let bits = 0n
  for (const digit of text) bits = bits * 36n + BigInt(Number.parseInt(digit, 36))
  let recent = ''
  for (; bits > 1n; bits >>= 2n) recent = (digits[Number(bits & 3n)] ?? letters.fail) + recent
  return recent as Recent
}
