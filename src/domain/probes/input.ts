import { type Static, choice, fields, id, line, list, optional, prose, whole } from '../../lib/fields.ts'
import { policies } from './probe.ts'

export const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
export const downStatuses = ['degraded_performance', 'partial_outage', 'major_outage'] as const
const answer = choice(['yes', 'no'])

const question = {
  url: line(2000),
  method: optional(choice(methods)),
  headers: optional(list(fields({ name: line(100), value: line(4000) }), 20)),
  body: optional(prose(10_000)),
  expectedStatus: optional(line(100)),
  contains: optional(line(500)),
  containsNot: optional(line(500)),
  jsonPath: optional(line(500)),
  jsonEquals: optional(line(500)),
  latencyLimitMs: optional(whole(1, 120_000)),
  followRedirects: optional(answer),
  verifyTls: optional(answer),
  timeoutMs: optional(whole(100, 120_000)),
}

const rhythm = {
  name: optional(line(100)),
  intervalSeconds: optional(whole(10, 86_400)),
  failuresNeeded: optional(whole(1, 10)),
  successesNeeded: optional(whole(1, 10)),
  downStatus: optional(choice(downStatuses)),
  policy: optional(choice(policies)),
  publishAfterSeconds: optional(whole(0, 86_400)),
}

/** What to ask and what to accept, without a rhythm: for "Test now". */
export type ProbeQuestion = Static<typeof probeQuestion>
export const probeQuestion = fields(question)

export type NewProbe = Static<typeof newProbe>
export const newProbe = fields({ componentId: id, ...question, ...rhythm })

/** The whole form again: what is left out is as in a new probe. */
export type ProbeChanges = Static<typeof probeChanges>
export const probeChanges = fields({ ...question, ...rhythm })
