export type Labels = Readonly<Record<string, string>>

export interface Sample {
  readonly labels: Labels
  readonly value: number
}

/** Only ever counts up, from the start of the process. */
export interface Counter {
  add(labels: Labels, by?: number): void
  read(): readonly Sample[]
}

/** How many were no more than each bound, in the unit of the bounds; the last count is of those beyond all of them. */
export interface Distribution {
  readonly labels: Labels
  readonly counts: readonly number[]
  readonly sum: number
}

export interface Recorder {
  readonly bounds: readonly number[]
  observe(value: number, labels?: Labels): void
  read(): readonly Distribution[]
}

/** What is counted stays in memory for good: labels come from short lists, never from what somebody typed. */
export function counter(): Counter {
  const values = new Map<string, { labels: Labels; value: number }>()
  return {
    add(labels, by = 1) {
      const key = keyOf(labels)
      const known = values.get(key)
      if (known) known.value += by
      else values.set(key, { labels, value: by })
    },
    read: () => [...values.values()].map((sample) => ({ ...sample })),
  }
}

export function recorder(bounds: readonly number[]): Recorder {
  const all = new Map<string, { labels: Labels; counts: number[]; sum: number }>()
  return {
    bounds,
    observe(value, labels = {}) {
      const key = keyOf(labels)
      const one = all.get(key) ?? { labels, counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 }
      all.set(key, one)
      const place = bounds.findIndex((bound) => value <= bound)
      const index = place === -1 ? bounds.length : place
      one.counts[index] = (one.counts[index] ?? 0) + 1
      one.sum += value
    },
    read: () => [...all.values()].map(({ counts, ...rest }) => ({ ...rest, counts: [...counts] })),
  }
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels))
}
