import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Scope, scopes } from '../../../domain/accounts/account.ts'
import {
  createToken,
  endFormerSecret,
  isEndingSoon,
  renewToken,
  revokeToken,
  tokens,
} from '../../../domain/accounts/tokens.ts'
import { readSite } from '../../../domain/site/queries.ts'
import type { Instant } from '../../../lib/clock.ts'
import { Refusal } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, filled, formOf, only, refused, statusOf } from '../../shared/forms.ts'
import { type Desk, signedIn } from '../desk.ts'
import { done } from '../done.ts'
import { leadToOnce, shownOnce } from '../shown-once.ts'
import { type NewSecret, exampleFor, scopeWords } from './token-words.ts'

const list = '/admin/tokens'
const usual = filled({ scope: 'metrics', expiresInDays: '365' })
const access = { config: { access: operators('configure') } }
/** A new secret is a way in that outlives the session. */
const forSure = { config: { access: operators('configure', { fresh: true }) } }

/** What lets programs in. */
export function tokenRoutes(face: FastifyInstance, desk: Desk): void {
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    { state = usual, status = 200, made = null }: { state?: FormState; status?: number; made?: NewSecret | null },
  ) => {
    const { id: page } = await readSite(desk.db)
    const example = (scope: Scope): string => exampleFor(scope, { url: desk.config.url, page })
    const model = {
      tokens: await tokens(desk.db, desk.clock.now()),
      scopes: scopes.map((scope) => ({ value: scope, label: scopeWords[scope], example: example(scope) })),
      state,
      made,
      endsSoon: (at: Instant) => isEndingSoon(at, desk.clock.now()),
    }
    return desk.show(request, reply, 'admin/tokens', { title: 'Tokens', model, status })
  }
  const making = async (request: FastifyRequest, reply: FastifyReply, make: () => Promise<NewSecret>) => {
    try {
      return await leadToOnce(request, reply, desk, { page: list, what: await make() })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return show(request, reply, { state: refused(formOf(request.body), error), status: statusOf(error) })
    }
  }

  face.get('/tokens', access, (request, reply) =>
    show(request, reply, { made: shownOnce<NewSecret>(request, reply, desk, list) }),
  )

  face.post('/tokens', forSure, (request, reply) =>
    making(request, reply, async () => {
      const wish = only(formOf(request.body), ['name', 'scope', 'expiresInDays'])
      const { secret } = await desk.change(signedIn(request).actor, (it) => createToken(it, wish))
      return { secret, name: wish.name, formerUntil: null, isNew: true }
    }),
  )

  face.post<{ Params: { id: string } }>('/tokens/:id/renew', forSure, (request, reply) =>
    making(request, reply, async () => {
      const { id } = request.params
      const wish = only(formOf(request.body), ['overlapHours'])
      const { secret, name, formerUntil } = await desk.change(signedIn(request).actor, (it) => renewToken(it, id, wish))
      return { secret, name, formerUntil, isNew: false }
    }),
  )

  for (const [path, what, command] of [
    ['end-former', 'former-ended', endFormerSecret],
    ['revoke', 'revoked', revokeToken],
  ] as const) {
    face.post<{ Params: { id: string } }>(`/tokens/:id/${path}`, access, async (request, reply) => {
      await desk.change(signedIn(request).actor, (it) => command(it, request.params.id))
      return reply.redirect(done(list, what), 303)
    })
  }
}
