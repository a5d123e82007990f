import { type Static, choice, fields, instant, line, optional, prose, whole } from '../../lib/fields.ts'
import { regimeNames } from './regime.ts'

export type NewClock = Static<typeof newClock>
export const newClock = fields({
  regime: choice([...regimeNames, 'custom']),
  awareAt: instant,
  classifiedAt: optional(instant),
  /** The rest only of a custom one. */
  name: optional(line(100)),
  amount: optional(whole(1, 1000)),
  unit: optional(choice(['hours', 'days', 'months'])),
  runsFrom: optional(choice(['aware', 'classified'])),
})

export type ClockFact = Static<typeof clockFact>
export const clockFact = fields({
  fact: choice(['aware', 'classified']),
  /** Null: it was not so after all. */
  at: optional(instant),
  note: optional(prose(2000)),
})

export type SentReport = Static<typeof sentReport>
export const sentReport = fields({ at: optional(instant), note: optional(prose(2000)) })

/** Why. */
export type Reason = Static<typeof reason>
export const reason = fields({ note: prose(2000) })
