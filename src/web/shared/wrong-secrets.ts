import type { Clock } from '../../lib/clock.ts'
import { TooMany } from '../../lib/errors.ts'
import { millisecondsBy, rateLimit } from '../../lib/rate-limit.ts'
import { recentlyKnown } from '../../lib/recently-known.ts'
import { inSeconds } from './rate-limit-headers.ts'

/** Nobody guesses 256 bits; whoever tries must not keep the database busy either. Secrets come as their hashes. */
export interface WrongSecrets {
  /** Refuses while a network has to wait. Who sends what was right before does not wait for a neighbour who guesses. */
  admit(network: string, hash?: string): void
  wrong(network: string, hash?: string): void
  right(hash: string): void
}

/** `what`, in words: tokens, links. `most` of them are wrong in a minute. */
export function wrongSecrets(clock: Clock, what: string, most = 30): WrongSecrets {
  const limit = rateLimit({ name: `wrong ${what}`, most, seconds: 60 }, millisecondsBy(clock))
  const known = recentlyKnown<true>(10_000)
  return {
    admit(network, hash = '') {
      const standing = limit.look(network)
      if (!standing.isOver || known.has(hash)) return
      const sentence = `Too many wrong ${what} came from this network. Try again in ${inSeconds(standing)}.`
      throw new TooMany(sentence, standing.wait)
    },
    wrong(network, hash = '') {
      known.delete(hash)
      limit.take(network)
    },
    right: (hash) => void known.set(hash, true),
  }
}
