import type { Change } from '../../domain/changes/change.ts'
import { changeComponent } from '../../domain/components/commands.ts'
import { changeGroup, createGroup, removeGroup } from '../../domain/components/groups.ts'
import { listComponents, readGroup } from '../../domain/components/queries.ts'
import { Invalid, NotFound } from '../../lib/errors.ts'
import { type Static, amongOthers, described, fields, id, line, list, optional } from '../../lib/fields.ts'
import { type Call, type Given, reads, writes } from './call.ts'
import { type ComponentAnswer, type GroupAnswer, componentGroup, many } from './documents.ts'
import { managers, readers } from './scopes.ts'
import { type Parts, partsOf } from './shapes.ts'

const noun = 'Component groups'

const description = optional(line(500))
const children = described(
  optional(list(id, 2000)),
  'The whole list: who is not in it stands alone from then on. Left out: as it is.',
)

const body = amongOthers(
  fields({
    description: described(description, 'Also taken inside of component_group.'),
    component_group: amongOthers(fields({ name: optional(line(120)), description, components: children })),
  }),
)
const newBody = amongOthers(
  fields({
    description,
    component_group: amongOthers(fields({ name: line(120), description, components: children })),
  }),
)

export const groupCalls: readonly Call[] = [
  reads({
    noun,
    path: '/pages/:page/component-groups',
    scopes: readers,
    summary: 'All groups',
    answer: many(componentGroup),
    read: async ({ db }, given) => {
      const { components } = await partsOf(db, given)
      return components.filter(({ group }) => group).map(groupAnswer)
    },
  }),
  reads({
    noun,
    path: '/pages/:page/component-groups/:id',
    scopes: readers,
    summary: 'A group',
    answer: componentGroup,
    read: async ({ db }, given) => groupIn(await partsOf(db, given), given.params.id),
  }),
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/component-groups',
    scopes: managers,
    summary: 'Add a group, and put components into it',
    body: newBody,
    status: 201,
    answer: componentGroup,
    write: async (change, given) => {
      const { name, components } = given.body.component_group
      const made = await createGroup(change, { name, description: descriptionIn(given.body) ?? null })
      if (components) await arrange(change, made, components)
      return answerOf(change, made, given)
    },
  }),
  ...(['PATCH', 'PUT'] as const).map((method) =>
    writes({
      noun,
      method,
      path: '/pages/:page/component-groups/:id',
      scopes: managers,
      summary: 'Change a group, or what is in it',
      body,
      answer: componentGroup,
      write: async (change, given) => {
        const { name, components } = given.body.component_group
        const said = descriptionIn(given.body)
        await changeGroup(change, given.params.id, {
          ...(name ? { name } : {}),
          ...(said === undefined ? {} : { description: said }),
        })
        if (components) await arrange(change, given.params.id, components)
        return answerOf(change, given.params.id, given)
      },
    }),
  ),
  writes({
    noun,
    method: 'DELETE',
    path: '/pages/:page/component-groups/:id',
    scopes: managers,
    summary: 'Remove a group; its components stand alone from then on',
    answer: componentGroup,
    write: async (change, given) => {
      const before = await answerOf(change, given.params.id, given)
      await removeGroup(change, given.params.id)
      return before
    },
  }),
]

function descriptionIn({ description: outer, component_group: { description: inner } }: Static<typeof body>) {
  return inner === undefined ? outer : inner
}

/** Exactly these stand in the group; those that are new to it stand last, in this order. */
async function arrange(change: Change, groupId: string, ids: readonly string[]): Promise<void> {
  if (!(await readGroup(change.tx, groupId))) throw new NotFound('There is no such group.')
  const known = new Map((await listComponents(change.tx)).map((component) => [component.id, component]))
  for (const [index, one] of ids.entries()) {
    const field = `component_group.components[${index}]`
    if (!known.has(one)) throw new Invalid('is the id of no component of this page', field)
    if (ids.indexOf(one) !== index) throw new Invalid('is named twice: name it once', field)
  }
  for (const component of known.values()) {
    if (component.groupId === groupId && !ids.includes(component.id))
      await changeComponent(change, component.id, { groupId: null })
  }
  for (const one of ids) if (known.get(one)?.groupId !== groupId) await changeComponent(change, one, { groupId })
}

async function answerOf(change: Change, made: string, given: Pick<Given, 'site' | 'url'>): Promise<GroupAnswer> {
  return groupIn(await partsOf(change.tx, given), made)
}

function groupIn({ components }: Parts, wanted: string): GroupAnswer {
  const found = components.find(({ id: one, group }) => group && one === wanted)
  if (!found) throw new NotFound('There is no such group.')
  return groupAnswer(found)
}

function groupAnswer(group: ComponentAnswer): GroupAnswer {
  return {
    id: group.id,
    page_id: group.page_id,
    name: group.name,
    description: group.description,
    components: group.components ?? [],
    position: group.position,
    created_at: group.created_at,
    updated_at: group.updated_at,
  }
}
