import { type Static, choice, fields, id, instant, line, optional, prose } from '../../lib/fields.ts'
import { translationsOf } from '../site/translations.ts'

/** The same reason in other languages. */
export const reasons = translationsOf({ reason: optional(line(300)) })

/** Why something public is corrected: a reason, or that it is no more than a typing error. */
export const why = {
  reason: optional(line(300)),
  reasons,
  typing: optional(choice(['yes', 'no'])),
}

/** Of what is no slip of the pen. */
const owedReason = { reason: line(300), reasons }

export type UpdateCorrection = Static<typeof updateCorrection>
export const updateCorrection = fields({
  ...why,
  body: optional(prose()),
  translations: translationsOf({ body: optional(prose()) }),
  /** Whether subscribers are told of the correction. */
  deliver: optional(choice(['yes', 'no'])),
  /** When the word had last changed, as far as whoever corrects it has seen. */
  seen: optional(instant),
})

export type Withdrawal = Static<typeof withdrawal>
export const withdrawal = fields({ ...owedReason, seen: optional(instant) })

const harms = choice(['degraded_performance', 'partial_outage', 'major_outage'])

export type ImpactCorrection = Static<typeof impactCorrection>
export const impactCorrection = fields({
  ...owedReason,
  status: optional(harms),
  beganAt: optional(instant),
  /** Null: it goes on. */
  endedAt: optional(instant),
})

export type NewImpact = Static<typeof newImpact>
export const newImpact = fields({
  ...owedReason,
  component: id,
  status: harms,
  beganAt: instant,
  endedAt: optional(instant),
})

export type Annulling = Static<typeof annulling>
export const annulling = fields({
  ...owedReason,
  /** Left out: whatever was affected. */
  component: optional(id),
  /** Left out: from its beginning. */
  beganAt: optional(instant),
  /** Left out: to its end. */
  endedAt: optional(instant),
})

export type ImpactRemoval = Static<typeof impactRemoval>
export const impactRemoval = fields(owedReason)
