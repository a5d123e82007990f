import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createToken, revokeToken, tokens } from '../../domain/accounts/tokens.ts'
import { Refusal } from '../../lib/errors.ts'
import { operators } from '../shared/access.ts'
import { type FormState, filled, formOf, only, refused, statusOf } from '../shared/forms.ts'
import { type Desk, signedIn } from './desk.ts'
import { done } from './done.ts'

const usual = filled({ scope: 'metrics', expiresInDays: '365' })

/** What lets programs in. */
export function tokenRoutes(face: FastifyInstance, desk: Desk): void {
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    state: FormState,
    status: number,
    secret: string | null,
  ) =>
    desk.show(request, reply, 'admin/tokens', {
      title: 'Tokens',
      model: { tokens: await tokens(desk.db), state, secret },
      status,
    })

  face.get('/tokens', { config: { access: operators('configure') } }, (request, reply) =>
    show(request, reply, usual, 200, null),
  )

  // No redirect: the secret is shown this once.
  face.post('/tokens', { config: { access: operators('configure') } }, async (request, reply) => {
    const form = formOf(request.body)
    try {
      const wish = only(form, ['name', 'scope', 'expiresInDays'])
      const { secret } = await desk.change(signedIn(request).actor, (it) => createToken(it, wish))
      return await show(request, reply, usual, 201, secret)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return show(request, reply, refused(form, error), statusOf(error), null)
    }
  })

  face.post('/tokens/:id/revoke', { config: { access: operators('configure') } }, async (request, reply) => {
    const { id } = request.params as { id: string }
    await desk.change(signedIn(request).actor, (it) => revokeToken(it, id))
    return reply.redirect(done('/admin/tokens', 'revoked'), 303)
  })
}
