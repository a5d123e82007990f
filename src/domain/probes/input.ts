import {
  type Static,
  type Unchecked,
  choice,
  fields,
  id,
  line,
  list,
  optional,
  prose,
  whole,
} from '../../lib/fields.ts'
import { policies } from './probe.ts'

const downStatuses = ['degraded_performance', 'partial_outage', 'major_outage'] as const

/** What is expected of whatever answer. */
const expectations = {
  timeoutMs: optional(whole(100, 120_000)),
  latencyLimitMs: optional(whole(1, 120_000)),
  assertions: optional(prose(4000)),
}

const rhythm = {
  name: optional(line(100)),
  intervalSeconds: optional(whole(10, 86_400)),
  failuresNeeded: optional(whole(1, 10)),
  failuresOf: optional(whole(1, 20)),
  successesNeeded: optional(whole(1, 10)),
  confirmSeconds: optional(whole(5, 3600)),
  /** Ids of probes, with spaces or commas between them. */
  dependsOn: optional(line(1000)),
  underParent: optional(choice(['hold', 'show'])),
  downStatus: optional(choice(downStatuses)),
  policy: optional(choice(policies)),
  publishAfterSeconds: optional(whole(0, 86_400)),
}

/** Secrets to be forgotten, by their fields: left empty they would stay. */
const forget = optional(list(line(100), 50))

/** The fields that a probe of every kind has; those of its kind stand beside them, as its file says. */
export const questionFields = fields({ ...expectations, forget })
export const changeFields = fields({ ...expectations, ...rhythm, forget })
export const newFields = fields({ componentId: id, ...expectations, ...rhythm, forget })

interface OfItsKind {
  /** Left out: `http`. */
  readonly kind?: string
  readonly [field: string]: unknown
}

/** What to ask and what to accept, without a rhythm: for "Test now". */
export type ProbeQuestion = Unchecked<Static<typeof questionFields>> & OfItsKind
/** The whole form again: what is left out is as in a new probe. */
export type ProbeChanges = Unchecked<Static<typeof changeFields>> & OfItsKind
export type NewProbe = Unchecked<Static<typeof newFields>> & OfItsKind
