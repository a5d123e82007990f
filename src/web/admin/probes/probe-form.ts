import { printAssertions } from '../../../domain/probes/assertions/text.ts'
import { changeFields, questionFields } from '../../../domain/probes/input.ts'
import { type ProbeKindName, kindNames, kindOf } from '../../../domain/probes/kinds/index.ts'
import type { Probe } from '../../../domain/probes/probe.ts'
import {
  averageDetectionSeconds,
  intermittentDetectionSeconds,
  slowestDetectionSeconds,
} from '../../../domain/probes/verdicts/time-to-notice.ts'
import { readRhythm } from '../../../domain/probes/rules.ts'
import { Invalid, Refusal } from '../../../lib/errors.ts'
import type { Schema } from '../../../lib/fields.ts'
import { type Form, text } from '../../shared/forms.ts'
import { inputOf, typedOf } from './probe-values.ts'
import { exactDuration } from '../words.ts'

/** Times until something is noticed, in words. */
export interface Noticing {
  readonly slowest: string
  readonly average: string
  /** What fails one time in ten. */
  readonly intermittent: string
}

type Schemas = Readonly<Record<string, Schema>>

/** What every kind is asked; a field more in `domain/probes/input.ts` is read and filled in here of itself. */
const shared: Schemas = changeFields.properties ?? {}
const sharedQuestions: Schemas = questionFields.properties ?? {}

/** What the form of a probe says, in the words of the commands; the component stands beside it. */
export function readProbeForm(form: Form) {
  const kind = kindIn(form)
  mayHold(form, kind)
  return { componentId: text(form, 'componentId'), wish: { ...answers(form, schemasOf(kind)), kind } }
}

/** The same without what "Test now" does not need. */
export function readTestForm(form: Form) {
  const kind = kindIn(form)
  mayHold(form, kind)
  return { ...answers(form, { ...kindOf(kind).asks, ...sharedQuestions }), kind }
}

/** Which kind of probe the form is of: the one that it was drawn from. */
export function kindIn(form: Form): ProbeKindName {
  const given = text(form, 'kind')
  const kind = given === '' ? 'http' : kindNames.find((name) => name === given)
  if (kind === undefined) throw new Invalid('There is no such kind of probe.', 'kind')
  return kind
}

function schemasOf(kind: ProbeKindName): Schemas {
  return { ...kindOf(kind).asks, ...shared }
}

function answers(form: Form, schemas: Schemas): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(schemas).flatMap(([name, schema]) => {
      const given = inputOf(name, schema, form[name] ?? '')
      return given === undefined ? [] : [[name, given]]
    }),
  )
}

/** What is unknown is refused, not ignored. */
function mayHold(form: Form, kind: ProbeKindName): void {
  const known = new Set(['componentId', 'kind', ...Object.keys(schemasOf(kind))])
  const unknown = Object.keys(form).find((name) => !known.has(name))
  if (unknown !== undefined) throw new Invalid(`There is no field “${unknown.slice(0, 40).toWellFormed()}” here.`, null)
}

/** A new probe of a kind as it usually is. */
export function usualValues(kind: ProbeKindName): Form {
  const { form, usualAssertion = '' } = kindOf(kind)
  return {
    kind,
    ...Object.fromEntries(Object.entries(form).map(([name, field]) => [name, field.usual ?? ''])),
    ...typed(shared, { ...readRhythm({ kind }), assertions: usualAssertion }),
  }
}

/** What follows from a failure of such a probe, as it usually does. */
export function consequencesOf(kind: ProbeKindName): Form {
  const { downStatus, policy, failuresNeeded } = readRhythm({ kind })
  return { downStatus, policy, failuresNeeded: String(failuresNeeded) }
}

export function valuesOf({ spec, expects, kind, ...probe }: Probe): Form {
  return {
    kind,
    componentId: probe.componentId,
    ...typed(shared, { ...expects, ...probe, assertions: printAssertions(expects.assertions) }),
    ...typed(kindOf(kind).asks, { ...spec, ...kindOf(kind).typed?.({ ...spec }) }),
  }
}

function typed(schemas: Schemas, values: Readonly<Record<string, unknown>>): Form {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, typedOf(values[name], schema)]))
}

/** How long a failure goes unnoticed with what the form says now; null while the form says nothing that works. */
export function noticing(form: Form, places: number): Noticing | null {
  try {
    const rhythm = readRhythm(answers(form, shared))
    return {
      slowest: exactDuration(slowestDetectionSeconds(rhythm)),
      average: exactDuration(averageDetectionSeconds(rhythm, places)),
      intermittent: exactDuration(intermittentDetectionSeconds(rhythm)),
    }
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}
