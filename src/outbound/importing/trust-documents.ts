import Type, { type Static, type TSchema } from 'typebox'
import { absent, instant, many, name, prose, text, yesOrNo } from './foreign-fields.ts'

/** What is read of recorded answers of the Trust API (v1): bare lists, keys of joined things with a capital letter. */
const number = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, expected: 'a whole number' })
const key = text(60, 'a key of 1 to 60 characters', (value) => value.trim() !== '')
const word = text(200, 'text of at most 200 characters')

const offer = Type.Object({
  key,
  name: absent(word),
  altDisplayName: absent(word),
  order: absent(number),
  isActive: absent(yesOrNo),
})

const impact = Type.Object({
  id: number,
  startTime: instant,
  endTime: absent(instant),
  type: absent(word),
  severity: absent(word),
  createdAt: instant,
  updatedAt: absent(instant),
  startTimeCreatedAt: absent(instant),
  label: absent(name),
  text: absent(prose),
})

export type TrustEvent = Static<typeof event>
const event = Type.Object({
  id: number,
  type: absent(word),
  message: absent(prose),
  createdAt: instant,
  updatedAt: absent(instant),
})

const happening = {
  id: number,
  additionalInformation: absent(prose),
  isCore: absent(yesOrNo),
  affectsAll: absent(yesOrNo),
  createdAt: instant,
  updatedAt: instant,
  instanceKeys: absent(many(key)),
  serviceKeys: absent(many(key)),
  status: absent(word),
}

export type TrustIncident = Static<typeof incident>
const incident = Type.Object({
  ...happening,
  message: absent(
    Type.Object({ pathToResolution: absent(prose), actionPlan: absent(prose), rootCause: absent(prose) }),
  ),
  IncidentImpacts: many(impact),
  IncidentEvents: absent(many(event)),
})

export type TrustMaintenance = Static<typeof maintenance>
const maintenance = Type.Object({
  ...happening,
  name: absent(name),
  plannedStartTime: instant,
  plannedEndTime: instant,
  message: absent(Type.Object({ maintenanceType: absent(word), eventStatus: absent(word) })),
  MaintenanceImpacts: absent(many(impact)),
  MaintenanceEvents: absent(many(event)),
})

const tag = Type.Object({ value: text(253, 'text of at most 253 characters'), type: word, updatedAt: absent(instant) })

export type TrustInstance = Static<typeof instance>
const instance = Type.Object({
  key,
  location: absent(word),
  environment: absent(word),
  releaseVersion: absent(word),
  maintenanceWindow: absent(word),
  city: absent(word),
  status: absent(word),
  isActive: absent(yesOrNo),
  Services: absent(many(offer)),
  Products: absent(many(offer)),
  Incidents: absent(many(incident)),
  Maintenances: absent(many(maintenance)),
  Tags: absent(many(tag)),
})

/** One instance or a list of them, incidents, or maintenances: which it is, its first element tells. */
export const trustKinds = {
  instances: many(instance),
  incidents: many(incident),
  maintenances: many(maintenance),
} satisfies Readonly<Record<string, TSchema>>

export interface TrustDocument {
  readonly name: string
  readonly instances: readonly TrustInstance[]
  readonly incidents: readonly TrustIncident[]
  readonly maintenances: readonly TrustMaintenance[]
}
