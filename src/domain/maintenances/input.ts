import { type Static, choice, fields, id, instant, line, list, optional, prose } from '../../lib/fields.ts'
import { longestName } from '../incidents/input.ts'
import { locales } from '../site/site.ts'
import { translationsOf } from '../site/translations.ts'

const components = list(id, 500)

const word = {
  author: optional(line(100)),
  deliver: optional(choice(['yes', 'no'])),
}

const plan = {
  ...word,
  name: line(longestName),
  body: prose(),
  plannedFrom: instant,
  plannedUntil: instant,
  components: optional(components),
  /** Left out: the clock. */
  runsBy: optional(choice(['clock', 'hand'])),
  locale: optional(choice(locales)),
  translations: translationsOf({ name: optional(line(longestName)), body: optional(prose()) }),
}

export type NewMaintenance = Static<typeof newMaintenance>
export const newMaintenance = fields(plan)

/** The window is that of the first one; the rule is one of RFC 5545. */
export type NewSeries = Static<typeof newSeries>
export const newSeries = fields({ ...plan, rule: line(300) })

/** Another plan for all of a series that are to come: the window is that of the first one that is changed. */
export type SeriesChanges = Static<typeof seriesChanges>
export const seriesChanges = fields({
  ...plan,
  rule: line(300),
  /** From which one on; left out: from the next. */
  since: optional(id),
  /** To readers of what is announced: owed where other systems are affected. Which times change is said by itself. */
  word: optional(prose()),
  translations: translationsOf({ name: optional(line(longestName)), body: optional(prose()), word: optional(prose()) }),
})

export type MaintenanceChanges = Static<typeof maintenanceChanges>
export const maintenanceChanges = fields({
  ...word,
  name: optional(line(longestName)),
  plannedFrom: optional(instant),
  plannedUntil: optional(instant),
  components: optional(components),
  runsBy: optional(choice(['clock', 'hand'])),
  /** The word to readers: owed where the window or the components change. */
  body: optional(prose()),
  translations: translationsOf({ name: optional(line(longestName)), body: optional(prose()) }),
})

export type MaintenanceExtension = Static<typeof maintenanceExtension>
export const maintenanceExtension = fields({
  ...word,
  plannedUntil: instant,
  body: prose(),
  translations: translationsOf({ body: optional(prose()) }),
})

export type MaintenanceWord = Static<typeof maintenanceWord>
export const maintenanceWord = fields({
  ...word,
  body: prose(),
  translations: translationsOf({ body: optional(prose()) }),
})

export type MaintenanceUpdate = Static<typeof maintenanceUpdate>
export const maintenanceUpdate = fields({
  ...word,
  stage: choice(['scheduled', 'in_progress', 'verifying']),
  body: prose(),
  translations: translationsOf({ body: optional(prose()) }),
})
