import { type Instant, secondsBetween } from '../../lib/clock.ts'

/** So many in a while of each network, in memory alone, and of so many networks that it never fills the memory. */
export interface NetworkLimit {
  /** False: not now. */
  take(network: string, now: Instant): boolean
}

const mostNetworks = 20_000

export function createNetworkLimit(most: number, seconds: number): NetworkLimit {
  const known = new Map<string, { readonly since: Instant; count: number }>()
  return {
    take(network, now) {
      const before = known.get(network)
      if (before && secondsBetween(before.since, now) < seconds) {
        before.count += 1
        return before.count <= most
      }
      known.delete(network)
      // The oldest goes first: it is the likeliest to be over anyway.
      const [oldest] = known.size >= mostNetworks ? known.keys() : []
      if (oldest !== undefined) known.delete(oldest)
      known.set(network, { since: now, count: 1 })
      return true
    },
  }
}
