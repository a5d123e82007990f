import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changeLook } from '../../domain/site/look.ts'
import { readSite } from '../../domain/site/queries.ts'
import { operators } from '../shared/access.ts'
import { type FormState, filled, only } from '../shared/forms.ts'
import { takeFiles } from '../shared/multipart.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { done } from './done.ts'

/** How the page looks: colour, logo, and the site's own style sheet. */
export function lookRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const { look } = await readSite(desk.db)
    return desk.show(request, reply, 'admin/look', { title: 'Look', model: { state, logo: look.logo }, status })
  }

  face.get('/settings/look', { config: { access: operators('configure') } }, async (request, reply) => {
    const { accent, accentDark, css } = (await readSite(desk.db)).look
    return form(request, reply, filled({ accent: accent ?? '', accentDark: accentDark ?? '', css: css ?? '' }), 200)
  })

  void face.register((inside, _options, ready) => {
    takeFiles(inside)
    inside.post('/settings/look', { config: { access: operators('configure') } }, (request, reply) => {
      const { logo, ...rest } = request.body as { readonly logo?: unknown }
      request.body = rest
      return submit(
        request,
        reply,
        async (given) => {
          const { accent, accentDark, css, without } = only(given, ['accent', 'accentDark', 'css', 'without'])
          const picture = Buffer.isBuffer(logo) ? logo : without === 'logo' ? 'remove' : 'keep'
          await desk.change(signedIn(request).actor, (it) => changeLook(it, { accent, accentDark, css }, picture))
          return done('/admin/settings/look', 'changed')
        },
        (state, status) => form(request, reply, state, status),
      )
    })
    ready()
  })
}
