/** The last counted checks of a probe in a few letters: two bits each, behind a one that marks the beginning. */
export type Recent = string & { readonly recent: unique symbol }

const words = ['pass', 'slow', 'fail'] as const
type Counted = (typeof words)[number]

/** How many are kept. */
export const mostRecent = 30

export const noneRecent = packed([])

/** Oldest first. */
export function recentOf(recent: Recent): readonly Counted[] {
  let bits = [...recent].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n)
  const found: Counted[] = []
  for (; bits > 1n; bits >>= 2n) found.unshift(words[Number(bits & 3n)] ?? 'fail')
  return found
}

export function withRecent(recent: Recent, outcome: Counted): Recent {
  return packed([...recentOf(recent), outcome].slice(-mostRecent))
}

/** Without the last `count` of them. */
export function withoutLast(recent: Recent, count: number): Recent {
  const kept = recentOf(recent)
  return packed(kept.slice(0, Math.max(0, kept.length - count)))
}

function packed(outcomes: readonly Counted[]): Recent {
  return outcomes.reduce((bits, outcome) => (bits << 2n) | BigInt(words.indexOf(outcome)), 1n).toString(36) as Recent
}
