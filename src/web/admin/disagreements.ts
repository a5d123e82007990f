import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { disagreements } from '../../domain/probes/disagreements.ts'
import { explain } from '../../domain/probes/explaining.ts'
import { NotFound } from '../../lib/errors.ts'
import { operators } from '../shared/access.ts'
import { type FormState, filled, only } from '../shared/forms.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { done } from './done.ts'
import { apart } from './translations.ts'

/** Where checks find something else than the page says: it can be explained, not erased. */
export function disagreementRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const { components } = await desk.readSnapshot()
    const component = components.find(({ id }) => id === idOf(request))
    const [disagreement] = component ? await disagreements(desk.db, [component]) : []
    if (!component || !disagreement)
      throw new NotFound('Our checks find what the page says: there is nothing to explain.')
    return desk.show(request, reply, 'admin/disagreement', {
      title: `Explain what our checks find of “${component.name}”`,
      model: { disagreement, state },
      status,
    })
  }

  face.get('/disagreements/:id', { config: { access: operators('disclose') } }, (request, reply) =>
    form(request, reply, filled({}), 200),
  )

  face.post('/disagreements/:id', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { rest, translations } = apart(given)
        const { body } = only(rest, ['body'])
        await desk.change(signedIn(request).actor, (it) => explain(it, idOf(request), { body, translations }))
        return done('/admin', 'published')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
