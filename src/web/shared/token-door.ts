import type { FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import type { Db } from '../../database/database.ts'
import type { Token } from '../../domain/accounts/account.ts'
import { tokenOfSecret } from '../../domain/accounts/tokens.ts'
import type { Clock } from '../../lib/clock.ts'
import { coarseNetwork, networkBlock } from '../../lib/network-block.ts'
import { hashOfSecret } from '../../lib/secrets.ts'
import { type WrongSecrets, wrongSecrets } from './wrong-secrets.ts'

const doors = new WeakMap<Db, WrongSecrets>()

/**
 * The token with this secret that a request brings. A wrong one costs at most one indexed read; a network that goes on
 * sending wrong ones has to wait, and then costs none.
 */
export async function tokenBrought(
  request: FastifyRequest,
  secret: string,
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
): Promise<Token | null> {
  const door = doorOf(db, clock)
  const hash = hashOfSecret(secret)
  const network = networkBlock(request.ip)
  door.admit(network, hash)
  const token = await tokenOfSecret(db, secret, clock.now(), coarseNetwork(request.ip))
  if (token) door.right(hash)
  else door.wrong(network, hash)
  return token
}

function doorOf(db: Db, clock: Clock): WrongSecrets {
  const door = doors.get(db) ?? wrongSecrets(clock, 'tokens')
  doors.set(db, door)
  return door
}
