import type { FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import type { Token } from '../../domain/accounts/account.ts'
import { Forbidden, Refusal } from '../../lib/errors.ts'
import { accessOf } from '../shared/access.ts'
import { tokenBrought } from '../shared/token-door.ts'

/** There is no token in the request, or none that opens anything. */
export class NotSignedIn extends Refusal {}

/**
 * The token of a request, if it may do what the route declares. It comes as `Authorization: OAuth <token>` or `Bearer
 * <token>`, in whatever case. Never in the address, `?api_key=…`, although the contract has that: addresses stand in logs,
 * in histories and in the referrers of others (docs/decisions/042).
 */
export async function tokenOf(request: FastifyRequest, parts: Pick<Deps, 'db' | 'clock'>): Promise<Token> {
  if ('api_key' in (request.query as object)) {
    throw new NotSignedIn(
      'Could not authenticate: send the token in a header, “Authorization: OAuth <token>”, not in the address. If it was a real one, change it: addresses are logged on the way.',
    )
  }
  const [, secret] = /^(?:oauth|bearer) +(\S{1,200})$/i.exec(request.headers.authorization ?? '') ?? []
  const token = secret === undefined ? null : await tokenBrought(request, secret, parts)
  if (!token) throw new NotSignedIn('Could not authenticate')
  const access = accessOf(request)
  if (access?.to !== 'tokens' || !access.scopes.includes(token.scope))
    throw new Forbidden(`A token that may only ${token.scope} may not do this.`)
  return token
}
