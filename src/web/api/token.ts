import type { FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import type { Token } from '../../domain/accounts/account.ts'
import { tokenOfSecret } from '../../domain/accounts/tokens.ts'
import { Forbidden, Refusal } from '../../lib/errors.ts'
import { accessOf } from '../shared/access.ts'

/** There is no token in the request, or none that opens anything. */
export class NotSignedIn extends Refusal {}

/**
 * The token of a request, if it may do what the route declares. It comes as `Authorization: OAuth <token>` or `Bearer
 * <token>`, in whatever case; or as `?api_key=<token>`, as older programs send it.
 */
export async function tokenOf(request: FastifyRequest, { db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<Token> {
  const { authorization = '' } = request.headers
  const { api_key: key } = request.query as { readonly api_key?: unknown }
  const secret = /^(?:oauth|bearer) +(\S{1,200})$/i.exec(authorization)?.[1] ?? (typeof key === 'string' ? key : null)
  const token = secret === null ? null : await tokenOfSecret(db, secret, clock.now())
  if (!token) throw new NotSignedIn('Could not authenticate')
  const access = accessOf(request)
  if (access?.to !== 'tokens' || !access.scopes.includes(token.scope))
    throw new Forbidden(`A token that may only ${token.scope} may not do this.`)
  return token
}
