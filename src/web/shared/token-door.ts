import type { FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Deps } from '../../deps.ts'
import type { Db } from '../../database/database.ts'
import type { Token } from '../../domain/accounts/account.ts'
import { tokenOfSecret } from '../../domain/accounts/tokens.ts'
import type { Clock } from '../../lib/clock.ts'
import { coarseNetwork, networkBlock } from '../../lib/network-block.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import { type WrongSecrets, wrongSecrets } from './wrong-secrets.ts'

interface Door {
  readonly wrong: WrongSecrets
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
  const { wrong, known } = doorOf(db, clock)
  const hash = hashOfSecret(secret)
  const network = networkBlock(request.ip)
  if (!known.has(hash)) wrong.admit(network)
  const token = await tokenOfSecret(db, secret, clock.now(), coarseNetwork(request.ip))
  if (token) known.set(hash, true)
  else {
    known.delete(hash)
    wrong.note(network)
  }
  return token
}

function doorOf(db: Db, clock: Clock): Door {
  const door = doors.get(db) ?? { wrong: wrongSecrets(clock, 'tokens'), known: new LRUCache({ max: 500 }) }
  doors.set(db, door)
  return door
}
