import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changeGroup, createGroup, removeGroup } from '../../../domain/components/groups.ts'
import { readGroup } from '../../../domain/components/queries.ts'
import { NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, filled, only } from '../../shared/forms.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { apart, translationValues } from '../translations.ts'

const fields = ['name', 'description', 'instanceKey', 'location', 'environment', 'aliases', 'tags'] as const

/** Components shown together; with a key, a copy of the whole service somewhere. */
export function groupRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const id = (request.params as { id?: string }).id ?? null
    const group = id === null ? null : await existing(desk, id)
    return desk.show(request, reply, 'admin/components/group', {
      title: group?.name ?? 'Add a group',
      model: { group, state },
      status,
    })
  }

  face.get('/groups/new', { config: { access: operators('arrange') } }, (request, reply) =>
    form(request, reply, filled({}), 200),
  )

  face.post('/groups', { config: { access: operators('arrange') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        await desk.change(signedIn(request).actor, (it) => createGroup(it, wishOf(given)))
        return done('/admin/components', 'created')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.get('/groups/:id', { config: { access: operators('arrange') } }, async (request, reply) => {
    const group = await existing(desk, idOf(request))
    const values = {
      name: group.name,
      description: group.description ?? '',
      instanceKey: group.instanceKey ?? '',
      location: group.location ?? '',
      environment: group.environment ?? '',
      aliases: group.aliases.join('\n'),
      tags: group.tags.map(({ type, value }) => `${type}: ${value}`).join('\n'),
      ...translationValues(group.translations),
    }
    return form(request, reply, filled(values), 200)
  })

  face.post('/groups/:id', { config: { access: operators('arrange') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        await desk.change(signedIn(request).actor, (it) => changeGroup(it, idOf(request), wishOf(given)))
        return done('/admin/components', 'changed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.post('/groups/:id/remove', { config: { access: operators('arrange') } }, (request, reply) =>
    submit(
      request,
      reply,
      async () => {
        await desk.change(signedIn(request).actor, (it) => removeGroup(it, idOf(request)))
        return done('/admin/components', 'removed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}

function wishOf(given: Form) {
  const { rest, translations } = apart(given)
  const { name, aliases, tags, ...details } = only(rest, fields)
  const others = Object.fromEntries(Object.entries(details).map(([key, value]) => [key, value === '' ? null : value]))
  return {
    name,
    ...others,
    aliases: aliases.split(/[\n,]/).flatMap(withText),
    tags: tags.split('\n').flatMap(withText).map(tagOf),
    translations,
  }
}

function withText(line: string): string[] {
  return line.trim() === '' ? [] : [line.trim()]
}

/** `stack: S5`; the command refuses a line that says only one of the two. */
function tagOf(line: string): { type: string; value: string } {
  const [type = '', ...value] = line.split(':')
  return { type: type.trim(), value: value.join(':').trim() }
}

async function existing({ db }: Desk, id: string) {
  const group = await readGroup(db, id)
  if (!group) throw new NotFound('There is no such group.')
  return group
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
