import { type Static, choice, fields, id, instant, line, list, optional, prose } from '../../lib/fields.ts'
import { componentStatuses } from '../components/component.ts'
import { locales } from '../site/site.ts'
import { why } from '../revisions/input.ts'
import { translationsOf } from '../site/translations.ts'
import { incidentStages, severities } from './incident.ts'

export const maxComponents = 500
/** As long as programs of other status pages write them. */
export const longestName = 255

const components = list(fields({ id, status: choice(componentStatuses) }), maxComponents)

/** The next word: promised for an instant, or declined with a reason; neither: the preset of the severity. */
const reason = optional(line(300))
const promise = { nextUpdateBy: optional(instant), noPromiseReason: reason }

/** What a person says, and who says it; without an author it is the operator who does it. */
const word = {
  body: prose(),
  author: optional(line(100)),
  deliver: optional(choice(['yes', 'no'])),
}

export type NewIncident = Static<typeof newIncident>
export const newIncident = fields({
  ...word,
  ...promise,
  name: line(longestName),
  stage: choice(incidentStages),
  components: optional(components),
  beganAt: optional(instant),
  noticedAt: optional(instant),
  /** Only with `resolved`: when it was over, if that was before now. */
  overAt: optional(instant),
  severityOverride: optional(choice(severities)),
  locale: optional(choice(locales)),
  translations: translationsOf({ name: optional(line(longestName)), body: optional(prose()), noPromiseReason: reason }),
})

export type NewUpdate = Static<typeof newUpdate>
export const newUpdate = fields({
  ...word,
  ...promise,
  stage: choice([...incidentStages, 'update']),
  components: optional(components),
  /** Only with `resolved`: when it was over, if that was before now. */
  overAt: optional(instant),
  locale: optional(choice(locales)),
  translations: translationsOf({ body: optional(prose()), noPromiseReason: reason }),
})

export type Reopening = Static<typeof reopening>
export const reopening = fields({
  ...word,
  ...promise,
  stage: choice(['investigating', 'identified', 'monitoring']),
  components: optional(components),
  locale: optional(choice(locales)),
  translations: translationsOf({ body: optional(prose()), noPromiseReason: reason }),
})

export type IncidentChanges = Static<typeof incidentChanges>
export const incidentChanges = fields({
  ...why,
  name: optional(line(longestName)),
  /** Null: as it follows from the impacts. */
  severityOverride: optional(choice(severities)),
  beganAt: optional(instant),
  noticedAt: optional(instant),
  /** Only of one that is over. */
  overAt: optional(instant),
  translations: translationsOf({ name: optional(line(longestName)) }),
})

export type NewDraft = Static<typeof newDraft>
export const newDraft = fields({
  ...promise,
  name: line(longestName),
  body: prose(),
  /** Not `resolved`: what is over is opened as such, with its end. */
  stage: optional(choice(['investigating', 'identified', 'monitoring'])),
  locale: optional(choice(locales)),
  translations: translationsOf({ name: optional(line(longestName)), body: optional(prose()), noPromiseReason: reason }),
  probeId: optional(id),
  components,
  beganAt: instant,
  noticedAt: optional(instant),
  /** Null: waits for a person. */
  publishesAt: optional(instant),
})

export type DraftChanges = Static<typeof draftChanges>
export const draftChanges = fields({
  ...promise,
  name: optional(line(longestName)),
  body: optional(prose()),
  stage: optional(choice(['investigating', 'identified', 'monitoring'])),
  /** The whole list: what is not in it is no longer named. */
  components: optional(components),
  beganAt: optional(instant),
  severityOverride: optional(choice(severities)),
  /** Left out or null: it waits for a person from now on. */
  publishesAt: optional(instant),
  author: optional(line(100)),
  locale: optional(choice(locales)),
  translations: translationsOf({ name: optional(line(longestName)), body: optional(prose()), noPromiseReason: reason }),
})

export type Widening = Static<typeof widening>
export const widening = fields({ components, beganAt: optional(instant) })
