/** Counts of durations, as `/metrics` shows them: how many took no longer than each bound, and the rest. */
export interface Histogram {
  readonly counts: readonly number[]
  readonly sum: number
  readonly most: number
}

/** Milliseconds. */
export const bounds: readonly number[] = [
  1, 2, 3, 5, 7, 10, 15, 20, 30, 40, 50, 60, 70, 80, 90, 100, 125, 150, 200, 300, 500, 1000, 2000, 5000, 10_000, 60_000,
]

export interface Recorder {
  add(milliseconds: number): void
  read(): Histogram
}

export function recorder(): Recorder {
  const counts = Array.from({ length: bounds.length + 1 }, () => 0)
  let [sum, most] = [0, 0]
  return {
    add(milliseconds) {
      const place = bounds.findIndex((bound) => milliseconds <= bound)
      const index = place === -1 ? bounds.length : place
      counts[index] = (counts[index] ?? 0) + 1
      sum += milliseconds
      most = Math.max(most, milliseconds)
    },
    read: () => ({ counts: [...counts], sum, most }),
  }
}

/** The bound below which this share of them lies; null: there is none. */
export function quantile({ counts, most }: Histogram, share: number): number | null {
  const all = counts.reduce((a, b) => a + b, 0)
  let seen = 0
  for (const [index, count] of counts.entries()) {
    seen += count
    if (all > 0 && seen >= all * share) return Math.min(bounds[index] ?? most, most)
  }
  return null
}
