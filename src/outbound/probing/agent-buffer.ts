/** What was found and not yet reported. Bounded: the oldest goes first, and never the newest of a probe. */
export interface Buffer<Item> {
  put(items: readonly Item[]): void
  /** The oldest of it, at most so many. */
  first(most: number): Item[]
  /** Forgets the oldest, which were reported. */
  drop(count: number): void
  readonly size: number
  /** How many were lost since the start, because there was no room. */
  readonly lost: number
}

/** Thrown out at once, so that a full buffer is not gone through for each result. */
const share = 0.1

export function agentBuffer<Item extends { readonly probeId: string }>(most: number): Buffer<Item> {
  let items: Item[] = []
  let lost = 0

  function makeRoom(): void {
    const newest = new Map<string, Item>()
    for (const item of items) newest.set(item.probeId, item)
    let excess = items.length - Math.floor(most * (1 - share))
    const kept = items.filter((item) => {
      if (excess <= 0 || newest.get(item.probeId) === item) return true
      excess -= 1
      return false
    })
    lost += items.length - kept.length
    items = kept
  }

  return {
    put(more) {
      for (const item of more) items.push(item)
      if (items.length > most) makeRoom()
    },
    first: (count) => items.slice(0, count),
    drop(count) {
      items = items.slice(count)
    },
    get size() {
      return items.length
    },
    get lost() {
      return lost
    },
  }
}
