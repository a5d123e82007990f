import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Db } from '../../../database/database.ts'
import {
  changeComponent,
  createComponent,
  removeComponent,
  setComponentStatus,
} from '../../../domain/components/commands.ts'
import { orderComponents } from '../../../domain/components/order.ts'
import { listComponents, listGroups, readComponent } from '../../../domain/components/queries.ts'
import { ruleOf, setRule } from '../../../domain/probes/verdicts/ruling.ts'
import { NotFound } from '../../../lib/errors.ts'
import { operators } from '../../shared/access.ts'
import { type Form, type FormState, filled, formOf, only } from '../../shared/forms.ts'
import { arrangement, moved } from './arrangement.ts'
import type { Choice } from '../choices.ts'
import { type Desk, signedIn, submit } from '../desk.ts'
import { done } from '../done.ts'
import { apart, translationValues } from '../translations.ts'

const fields = ['name', 'description', 'groupId', 'shown', 'bars', 'startDate'] as const

/** Things customers depend on: what there is, in which order, and how it does. */
export function componentRoutes(face: FastifyInstance, desk: Desk): void {
  face.get('/components', { config: { access: operators('see') } }, (request, reply) =>
    list(request, reply, desk, 200, null),
  )

  face.post('/components/order', { config: { access: operators('arrange') } }, async (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        const { id, to } = only(given, ['id', 'to'])
        await desk.change(signedIn(request).actor, async (it) => {
          const entries = arrangement(await listGroups(it.tx), await listComponents(it.tx))
          await orderComponents(it, { entries: moved(entries, id, to === 'up' ? 'up' : 'down') })
        })
        return done('/admin/components', 'ordered')
      },
      (state, status) => list(request, reply, desk, status, state.fault?.message ?? null),
    ),
  )

  face.post('/components/:id/status', { config: { access: operators('disclose') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        await desk.change(signedIn(request).actor, (it) =>
          setComponentStatus(it, idOf(request), only(given, ['status'])),
        )
        return done('/admin/components', 'status')
      },
      (state, status) => list(request, reply, desk, status, state.fault?.message ?? null),
    ),
  )

  formRoutes(face, desk)
}

function formRoutes(face: FastifyInstance, desk: Desk): void {
  const form = async (request: FastifyRequest, reply: FastifyReply, state: FormState, status: number) => {
    const id = (request.params as { id?: string }).id ?? null
    const component = id === null ? null : await existing(desk.db, id)
    return desk.show(request, reply, 'admin/components/edit', {
      title: component?.name ?? 'Add a system',
      model: {
        component,
        state,
        groups: await groupOptions(desk.db),
        rule: id === null ? null : await ruleOf(desk.db, id),
      },
      status,
    })
  }

  face.post('/components/:id/rule', { config: { access: operators('arrange') } }, async (request, reply) => {
    const { rule } = only(formOf(request.body), ['rule'])
    await desk.change(signedIn(request).actor, (it) => setRule(it, idOf(request), rule))
    return reply.redirect(done('/admin/components', 'changed'), 303)
  })

  face.get('/components/new', { config: { access: operators('arrange') } }, (request, reply) =>
    form(request, reply, filled({}), 200),
  )

  face.post('/components', { config: { access: operators('arrange') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        await desk.change(signedIn(request).actor, (it) => createComponent(it, wishOf(given)))
        return done('/admin/components', 'created')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.get('/components/:id', { config: { access: operators('arrange') } }, async (request, reply) => {
    const component = await existing(desk.db, idOf(request))
    const values = {
      name: component.name,
      description: component.description ?? '',
      groupId: component.groupId ?? '',
      shown: component.shown,
      bars: component.barsHiddenAt ? 'hidden' : 'shown',
      startDate: component.startDate ?? '',
      ...translationValues(component.translations),
    }
    return form(request, reply, filled(values), 200)
  })

  face.post('/components/:id', { config: { access: operators('arrange') } }, (request, reply) =>
    submit(
      request,
      reply,
      async (given) => {
        await desk.change(signedIn(request).actor, (it) => changeComponent(it, idOf(request), wishOf(given)))
        return done('/admin/components', 'changed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )

  face.post('/components/:id/remove', { config: { access: operators('arrange') } }, (request, reply) =>
    submit(
      request,
      reply,
      async () => {
        await desk.change(signedIn(request).actor, (it) => removeComponent(it, idOf(request)))
        return done('/admin/components', 'removed')
      },
      (state, status) => form(request, reply, state, status),
    ),
  )
}

function wishOf(given: Form) {
  const { rest, translations } = apart(given)
  const { name, ...others } = only(rest, fields)
  const wishes = Object.fromEntries(Object.entries(others).map(([key, value]) => [key, value === '' ? null : value]))
  return { name, ...wishes, translations }
}

async function list(
  request: FastifyRequest,
  reply: FastifyReply,
  desk: Desk,
  status: number,
  fault: string | null,
): Promise<FastifyReply> {
  const { components, groups } = await desk.readSnapshot()
  const byId = new Map(components.map((component) => [component.id, component]))
  const groupsById = new Map(groups.map((group) => [group.id, group]))
  const entries = arrangement(groups, components).map(({ id, components: children }) => ({
    group: groupsById.get(id) ?? null,
    components: (children ?? [id]).flatMap((each) => byId.get(each) ?? []),
  }))
  return desk.show(request, reply, 'admin/components/list', { title: 'Systems', model: { entries, fault }, status })
}

async function groupOptions(db: Db): Promise<Choice[]> {
  const groups = await listGroups(db)
  return [{ value: '', label: 'None' }, ...groups.map(({ id, name }) => ({ value: id, label: name }))]
}

async function existing(db: Db, id: string) {
  const component = await readComponent(db, id)
  if (!component) throw new NotFound('There is no such system.')
  return component
}

function idOf(request: FastifyRequest): string {
  return (request.params as { id: string }).id
}
