import type { FastifyRequest } from 'fastify'
import type { Deps } from '../../deps.ts'
import { readSite } from '../../domain/site/queries.ts'
import type { Site } from '../../domain/site/site.ts'
import { NotFound } from '../../lib/errors.ts'
import type { Limit } from './limit.ts'
import { tokenOf } from './token.ts'

/** What the face for programs needs of the product. */
export type ApiParts = Pick<Deps, 'db' | 'clock'>

export interface Api extends ApiParts {
  /** Whose page is asked for, once the token is known to open it. */
  enter(request: FastifyRequest): Promise<Site>
}

/** A request comes in with a token that may, not too often, and to the page that there is. */
export function entrance({ db, clock }: ApiParts, limit: Limit): Api['enter'] {
  return async (request) => {
    const token = await tokenOf(request, { db, clock })
    limit(token.id)
    const site = await readSite(db)
    const { page } = request.params as { readonly page?: string }
    if (page !== site.id) throw new NotFound('There is no such page.')
    return site
  }
}
