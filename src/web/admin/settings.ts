import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changeSite } from '../../domain/site/commands.ts'
import { readSite } from '../../domain/site/queries.ts'
import { operators } from '../shared/access.ts'
import { type FormState, filled, only } from '../shared/forms.ts'
import { localeOptions, zoneOptions } from './choices.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { done } from './done.ts'
import { apart, translationValues } from './translations.ts'

/** What the site says about itself. How it is run stands in the environment. */
export function settingsRoutes(face: FastifyInstance, desk: Desk): void {
  const form = (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) =>
    desk.show(request, reply, 'admin/settings', {
      title: 'Settings',
      model: { state, zones: zoneOptions(), locales: localeOptions(), url: desk.config.url },
      status,
    })

  face.get('/settings', { config: { access: operators('configure') } }, async (request, reply) => {
    const { name, description, zone, locale, evidence, translations } = await readSite(desk.db)
    const values = { name, description: description ?? '', zone, locale, evidence, ...translationValues(translations) }
    return form(request, reply, filled(values), 200)
  })

  face.post('/settings', { config: { access: operators('configure') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { rest, translations } = apart(given)
        const { name, description, zone, locale, evidence } = only(rest, [
          'name',
          'description',
          'zone',
          'locale',
          'evidence',
        ])
        const changes = {
          name,
          description: description.trim() === '' ? null : description,
          zone,
          locale,
          evidence: evidence || undefined,
          translations,
        }
        await desk.change(signedIn(request).actor, (it) => changeSite(it, changes))
        return done('/admin/settings', 'changed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}
