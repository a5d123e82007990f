import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Deps } from '../../deps.ts'
import type { Db } from '../../database/database.ts'
import type { Token } from '../../domain/accounts/account.ts'
import { tokenOfSecret } from '../../domain/accounts/tokens.ts'
import { millisecondsOf } from '../../lib/clock.ts'
import { TooMany } from '../../lib/errors.ts'
import { coarseNetwork, networkBlock } from '../../lib/network-block.ts'
import { hashOfSecret } from '../../lib/secrets.ts'

/** How many wrong tokens a network may send in a minute. */
const free = 30
const windowMs = 60_000

interface Door {
  readonly wrong: LRUCache<string, { readonly began: number; count: number }>
  /** Hashes of tokens that were right: who sends one does not wait for a neighbour who guesses. */
  readonly known: LRUCache<string, true>
}

const doors = new WeakMap<Db, Door>()

/**
 * The token with this secret that a request brings. A wrong one costs at most one indexed read; a network that goes on
 * sending wrong ones has to wait, and then costs none.
 */
export async function tokenBrought(
  request: FastifyRequest,
  secret: string,
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
): Promise<Token | null> {
  const { wrong, known } = doorOf(db)
  const hash = hashOfSecret(secret)
  const network = networkBlock(request.ip)
  const now = millisecondsOf(clock.now())
  const last = wrong.get(network)
  const window = last && now >= last.began && now - last.began < windowMs ? last : { began: now, count: 0 }
  if (window.count >= free && !known.has(hash)) {
    const wait = Math.max(1, Math.ceil((window.began + windowMs - now) / 1000))
    throw new TooMany(`Too many wrong tokens came from this network. Try again in ${wait} seconds.`, wait)
  }
  const token = await tokenOfSecret(db, secret, clock.now(), coarseNetwork(request.ip))
  if (token) known.set(hash, true)
  else {
    known.delete(hash)
    wrong.set(network, { ...window, count: window.count + 1 })
  }
  return token
}

function doorOf(db: Db): Door {
  const door = doors.get(db) ?? { wrong: new LRUCache({ max: 10_000 }), known: new LRUCache({ max: 500 }) }
  doors.set(db, door)
  return door
}
