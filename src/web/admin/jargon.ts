import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { addJargon, listJargon, removeJargon } from '../../domain/coach/jargon.ts'
import { operators } from '../shared/access.ts'
import { type FormState, filled, only } from '../shared/forms.ts'
import { localeOptions } from './choices.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { done } from './done.ts'

/** The words that this site's customers do not use, for the coach. */
export function jargonRoutes(face: FastifyInstance, desk: Desk): void {
  const page = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) =>
    desk.show(request, reply, 'admin/jargon', {
      title: 'Words for the coach',
      model: { state, words: await listJargon(desk.db), locales: localeOptions() },
      status,
    })

  face.get('/settings/words', { config: { access: operators('configure') } }, (request, reply) =>
    page(request, reply, filled({}), 200),
  )

  face.post('/settings/words', { config: { access: operators('configure') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const word = only(given, ['word', 'instead', 'locale'])
        await desk.change(signedIn(request).actor, (it) => addJargon(it, word))
        return done('/admin/settings/words', 'changed')
      },
      (state, status) => page(request, reply, state, status),
    ),
  )

  face.post('/settings/words/:id/remove', { config: { access: operators('configure') } }, async (request, reply) => {
    const { id } = request.params as { id: string }
    await desk.change(signedIn(request).actor, (it) => removeJargon(it, id))
    return reply.redirect(done('/admin/settings/words', 'removed'), 303)
  })
}
