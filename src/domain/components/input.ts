import { type Static, choice, day, fields, id, line, list, optional } from '../../lib/fields.ts'
import { translationsOf } from '../site/translations.ts'
import { componentStatuses } from './component.ts'

const texts = { name: optional(line(120)), description: optional(line(500)) }

const details = {
  description: optional(line(500)),
  groupId: optional(id),
  bars: optional(choice(['shown', 'hidden'])),
  shown: optional(choice(['always', 'degraded'])),
  startDate: optional(day),
  translations: translationsOf(texts),
}

export type NewComponent = Static<typeof newComponent>
export const newComponent = fields({ name: line(120), ...details })

export type ComponentChanges = Static<typeof componentChanges>
export const componentChanges = fields({ name: optional(line(120)), ...details })

export type StatusSet = Static<typeof statusSet>
export const statusSet = fields({ status: choice(componentStatuses) })

const instance = {
  description: optional(line(500)),
  instanceKey: optional(line(60)),
  location: optional(line(100)),
  environment: optional(line(60)),
  aliases: optional(list(line(253), 1000)),
  tags: optional(list(fields({ type: line(60), value: line(253) }), 100)),
  translations: translationsOf(texts),
}

export type NewGroup = Static<typeof newGroup>
export const newGroup = fields({ name: line(120), ...instance })

export type GroupChanges = Static<typeof groupChanges>
export const groupChanges = fields({ name: optional(line(120)), ...instance })

export type Order = Static<typeof order>
/** The whole arrangement, from top to bottom: components, and groups with their components. */
export const order = fields({
  entries: list(fields({ id, components: optional(list(id, 2000)) }), 2000),
})
