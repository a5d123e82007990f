/** Chance that comes out the same again for the same seed. */
export interface Chance {
  /** At least 0, less than 1. */
  next(): number
  /** At least 0, less than `end`. */
  below(end: number): number
  is(likelihood: number): boolean
  of<T>(list: readonly T[]): T
}

/** Mulberry32: short, and good enough to choose with. */
export function chance(seed: number): Chance {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (end: number): number => Math.floor(next() * end)
  return {
    next,
    below,
    is: (likelihood) => next() < likelihood,
    of<T>(list: readonly T[]): T {
      if (list.length === 0) throw new Error('There is nothing to choose from.')
      return list[below(list.length)] as T
    },
  }
}
