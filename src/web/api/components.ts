import type { Change } from '../../domain/changes/change.ts'
import {
  changeComponent,
  createComponent,
  removeComponent,
  setComponentStatus,
} from '../../domain/components/commands.ts'
import { type DeclaredStatus, componentStatuses } from '../../domain/components/component.ts'
import { statusesByHand } from '../../domain/components/queries.ts'
import { publicComponents } from '../../domain/status/snapshot.ts'
import { Forbidden, NotFound } from '../../lib/errors.ts'
import {
  type Static,
  amongOthers,
  choice,
  day,
  described,
  fields,
  flag,
  id,
  line,
  optional,
  whole,
} from '../../lib/fields.ts'
import { type Call, type Given, reads, writes } from './call.ts'
import { type ComponentAnswer, component, many } from './documents.ts'
import { disclosers, managers, readers } from './scopes.ts'
import { partsOf } from './shapes.ts'
import { withTheirFields } from './their-fields.ts'

const noun = 'Components'

const details = {
  description: described(optional(line(500)), 'Empty or null: it has none any more.'),
  status: optional(choice(componentStatuses)),
  only_show_if_degraded: optional(flag),
  group_id: described(optional(id), 'Empty or null: it stands alone.'),
  showcase: described(optional(flag), 'Whether its bars are shown.'),
  start_date: optional(day),
}

const body = amongOthers(
  fields({ component: amongOthers(fields({ name: described(optional(line(120)), 'Null: as it is.'), ...details })) }),
)
const newBody = amongOthers(fields({ component: amongOthers(fields({ name: line(120), ...details })) }))

type Wished = Static<typeof body>['component']

const part = {
  page: optional(whole(1, 100_000)),
  per_page: optional(whole(1, 100_000)),
}

export const componentCalls: readonly Call[] = [
  reads({
    noun,
    path: '/pages/:page/components',
    scopes: readers,
    summary: 'All components, and the groups that they are in',
    detail: 'Groups are elements with `group: true`. All of them, unless `page` or `per_page` is said.',
    query: fields(part),
    answer: many(component),
    read: async ({ db }, given) => {
      const { components } = await partsOf(db, given)
      const { page, per_page: size = 100 } = given.query
      if (!page && !given.query.per_page) return components
      const from = ((page ?? 1) - 1) * (size ?? 100)
      return components.slice(from, from + (size ?? 100))
    },
  }),
  reads({
    noun,
    path: '/pages/:page/components/:id',
    scopes: readers,
    summary: 'A component',
    answer: component,
    read: async ({ db }, given) => {
      const found = (await partsOf(db, given)).components.find((one) => one.id === given.params.id)
      if (!found) throw new NotFound('There is no such component.')
      return found
    },
  }),
  writes({
    noun,
    method: 'POST',
    path: '/pages/:page/components',
    scopes: managers,
    summary: 'Add a component',
    body: newBody,
    status: 201,
    answer: component,
    write: async (change, given) => {
      const { status, name, ...wished } = given.body.component
      const made = await withTheirFields('component', () => createComponent(change, { name, ...inOurWords(wished) }))
      if (status && status !== 'operational') await setComponentStatus(change, made, { status })
      return answerOf(change, made, given)
    },
  }),
  ...(['PATCH', 'PUT'] as const).map((method) =>
    writes({
      noun,
      method,
      path: '/pages/:page/components/:id',
      scopes: disclosers,
      summary: 'Change a component, or say how it does',
      detail:
        'What is left out stays as it is. A token that may disclose may say the `status`, and nothing else. A status is ' +
        'set by hand: what an incident says of a component is said on the incident.',
      body,
      answer: component,
      write: async (change, given) => {
        const { status, name, ...wished } = given.body.component
        const changes = { ...(name ? { name } : {}), ...inOurWords(wished) }
        if (Object.keys(changes).length > 0) {
          if (given.token.scope !== 'manage')
            throw new Forbidden('A token that may only disclose may say the status of a component, and nothing else.')
          await withTheirFields('component', () => changeComponent(change, given.params.id, changes))
        }
        if (status) await sayStatus(change, given.params.id, status)
        return answerOf(change, given.params.id, given)
      },
    }),
  ),
  writes({
    noun,
    method: 'DELETE',
    path: '/pages/:page/components/:id',
    scopes: managers,
    summary: 'Take a component off the page',
    detail: 'Its history stays. Refused while something that is not over names it.',
    status: 204,
    answer: null,
    write: async (change, { params }) => {
      await removeComponent(change, params.id)
      return null
    },
  }),
]

/** Only what was sent. */
function inOurWords({
  description,
  group_id,
  only_show_if_degraded: hides,
  showcase,
  start_date,
}: Omit<Wished, 'name' | 'status'>) {
  return {
    ...(description === undefined ? {} : { description }),
    ...(group_id === undefined ? {} : { groupId: group_id }),
    ...(typeof hides === 'boolean' ? { shown: hides ? 'degraded' : 'always' } : {}),
    ...(typeof showcase === 'boolean' ? { bars: showcase ? 'shown' : 'hidden' } : {}),
    ...(start_date === undefined ? {} : { startDate: start_date }),
  }
}

/** A program that says every minute that all is well, or that the same is broken, says nothing new. */
async function sayStatus(change: Change, componentId: string, status: DeclaredStatus): Promise<void> {
  const component = (await publicComponents(change.tx)).find((one) => one.id === componentId)
  if (!component) throw new NotFound('There is no such component.')
  const byHand = (await statusesByHand(change.tx, [componentId])).get(componentId) ?? 'operational'
  const isWell = component.status === 'operational' || component.status === 'unknown'
  if (byHand === status && (status !== 'operational' || isWell)) return
  await setComponentStatus(change, componentId, { status })
}

async function answerOf(change: Change, made: string, given: Pick<Given, 'site' | 'url'>): Promise<ComponentAnswer> {
  const found = (await partsOf(change.tx, given)).components.find((one) => one.id === made)
  if (!found) throw new NotFound('There is no such component.')
  return found
}
