import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changeTemplate, createTemplate, removeTemplate } from '../../domain/templates/commands.ts'
import { readTemplate, templates } from '../../domain/templates/queries.ts'
import type { Template } from '../../domain/templates/template.ts'
import { locales } from '../../domain/site/site.ts'
import { NotFound } from '../../lib/errors.ts'
import { operators } from '../shared/access.ts'
import { type Form, type FormState, filled, only } from '../shared/forms.ts'
import { type Desk, signedIn, submit } from './desk.ts'
import { done } from './done.ts'
import { apart } from './translations.ts'

const list = '/admin/templates'

/** Words for the days on which nobody has time to find them. */
export function templateRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/templates', { config: { access: operators('disclose') } }, async (request, reply) =>
    desk.show(request, reply, 'admin/templates/list', {
      title: 'Templates',
      model: { templates: await templates(desk.db) },
    }),
  )

  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const { id } = request.params as { id?: string }
    const template = id === undefined ? null : await existing(desk, id)
    return desk.show(request, reply, 'admin/templates/edit', {
      title: template?.name ?? 'Write a template',
      model: { template, state },
      status,
    })
  }

  face.get('/templates/new', { config: { access: operators('disclose') } }, (request, reply) =>
    form(request, reply, filled({ use: 'incident' }), 200),
  )

  face.get('/templates/:id', { config: { access: operators('disclose') } }, async (request, reply) =>
    form(request, reply, filled(valuesOf(await existing(desk, idOf(request)))), 200),
  )

  face.post('/templates', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        await desk.change(signedIn(request).actor, (it) => createTemplate(it, fieldsOf(given)))
        return done(list, 'created')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.post('/templates/:id', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        await desk.change(signedIn(request).actor, (it) => changeTemplate(it, idOf(request), fieldsOf(given)))
        return done(list, 'changed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.post('/templates/:id/remove', { config: { access: operators('disclose') } }, async (request, reply) => {
    await desk.change(signedIn(request).actor, (it) => removeTemplate(it, idOf(request)))
    return reply.redirect(done(list, 'removed'), 303)
  })
}

function fieldsOf(given: Form) {
  const { rest, translations } = apart(given)
  return { ...only(rest, ['name', 'use', 'title', 'body']), translations }
}

function valuesOf({ name, use, title, body, translations }: Template): Form {
  const texts = locales.flatMap((locale) =>
    Object.entries(translations[locale] ?? {}).map(([field, words]) => [`translations.${locale}.${field}`, words]),
  )
  return { name, use, title: title ?? '', body, ...(Object.fromEntries(texts) as Form) }
}

async function existing({ db }: Desk, id: string): Promise<Template> {
  const template = await readTemplate(db, id)
  if (!template) throw new NotFound('There is no such template.')
  return template
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
