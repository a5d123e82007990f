import { LRUCache } from 'lru-cache'
import { type Clock, millisecondsOf } from '../../lib/clock.ts'
import { TooMany } from '../../lib/errors.ts'

/** How many wrong ones a network may bring in a minute. */
const free = 30
const windowMs = 60_000

/** Nobody guesses 256 bits; whoever tries must not keep the database busy either. */
export interface WrongSecrets {
  /** Refuses while a network has to wait. */
  admit(network: string): void
  note(network: string): void
}

/** `what`, in words: tokens, links. */
export function wrongSecrets(clock: Clock, what: string): WrongSecrets {
  const windows = new LRUCache<string, { readonly began: number; readonly count: number }>({ max: 10_000 })
  const present = (network: string): { readonly began: number; readonly count: number; readonly now: number } => {
    const now = millisecondsOf(clock.now())
    const last = windows.get(network)
    const isOn = last !== undefined && now >= last.began && now - last.began < windowMs
    return { ...(isOn ? last : { began: now, count: 0 }), now }
  }
  return {
    admit(network) {
      const { began, count, now } = present(network)
      if (count < free) return
      const wait = Math.max(1, Math.ceil((began + windowMs - now) / 1000))
      throw new TooMany(`Too many wrong ${what} came from this network. Try again in ${wait} seconds.`, wait)
    },
    note(network) {
      const { began, count } = present(network)
      windows.set(network, { began, count: count + 1 })
    },
  }
}
