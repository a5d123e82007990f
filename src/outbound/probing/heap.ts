/** What comes first is taken first; of two at the same time, either. */
export interface Heap<T> {
  put(at: number, item: T): void
  /** When the first is due; infinitely late where there is none. */
  firstAt(): number
  take(): { readonly at: number; readonly item: T } | null
  clear(): void
}

/** A binary heap in two arrays: to put in or take out of ten thousand costs fourteen steps. */
export function heap<T>(): Heap<T> {
  let times: number[] = []
  let items: T[] = []

  function swap(a: number, b: number): void {
    const [time, item] = [times[a] as number, items[a] as T]
    times[a] = times[b] as number
    items[a] = items[b] as T
    times[b] = time
    items[b] = item
  }

  const timeAt = (index: number): number => times[index] ?? Infinity

  function rise(from: number): void {
    for (let index = from; index > 0;) {
      const parent = (index - 1) >> 1
      if (timeAt(parent) <= timeAt(index)) return
      swap(parent, index)
      index = parent
    }
  }

  function sink(): void {
    for (let index = 0; ;) {
      const left = 2 * index + 1
      const least = timeAt(left + 1) < timeAt(left) ? left + 1 : left
      if (timeAt(least) >= timeAt(index)) return
      swap(least, index)
      index = least
    }
  }

  return {
    put(at, item) {
      times.push(at)
      items.push(item)
      rise(times.length - 1)
    },
    firstAt: () => timeAt(0),
    take() {
      if (times.length === 0) return null
      swap(0, times.length - 1)
      const taken = { at: times.pop() as number, item: items.pop() as T }
      sink()
      return taken
    },
    clear() {
      times = []
      items = []
    },
  }
}
