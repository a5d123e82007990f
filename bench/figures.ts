/** What stands in the middle of what was measured. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** The share of pairs in which the first is the slower one: 0.5 where nobody can tell them apart. */
export function areaUnder(slower: readonly number[], faster: readonly number[]): number {
  const wins = slower.reduce((sum, a) => sum + faster.reduce((won, b) => won + (a > b ? 1 : a === b ? 0.5 : 0), 0), 0)
  return wins / (slower.length * faster.length)
}
