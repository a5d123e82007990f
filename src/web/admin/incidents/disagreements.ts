import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { disagreements } from '../../../domain/probes/engine/disagreements.ts'
import { explain } from '../../../domain/probes/engine/explaining.ts'
import { NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type FormState, only } from '../../shared/forms.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { apart } from '../translations.ts'
import { begun, said, withoutScratch, writingOn } from '../writing.ts'

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
      model: {
        disagreement,
        state,
        writing: await writingOn(desk, request, subjectFor(request), { isAgain: state.fault !== null }),
      },
      status,
    })
  }

  face.get('/disagreements/:id', { config: { access: operators('disclose') } }, async (request, reply) =>
    form(request, reply, await begun(desk, request, subjectFor(request), {}), 200),
  )

  face.post('/disagreements/:id', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { rest, translations } = apart(withoutScratch(given))
        const { body } = only(rest, ['body'])
        await desk.change(signedIn(request).actor, async (it) => {
          await explain(it, idOf(request), { body, translations })
          await said(it, request, subjectFor(request))
        })
        return done('/admin', 'published')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}

function subjectFor(request: FastifyRequest): string {
  return `disagreement:${idOf(request)}`
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
